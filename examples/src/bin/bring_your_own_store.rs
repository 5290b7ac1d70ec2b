//! A host's own store, put to the conformance suites: one line for each case.
//!
//! ```text
//! cargo run --bin bring_your_own_store
//! ```
//!
//! The store is [`Shelf`], in `examples/src/bring_your_own_store.rs`. A case that fails prints
//! the line of the promise that was broken; the program then ends with a failure.

use std::process::ExitCode;

use ravs_examples::bring_your_own_store::Shelf;
use ravs_testkit::conformance::{effect_queue, store};

#[tokio::main]
async fn main() -> ExitCode {
    let (mut passed, mut failed) = (0, 0);
    let mut note = |suite: &str, case: &str, kept: bool| {
        println!("{} {suite}::{case}", if kept { "passed" } else { "FAILED" });
        *(if kept { &mut passed } else { &mut failed }) += 1;
    };
    // a case panics where a promise is broken, so each has a task of its own and a fresh store
    for case in store::all() {
        let run = tokio::spawn(async { (case.run)(&Shelf::default()).await });
        note("store", case.name, run.await.is_ok());
    }
    for case in effect_queue::all() {
        let run = tokio::spawn(async {
            let shelf = Shelf::default();
            (case.run)(&shelf, &shelf).await;
        });
        note("effect_queue", case.name, run.await.is_ok());
    }
    println!("{passed} passed, {failed} failed");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
