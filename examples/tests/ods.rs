//! Bodies are found in files, and in a store that they were imported into.

#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

use std::fs;
use std::process::{Command, Output};

use ravs_testserver::postgres::{Database, Server, Template};

const TRUSTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/trusts.csv");
const MADE_UP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/made-up.csv");

async fn database() -> Database {
    Server::shared().unwrap().database(&Template::empty()).await.unwrap()
}

fn ods(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ods")).args(arguments).output().unwrap()
}

#[track_caller]
fn told(arguments: &[&str]) -> String {
    let output = ods(arguments);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{said}");
    String::from_utf8(output.stdout).unwrap()
}

/// What it says when it will not.
#[track_caller]
fn refused(arguments: &[&str]) -> String {
    let output = ods(arguments);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    String::from_utf8(output.stderr).unwrap()
}

fn import<'a>(files: &[&'a str], store: &[&'a str]) -> Vec<&'a str> {
    [&["--from"][..], files, store, &["import"]].concat()
}

#[tokio::test]
async fn a_store_finds_what_the_files_find() {
    let database = database().await;
    let imported = told(&["--from", TRUSTS, MADE_UP, "--store", database.url(), "import"]);
    assert_eq!(imported, "{\"number\":1,\"bodies\":260}\n");
    for what in [
        &["search", "saint thomas & guys"][..],
        &["--closed", "--limit", "50", "search", "trust"],
        &["--on", "2025-09-02", "search", "MADEUP"],
        &["show", "rj1"],
    ] {
        let in_files = told(&[&["--from", TRUSTS, MADE_UP][..], what].concat());
        assert!(in_files.starts_with("{\"code\":"), "{in_files}");
        assert_eq!(told(&[&["--store", database.url()][..], what].concat()), in_files, "{what:?}");
    }
    assert_eq!(ods(&["--store", database.url(), "show", "NONE"]).status.code(), Some(1));
    database.drop().await.unwrap();
}

#[tokio::test]
async fn a_file_with_a_fault_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let faulty = folder.path().join("faulty.csv");
    fs::write(&faulty, "RRV,TOO,SHORT\n").unwrap();
    let faulty = faulty.to_str().unwrap();
    let database = database().await;
    let store = ["--store", database.url()];
    let all = [&store[..], &["--closed", "--limit", "1000", "search", "trust"]].concat();

    told(&import(&[MADE_UP], &store));
    let before = told(&all);
    // the rows of the first file are on their way when the fault is met
    let said = refused(&import(&[TRUSTS, faulty], &store));
    let expected = format!(
        "ods: the bodies could not be read: nothing was imported\n\
         `{faulty}`, line 1: 3 columns, and there should be 27\n"
    );
    assert_eq!(said, expected);
    assert_eq!(told(&all), before);
    assert_eq!(told(&import(&[TRUSTS], &store)), "{\"number\":2,\"bodies\":132}\n");
    assert_ne!(told(&all), before);
    database.drop().await.unwrap();
}

#[tokio::test]
async fn a_store_without_bodies_is_not_searched() {
    let database = database().await;
    let search = ["--store", database.url(), "search", "trust"];
    assert!(refused(&search).starts_with("ods: "), "there is no schema yet");
    let faulty = ["--from", "no such file", "--store", database.url(), "import"];
    assert!(refused(&faulty).contains("`no such file`: cannot be read"));
    let said = "ods: no bodies have been imported into this store; `import` some\n";
    assert_eq!(refused(&search), said);
    database.drop().await.unwrap();
}

#[test]
fn what_is_missing_is_named() {
    let cases: [(&[&str], &str); 6] = [
        (&["--from", TRUSTS, "import"], "import takes a store; name one with --store"),
        (&["--store", "postgres://here", "import"], "import takes files; name them with --from"),
        (&["--from", TRUSTS, "--store", "x", "search", "x"], "files or a store, not both"),
        (&["search", "x"], "no file and no store is named"),
        (&["--store", "secret", "show", "RRV"], "this is not the URL of a PostgreSQL database"),
        (&["--store=secret", "show", "RRV"], "`--store` is not understood"),
    ];
    for (arguments, said) in cases {
        let refused = refused(arguments);
        assert!(refused.contains(said) && !refused.contains("secret"), "{refused}");
    }
}
