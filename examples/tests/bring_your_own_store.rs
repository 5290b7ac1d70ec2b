//! The host's own store of the example keeps what every store keeps.

use std::process::Command;

use ravs_examples::bring_your_own_store::Shelf;
use ravs_testkit::conformance;

mod store {
    ravs_testkit::store_conformance! { super::Shelf::default() }
}

mod effect_queue {
    ravs_testkit::effect_queue_conformance! {
        super::Shelf::default() => |shelf| (&shelf, &shelf)
    }
}

#[test]
fn the_program_says_so_case_by_case() {
    let run = Command::new(env!("CARGO_BIN_EXE_bring_your_own_store")).output().unwrap();
    let said = String::from_utf8(run.stdout).unwrap();
    let cases = conformance::store::all().len() + conformance::effect_queue::all().len();
    let mut lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.pop(), Some(format!("{cases} passed, 0 failed").as_str()));
    assert_eq!(lines.len(), cases);
    assert!(lines.iter().all(|line| line.starts_with("passed ")), "{said}");
    assert!(run.status.success());
}
