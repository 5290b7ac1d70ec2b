//! A time that passes only when somebody waits, and chance that is always the same.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use ravs_adapters_okta::Pace;

/// A time that passes only when somebody waits. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct FakeTime(Arc<Mutex<Passed>>);

#[derive(Default)]
struct Passed {
    elapsed: Duration,
    ahead: Duration,
    waits: Vec<Duration>,
}

impl FakeTime {
    /// What was waited, one after the other.
    pub(crate) fn waits(&self) -> Vec<Duration> {
        self.0.lock().unwrap().waits.clone()
    }

    /// Time passes without anybody waiting.
    pub(crate) fn pass(&self, time: Duration) {
        self.0.lock().unwrap().elapsed += time;
    }

    /// The clock on the wall is wrong by that much.
    pub(crate) fn run_ahead(&self, time: Duration) {
        self.0.lock().unwrap().ahead = time;
    }
}

#[async_trait]
impl Pace for FakeTime {
    fn now(&self) -> SystemTime {
        let passed = self.0.lock().unwrap();
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000) + passed.elapsed + passed.ahead
    }

    fn elapsed(&self) -> Duration {
        self.0.lock().unwrap().elapsed
    }

    async fn sleep(&self, time: Duration) {
        {
            let mut passed = self.0.lock().unwrap();
            passed.waits.push(time);
            passed.elapsed += time;
        }
        // Others go on meanwhile, as they would.
        tokio::task::yield_now().await;
    }

    fn jitter(&self, _: Duration) -> Duration {
        Duration::ZERO
    }
}
