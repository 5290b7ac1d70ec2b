//! The services on the memory store against the model (see `ravs_testkit::model`).
//!
//! `RAVS_MODEL_CASES` says how many sequences; a failing one is kept in `proptest-regressions`
//! and played first from then on.

use ravs_testkit::MemoryStore;
use ravs_testkit::model::{Check, Dropped, cases, check};
use ravs_testkit::strategies::commands::Faults;
use tokio::runtime::Builder;

// R-L3, R-L5, R-L6, R-V3, R-O4, R-R2, R-U9, R-U7, R-H1, R-N4, and every answer of every command.
#[test]
fn the_services_do_what_the_rulebook_says() {
    let regressions = concat!(env!("CARGO_MANIFEST_DIR"), "/proptest-regressions/model.txt");
    let how = Check { cases: cases(240), regressions: Some(regressions), faults: Faults::None };
    let runtime = Builder::new_current_thread().build().unwrap();
    let dropped = check(&runtime, &how, async || MemoryStore::new());
    assert_eq!(dropped, Dropped::default(), "a commit in memory never waits");
}

// R-N4: a commit happens or it does not, and nothing is lost where its outcome is unclear.
#[test]
fn a_commit_that_fails_is_done_or_not_done() {
    let regressions = concat!(env!("CARGO_MANIFEST_DIR"), "/proptest-regressions/faults.txt");
    let how = Check { cases: cases(140), regressions: Some(regressions), faults: Faults::Injected };
    let runtime = Builder::new_current_thread().build().unwrap();
    let dropped = check(&runtime, &how, async || MemoryStore::new());
    assert_eq!(dropped, Dropped::default(), "a commit in memory never waits");
}
