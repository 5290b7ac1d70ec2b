//! The binary `scenario`: what it prints, and its exit codes.

#![expect(clippy::unwrap_used, reason = "what cannot be set up is a failed test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const SWEEP: &str = r#"{"at":"2025-09-02T09:00:00Z","actor":"system","do":"sweep"}"#;

fn scenario(arguments: &[&str]) -> Output {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_scenario"));
    command.current_dir(folder).args(arguments).output().unwrap()
}

/// A file of these lines, under a name that no other test has.
fn story(name: &str, lines: &[&str]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, lines.join("\n")).unwrap();
    path
}

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

fn out(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn err(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

#[test]
fn the_first_entry_is_told_byte_for_byte() {
    let told = scenario(&["--store", "memory", "scenarios/03-first-entry.jsonl"]);
    // Made by this very command, and read.
    let golden = include_str!("golden/03-first-entry.jsonl");
    for (told, golden) in out(&told).lines().zip(golden.lines()) {
        assert_eq!(told, golden);
    }
    assert_eq!(out(&told), golden);
    assert_eq!((code(&told), err(&told)), (Some(0), "21 passed, 0 failed\n"));
}

#[test]
fn every_file_is_a_world_of_its_own() {
    let file = "scenarios/03-first-entry.jsonl";
    let (once, twice) = (scenario(&[file]), scenario(&["--keep", file, file]));
    assert_eq!(out(&twice), out(&once).repeat(2));
    assert_eq!(err(&twice), "42 passed, 0 failed\n");
}

#[test]
fn what_is_not_as_expected_is_told_and_the_story_goes_on() {
    let wrong =
        r#"{"actor":"system","do":"emails","expect":{"result":{"emails":[{"to":"a@nhs.net"}]}}}"#;
    let file = story("unmet.jsonl", &["# One of three.", SWEEP, wrong, SWEEP]);
    let told = scenario(&[file.to_str().unwrap()]);
    assert_eq!((code(&told), err(&told)), (Some(1), "2 passed, 1 failed\n"));
    assert_eq!(
        out(&told),
        concat!(
            r#"{"step":1,"at":"2025-09-02T09:00:00Z","do":"sweep","result":{"closed":[]}}"#,
            "\n",
            r#"{"step":2,"at":"2025-09-02T09:00:00Z","do":"emails","result":{"emails":[]},"#,
            r#""unmet":["result.emails: expected 1 item, got 0 items"]}"#,
            "\n",
            r#"{"step":3,"at":"2025-09-02T09:00:00Z","do":"sweep","result":{"closed":[]}}"#,
            "\n",
        )
    );
}

/// A lead who was refused, and everything that should have come of what they did.
const REFUSED: [&str; 8] = [
    r#"{"setup":{"rvoc_mailboxes":{"Y56":"rvoc@nhs.net"}}}"#,
    r#"{"at":"2025-09-02T09:00:00Z","actor":"support","do":"add_regional_lead","region":"Y56","requested_from":"rvoc@nhs.net","first_name":"Priya","last_name":"Nair","email":"priya@nhs.net","expect":{"result":{"region":"Y56"}}}"#,
    r#"{"actor":"region:priya@nhs.net","do":"onboard","ods_code":"RRV","vaccines":["Flu"],"nominees":[],"as":"uclh","expect":{"refused":["body_not_found","too_few_nominees"]}}"#,
    r#"{"actor":"region:priya@nhs.net","do":"show","organisation":"uclh","expect":{"refused":"not_in_your_region"}}"#,
    r#"{"actor":"user:priya@nhs.net","do":"enter","organisation":"uclh","as":"priya","expect":{"refused":"not_a_member"}}"#,
    r#"{"actor":"session:priya","do":"users"}"#,
    r#"{"actor":"region:priya@nhs.net","do":"list","after":"uclh"}"#,
    r#"{"actor":"region:priya@nhs.net","do":"list","invited_by":"nobody","expect":{"refused":["email_invalid"]}}"#,
];

#[test]
fn a_name_that_was_refused_belongs_to_nothing() {
    let file = story("refused.jsonl", &REFUSED);
    let told = scenario(&[file.to_str().unwrap()]);
    assert_eq!((code(&told), err(&told)), (Some(1), "5 passed, 2 failed\n"));
    let failed: Vec<&str> = out(&told).lines().filter(|line| line.contains("error")).collect();
    assert_eq!(
        failed,
        [
            r#"{"step":5,"at":"2025-09-02T09:00:00Z","do":"users","error":"there is no session `priya`: the step that names it failed"}"#,
            r#"{"step":6,"at":"2025-09-02T09:00:00Z","do":"list","error":"`after` is no organisation that was shown"}"#,
        ]
    );
}

#[test]
fn people_get_a_line_a_step_among_the_comments() {
    let told = scenario(&["--pretty", "scenarios/03-first-entry.jsonl"]);
    assert_eq!((code(&told), err(&told)), (Some(0), "21 passed, 0 failed\n"));
    assert!(out(&told).starts_with("scenarios/03-first-entry.jsonl\n\n  "));
    assert!(!out(&told).contains('\u{1b}'), "coloured");
    let steps = out(&told).lines().filter(|line| line.contains(" -> "));
    assert_eq!(steps.count(), 21);
}

#[test]
fn nothing_is_run_where_one_file_is_malformed() {
    let bad = story("malformed.jsonl", &["# Two faults.", SWEEP, r#"{"do":"sweep","of":1}"#]);
    let bad = bad.to_str().unwrap();
    let told = scenario(&["scenarios/03-first-entry.jsonl", bad, "no/such/story.jsonl"]);
    assert_eq!((code(&told), out(&told)), (Some(2), ""));
    let lines: Vec<&str> = err(&told).lines().collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert_eq!(lines[0], format!("{bad}:3: field `actor`: is missing"));
    assert_eq!(lines[1], format!("{bad}:3: field `of`: is not known here"));
    assert!(lines[2].starts_with("no/such/story.jsonl: cannot be read: "));
}

#[test]
fn a_world_that_cannot_be_made_is_malformed() {
    let setup = r#"{"setup":{"allowed_domains":{"exact":["nhs"]},"rvoc_mailboxes":{"Y56":"x"}}}"#;
    let actor = r#"{"at":"2025-09-02T09:00:00Z","actor":"user:nobody","do":"sign_in"}"#;
    let file = story("world.jsonl", &[setup, actor]);
    let told = scenario(&[file.to_str().unwrap()]);
    assert_eq!((code(&told), out(&told)), (Some(2), ""));
    let fields = ["`setup.allowed_domains.exact[0]`", "`setup.rvoc_mailboxes.Y56`", "`actor`"];
    for (line, field) in err(&told).lines().zip(fields) {
        assert!(line.contains(field), "{line}");
    }
    assert_eq!(err(&told).lines().count(), 3);
}

#[test]
fn what_is_asked_for_wrongly_is_told_in_one_line() {
    let file = "scenarios/03-first-entry.jsonl";
    let table: [(&[&str], &str); 8] = [
        (&[], "usage: scenario "),
        (&["--pretty"], "usage: scenario "),
        (&["--loud", file], "--loud: no such option; usage: "),
        (&[file, "--store"], "--store: the store is missing"),
        (&["--store", "mysql://ada:secret@localhost/ravs", file], "--store: a store is `memory`"),
        (&["--store=sqlite:", file], "--store: a store is `memory`"),
        (&["--store", "postgres://localhost:x/ravs", file], "this is not the URL of a PostgreSQL"),
        (&["--store", "sqlite:no/such/folder/story.db", file], "`no/such/folder/story.db`"),
    ];
    for (arguments, says) in table {
        let told = scenario(arguments);
        assert_eq!((code(&told), out(&told)), (Some(2), ""), "{arguments:?}");
        assert!(err(&told).starts_with(says), "{arguments:?}: {}", err(&told));
        assert_eq!(err(&told).lines().count(), 1, "{arguments:?}");
    }
}
