//! The model test: random sequences of commands against the services on a store, and against a
//! naive model that is written from the rulebook alone.
//!
//! After every step the answers are compared (what was given, or every code of a refusal) and all
//! that can be seen: statuses, levels, waiting levels, members, grants, permissions, choices,
//! lists with filters and pages, records, who should have access, what is queued. An adapter runs
//! the same test on a store of its own:
//!
//! ```
//! use ravs_testkit::MemoryStore;
//! use ravs_testkit::model::{Check, check};
//!
//! let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
//! check(&runtime, &Check { cases: 1, ..Check::default() }, async || MemoryStore::new());
//! ```

mod answer;
pub mod command;
mod history;
mod post;
mod real;
mod rulebook;
mod run;
mod scene;
mod watch;

use std::cell::Cell;
use std::sync::Arc;

use async_trait::async_trait;
use proptest::test_runner::{
    Config, FailurePersistence, FileFailurePersistence, TestCaseError, TestError, TestRunner,
};
use ravs_core::port::{EffectQueue, Store};
use ravs_core::{ChangeSetId, Effect, EffectKey};
use tokio::runtime::Runtime;

use self::command::Sequence;
use self::run::{Sweeps, play, same_without_sweeps};
use crate::MemoryStore;
use crate::strategies::commands::{Faults, sequences};

pub use self::history::check_told;

/// A limit that is none.
const EVERYTHING: usize = usize::MAX >> 1;

/// A store with its queue, and what a test has to see of the queue.
#[async_trait]
pub trait StoreUnderTest: Send + Sync {
    /// The store.
    fn store(&self) -> Arc<dyn Store>;

    /// The effects that its commits queue.
    fn queue(&self) -> Arc<dyn EffectQueue>;

    /// Every effect that was ever queued, in order, also those that are done.
    async fn effects(&self) -> Vec<Effect>;

    /// The effects that are not done, claimed and parked ones too.
    async fn queued(&self) -> Vec<Effect>;

    /// The keys of the effects that are done.
    async fn done(&self) -> Vec<EffectKey>;

    /// Whether a change set is saved whose commit was dropped on the way. Where something of it may
    /// still be under way, this waits until it is not.
    async fn is_committed(&self, dropped: ChangeSetId) -> bool;
}

#[async_trait]
impl StoreUnderTest for MemoryStore {
    fn store(&self) -> Arc<dyn Store> {
        Arc::new(self.clone())
    }

    fn queue(&self) -> Arc<dyn EffectQueue> {
        Arc::new(self.clone())
    }

    async fn effects(&self) -> Vec<Effect> {
        MemoryStore::effects(self)
    }

    async fn queued(&self) -> Vec<Effect> {
        MemoryStore::queued(self)
    }

    async fn done(&self) -> Vec<EffectKey> {
        MemoryStore::done(self)
    }

    async fn is_committed(&self, dropped: ChangeSetId) -> bool {
        MemoryStore::is_committed(self, dropped)
    }
}

/// How to check.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// How many sequences.
    pub cases: u32,
    /// The file that keeps failing sequences, to be played again first.
    pub regressions: Option<&'static str>,
    /// Whether commits fail on the way.
    pub faults: Faults,
}

impl Default for Check {
    fn default() -> Self {
        Self { cases: 64, regressions: None, faults: Faults::None }
    }
}

/// What has come of the commits that were dropped on the way, before they were over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dropped {
    /// Those that have left everything.
    pub done: usize,
    /// Those that have left nothing.
    pub not_done: usize,
}

/// The number of cases that the environment asks for in `RAVS_MODEL_CASES`, or this one.
#[must_use]
pub fn cases(usually: u32) -> u32 {
    let asked = std::env::var("RAVS_MODEL_CASES");
    asked.ok().and_then(|cases| cases.parse().ok()).unwrap_or(usually)
}

/// Checks the services on stores made by `make` against the model.
///
/// A sequence in which the clock never runs backwards is played once more without any sweep, and
/// has to be answered alike (R-L6).
///
/// Gives what came of the commits that failed within and were dropped before they were over. On a
/// store that never waits there are none.
///
/// # Panics
/// With the shortest sequence found on which the two differ.
#[expect(clippy::panic, reason = "this is the body of a test")]
pub fn check<S, M>(runtime: &Runtime, how: &Check, make: M) -> Dropped
where
    S: StoreUnderTest,
    M: AsyncFn() -> S,
{
    let persistence = how
        .regressions
        .map(|path| Box::new(FileFailurePersistence::Direct(path)) as Box<dyn FailurePersistence>);
    let mut runner = TestRunner::new(Config {
        cases: how.cases,
        failure_persistence: persistence,
        max_shrink_iters: 3000,
        ..Config::default()
    });
    let all = Cell::new(Dropped::default());
    let outcome = runner.run(&sequences(how.faults), |sequence| {
        let checked = runtime.block_on(check_one(&sequence, how.faults, &make));
        let Dropped { done, not_done } = checked.map_err(TestCaseError::fail)?;
        let before = all.get();
        all.set(Dropped { done: before.done + done, not_done: before.not_done + not_done });
        Ok(())
    });
    match outcome {
        Ok(()) => all.get(),
        Err(TestError::Fail(why, sequence)) => panic!("{why}\n\nof {sequence}"),
        Err(TestError::Abort(why)) => panic!("aborted: {why}"),
    }
}

async fn check_one<S: StoreUnderTest>(
    sequence: &Sequence,
    faults: Faults,
    make: &impl AsyncFn() -> S,
) -> Result<Dropped, String> {
    let (with, dropped) = play(make().await, sequence, Sweeps::AsTheyCome).await?;
    if sequence.skewed || faults == Faults::Injected {
        return Ok(dropped);
    }
    let without = play(make().await, sequence, Sweeps::Never).await;
    let (without, _) = without.map_err(|finding| format!("without sweeps: {finding}"))?;
    same_without_sweeps(&with, &without)?;
    Ok(dropped)
}
