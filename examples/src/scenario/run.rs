//! Tells a story to the library, step by step.

pub mod answer;
mod cast;
mod history;
mod line;
mod pretty;
mod region;
mod session;
mod support;
mod system;
mod trouble;
mod user;
mod world;

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use ravs_core::Ravs;
use ravs_core::port::Store;
use ravs_testkit::World;

pub use line::{Line, Outcome, Refused};
pub use pretty::Pretty;

use self::answer::Answer;
use self::cast::Cast;
use self::trouble::Trouble;
use super::actor::Actor;
use super::setup::Setup;
use super::step::Step;
use super::stores::StoryStore;

/// One story being told, in a world of its own.
pub struct Run {
    world: World,
    store: Arc<dyn Store>,
    ravs: Ravs,
    cast: Cast,
    now: DateTime<Utc>,
    steps: usize,
}

impl Run {
    /// Makes the world that a story begins in, around an empty store: no step is told yet.
    #[must_use]
    pub fn begin(store: &StoryStore, setup: &Setup) -> Self {
        let now = DateTime::UNIX_EPOCH;
        let (world, ravs) = world::begin(store, setup, now);
        let store = Arc::clone(&store.store);
        Self { world, store, ravs, cast: Cast::default(), now, steps: 0 }
    }

    /// Tells the next step, and says how it went and whether that was expected.
    pub async fn tell(&mut self, step: &Step) -> Line {
        self.steps += 1;
        self.now = step.at.unwrap_or(self.now);
        self.world.clock.set(self.now);
        let outcome = match &step.actor {
            Actor::Support => self.support(step).await,
            Actor::Region(lead) => self.region(lead, step).await,
            Actor::User(user) => self.user(user, step).await,
            Actor::Session(name) => self.session(name, step).await,
            Actor::System => self.system(step).await,
        };
        let line = Line::new(self.steps, self.now, step.command.word(), outcome.into());
        line.compared_with(step.expect.as_ref())
    }
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { now, steps, .. } = self;
        f.debug_struct("Run").field("now", now).field("steps", steps).finish_non_exhaustive()
    }
}

/// What a step comes to.
type Told = Result<Answer, Trouble>;

impl From<Told> for Outcome {
    fn from(told: Told) -> Self {
        match told {
            Ok(answer) => Self::Result(Box::new(answer)),
            Err(Trouble::Refused(refusal)) => Self::Refused(refusal.into()),
            Err(Trouble::Failed(why)) => Self::Error(why),
        }
    }
}
