//! The services on the memory store against the model (see `ravs_testkit::model`).
//!
//! `RAVS_MODEL_CASES` says how many sequences; a failing one is kept in `proptest-regressions`.

use ravs_testkit::MemoryStore;
use ravs_testkit::model::{Check, cases, check};
use ravs_testkit::strategies::commands::Faults;
use tokio::runtime::{Builder, Runtime};

fn runtime() -> Runtime {
    Builder::new_current_thread().build().unwrap()
}

// R-L5, R-L6, R-L3, R-V3, R-O4, R-R2, R-U9, R-U7, R-H1, R-N4, and every answer of every command.
#[test]
fn the_services_do_what_the_rulebook_says() {
    let regressions = concat!(env!("CARGO_MANIFEST_DIR"), "/proptest-regressions/model.txt");
    let how = Check { cases: cases(160), regressions: Some(regressions), faults: Faults::None };
    check(&runtime(), &how, async || MemoryStore::new());
}

// R-N4: a commit happens or it does not, and nothing is lost where its outcome is unclear.
#[test]
fn a_commit_that_fails_is_done_or_not_done() {
    let regressions = concat!(env!("CARGO_MANIFEST_DIR"), "/proptest-regressions/faults.txt");
    let how = Check { cases: cases(100), regressions: Some(regressions), faults: Faults::Injected };
    check(&runtime(), &how, async || MemoryStore::new());
}
