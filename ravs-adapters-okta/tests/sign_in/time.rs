//! A time that passes when a test says so.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use ravs_adapters_okta::Pace;

/// A time that passes when a test says so, or when somebody waits. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Time(Arc<Mutex<Duration>>);

/// When it begins, in seconds since 1970 (UTC).
const START: u64 = 1_800_000_000;

impl Time {
    pub(crate) fn pass(&self, time: Duration) {
        *self.0.lock().unwrap() += time;
    }

    /// Now, in seconds since 1970 (UTC).
    pub(crate) fn seconds(&self) -> u64 {
        START + self.elapsed().as_secs()
    }
}

#[async_trait]
impl Pace for Time {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(START) + self.elapsed()
    }

    fn elapsed(&self) -> Duration {
        *self.0.lock().unwrap()
    }

    async fn sleep(&self, time: Duration) {
        self.pass(time);
        tokio::task::yield_now().await;
    }

    fn jitter(&self, _: Duration) -> Duration {
        Duration::ZERO
    }
}
