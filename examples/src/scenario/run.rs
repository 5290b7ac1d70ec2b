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

use chrono::{DateTime, Utc};
use ravs_core::Ravs;
use ravs_testkit::World;

pub use line::{Line, Outcome, Refused};
pub use pretty::Pretty;
pub use world::{StoreKind, UnknownStore};

use self::answer::Answer;
use self::cast::Cast;
use self::trouble::Trouble;
use super::actor::Actor;
use super::setup::Setup;
use super::step::Step;

/// One story being told, in a world of its own.
#[derive(Debug)]
pub struct Run {
    world: World,
    ravs: Ravs,
    cast: Cast,
    now: DateTime<Utc>,
    steps: usize,
}

impl Run {
    /// Makes the world that a story begins in: nothing is stored, and no step is told yet.
    #[must_use]
    pub fn begin(store: StoreKind, setup: &Setup) -> Self {
        let now = DateTime::UNIX_EPOCH;
        let (world, ravs) = world::begin(store, setup, now);
        Self { world, ravs, cast: Cast::default(), now, steps: 0 }
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
