//! Doing things at the same moment.

use std::panic::resume_unwind;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use tokio::runtime::Handle;
use tokio::task::block_in_place;

/// How many race.
pub(crate) const RIVALS: usize = 8;

/// Runs `act` on that many threads, which begin at the same moment, and gives what came of each.
///
/// Needs a runtime of several threads, which the suites' macros give.
pub(crate) fn together<T, F>(count: usize, act: impl Fn(usize) -> F + Sync) -> Vec<T>
where
    T: Send,
    F: Future<Output = T>,
{
    let (runtime, start) = (Handle::current(), Barrier::new(count));
    let (runtime, start, act) = (&runtime, &start, &act);
    let run = move |rival| {
        start.wait();
        runtime.block_on(act(rival))
    };
    block_in_place(|| {
        thread::scope(|scope| {
            let named = |rival| thread::Builder::new().name(format!("rival-{rival}"));
            let spawn = |rival| named(rival).spawn_scoped(scope, move || run(rival));
            let threads: Vec<_> = (0..count).map(spawn).collect();
            let joined = threads.into_iter().map(|thread| match thread {
                Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
                Err(error) => panic!("no thread to race on: {error}"),
            });
            joined.collect()
        })
    })
}

/// How many are still at it, for those who go on until all of them are through.
pub(crate) struct Busy(AtomicUsize);

impl Busy {
    /// So many will be at it.
    pub(crate) fn new(count: usize) -> Self {
        Self(AtomicUsize::new(count))
    }

    /// Whether anybody still is.
    pub(crate) fn is_anybody(&self) -> bool {
        self.0.load(Ordering::SeqCst) > 0
    }

    /// One of them, until what this gives is dropped: by a panic too, so that nobody waits for
    /// ever.
    pub(crate) fn one(&self) -> One<'_> {
        One(&self.0)
    }
}

/// One who is at it.
pub(crate) struct One<'a>(&'a AtomicUsize);

impl Drop for One<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
