//! The services on PostgreSQL against the model (see `ravs_testkit::model`), also with commits
//! that fail before, within and after.
//!
//! `RAVS_MODEL_CASES` says how many sequences.

use crate::support::Fresh;
use crate::watched::Watched;
use ravs_testkit::model::{Check, cases, check};
use ravs_testkit::strategies::commands::Faults;
use tokio::runtime::Builder;

// R-L3, R-L5, R-L6, R-V3, R-O4, R-R2, R-U9, R-U7, R-H1, R-N4, and every answer of every command.
#[test]
fn the_services_do_what_the_rulebook_says() {
    let regressions = concat!(env!("CARGO_MANIFEST_DIR"), "/proptest-regressions/model.txt");
    let how = Check { cases: cases(20), regressions: Some(regressions), faults: Faults::None };
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    check(&runtime, &how, async || Watched::of(Fresh::new().await));
}

// R-N4: a commit happens or it does not, and nothing is lost where its outcome is unclear.
#[test]
fn a_commit_that_fails_is_done_or_not_done() {
    let regressions = concat!(env!("CARGO_MANIFEST_DIR"), "/proptest-regressions/faults.txt");
    let how = Check { cases: cases(20), regressions: Some(regressions), faults: Faults::Injected };
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    check(&runtime, &how, async || Watched::of(Fresh::new().await));
}
