//! Running cases that are expected to fail.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::panic;
use std::sync::{Mutex, Once};
use std::thread;

use tokio::runtime::{Builder, Runtime};

/// Runs cases, each on a task of its own, and notes which panic.
pub(crate) struct Suspects(Runtime);

impl Suspects {
    pub(crate) fn new() -> Self {
        expect_panics();
        let mut builder = Builder::new_multi_thread();
        Self(builder.worker_threads(2).thread_name("suspect").build().unwrap())
    }

    /// The names of the cases that panic.
    pub(crate) fn failing<F: Future<Output = ()> + Send + 'static>(
        &self,
        cases: impl Iterator<Item = (&'static str, F)>,
    ) -> BTreeSet<&'static str> {
        let run = |(name, case)| {
            let outcome = self.0.block_on(self.0.spawn(case));
            outcome.is_err_and(|error| error.is_panic()).then_some(name)
        };
        cases.filter_map(run).collect()
    }
}

/// The files in which suspects have panicked.
static LINES: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// A panic of a suspect is what is looked for, and nothing to print.
fn expect_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let print = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            let thread = thread::current();
            let name = thread.name().unwrap_or_default();
            if name != "suspect" && !name.starts_with("rival-") {
                print(panic);
            } else if let Some(line) = panic.location() {
                LINES.lock().unwrap().insert(line.file().to_owned());
            }
        }));
    });
}

/// How often a fault is looked for: one that shows only in a race may be lucky.
const TRIES: usize = 5;

/// Each fault makes the case fail that it is listed with, every case fails for some fault, and
/// without a fault none does.
pub(crate) fn assert_caught<T: Copy + Debug>(
    all: &BTreeSet<&'static str>,
    faults: &[(T, &'static str)],
    failing: impl Fn(Option<T>) -> BTreeSet<&'static str>,
) {
    assert_eq!(failing(None), BTreeSet::new(), "these fail without a fault");
    let mut caught = BTreeSet::new();
    let mut missed = Vec::new();
    for (fault, by) in faults {
        assert!(all.contains(by), "no case is called `{by}`");
        let mut failed = BTreeSet::new();
        for _ in 0..TRIES {
            failed.extend(failing(Some(*fault)));
            if failed.contains(by) {
                break;
            }
        }
        if !failed.contains(by) {
            missed.push(format!("{fault:?} by `{by}`, but by {failed:?}"));
        }
        caught.extend(failed);
    }
    assert!(missed.is_empty(), "not caught: {missed:#?}");
    let never: Vec<_> = all.difference(&caught).collect();
    assert!(never.is_empty(), "these cases catch nothing: {never:#?}");
    let lines = LINES.lock().unwrap();
    let plumbing = ["promise.rs", "race.rs", "seed.rs"];
    let astray: Vec<_> =
        lines.iter().filter(|file| plumbing.iter().any(|end| file.ends_with(end))).collect();
    assert!(astray.is_empty(), "a failure points here and not at a promise: {astray:?}");
}
