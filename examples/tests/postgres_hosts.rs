//! The hosts on PostgreSQL run, twice, and say what they did.

#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

use std::process::Command;

use ravs_testserver::postgres::{Database, Server, Template};

async fn database() -> Database {
    Server::shared().unwrap().database(&Template::empty()).await.unwrap()
}

#[track_caller]
fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

#[tokio::test]
async fn a_host_delivers_what_it_queued_and_goes_on_from_what_is_stored() {
    let database = database().await;
    let arguments = ["--once", "--url", database.url()];
    let first = run(env!("CARGO_BIN_EXE_postgres_host"), &arguments);
    assert!(first.contains("Onboarded UNIVERSITY COLLEGE LONDON"), "{first}");
    assert!(first.ends_with("3 emails sent. Goodbye.\n"), "{first}");
    let second = run(env!("CARGO_BIN_EXE_postgres_host"), &arguments);
    assert!(second.contains("It is onboarded already."), "{second}");
    assert!(second.ends_with("0 emails sent. Goodbye.\n"), "{second}");
}

#[tokio::test]
async fn a_transaction_is_shared() {
    let database = database().await;
    let said = run(env!("CARGO_BIN_EXE_share_a_transaction"), &["--url", database.url()]);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[1], "  The organisation is Active; letters: 0.");
    assert_eq!(lines[3], "  The organisation is Deactivated; letters: 1.");
}
