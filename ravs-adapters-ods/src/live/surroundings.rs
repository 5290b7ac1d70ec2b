//! Time and chance, which a test has in hand.

use std::collections::hash_map::RandomState;
use std::fmt::Debug;
use std::hash::{BuildHasher as _, Hasher as _};
use std::time::{Duration, Instant, SystemTime};

use async_trait::async_trait;

/// Time and chance.
#[async_trait]
pub trait Surroundings: Debug + Send + Sync {
    /// How much time has passed since some moment. It never goes backwards.
    fn elapsed(&self) -> Duration;

    /// What the clock on the wall says, to understand another's.
    fn wall_clock(&self) -> SystemTime;

    /// Waits so long.
    async fn wait(&self, time: Duration);

    /// A number between 0 and 255, another each time: what keeps many from asking again at the
    /// same moment.
    fn chance(&self) -> u8;
}

/// The time and chance of the machine. It waits by the timer of `tokio`.
#[derive(Debug)]
pub struct TheWorld(Instant);

impl Default for TheWorld {
    fn default() -> Self {
        Self(Instant::now())
    }
}

#[async_trait]
impl Surroundings for TheWorld {
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn wall_clock(&self) -> SystemTime {
        SystemTime::now()
    }

    async fn wait(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }

    fn chance(&self) -> u8 {
        RandomState::new().build_hasher().finish().to_le_bytes()[0]
    }
}
