//! The decision table as the example prints it is the one that is written out (R-P1 to R-P5).

#![expect(clippy::unwrap_used, reason = "an example that cannot be run is a failed test")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_who_may_do_what")).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn written_out() -> String {
    let file = "../ravs-core/tests/permission_matrix.csv";
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

#[test]
fn the_csv_is_the_written_table() {
    let printed = run(&["--csv"]);
    assert!(printed.status.success());
    let (printed, expected) = (text(&printed.stdout), written_out());
    for (number, (printed, expected)) in (1..).zip(printed.lines().zip(expected.lines())) {
        assert_eq!(printed, expected, "line {number}");
    }
    assert_eq!(printed.lines().count(), 1 + 216);
    assert_eq!(printed, expected);
}

#[test]
fn the_table_to_read_says_the_same() {
    let printed = run(&[]);
    assert!(printed.status.success());
    let lines = text(&printed.stdout).lines().skip(1).filter(|line| !line.is_empty());
    let allowed: Vec<bool> = lines.map(|line| line.ends_with(" yes")).collect();
    let table = written_out();
    let expected = table.lines().skip(1).map(|line| line.contains(",true,"));
    assert_eq!(allowed, expected.collect::<Vec<_>>());
}

#[test]
fn an_argument_it_does_not_know_is_named_in_one_line() {
    for arguments in [&["--json"][..], &["--csv", "--json"], &["--json", "--csv"]] {
        let printed = run(arguments);
        assert_eq!(printed.status.code(), Some(2), "{arguments:?}");
        assert!(printed.stdout.is_empty());
        let complaint = text(&printed.stderr);
        assert!(complaint.contains("`--json`"), "{complaint}");
        assert_eq!(complaint.lines().count(), 1);
    }
}
