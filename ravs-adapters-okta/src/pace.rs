//! Time and chance, as this crate asks for them.

use std::time::{Duration, Instant, SystemTime};

use async_trait::async_trait;
use aws_lc_rs::rand;

/// Time and chance. A test brings its own, and then nothing waits.
#[async_trait]
pub trait Pace: Send + Sync {
    /// The time now, for what is signed and for what is checked.
    fn now(&self) -> SystemTime;

    /// How long it has been since some moment that stays the same; never goes backwards.
    fn elapsed(&self) -> Duration;

    /// Returns after this time.
    async fn sleep(&self, time: Duration);

    /// By chance, some time from zero to `at_most`.
    fn jitter(&self, at_most: Duration) -> Duration;
}

/// The machine's own clocks and its source of randomness. Sleeps on tokio.
#[derive(Clone, Copy, Debug)]
pub struct SystemPace {
    start: Instant,
}

impl SystemPace {
    /// Clocks that start now.
    #[must_use]
    pub fn new() -> Self {
        Self { start: Instant::now() }
    }
}

impl Default for SystemPace {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Pace for SystemPace {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    async fn sleep(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }

    fn jitter(&self, at_most: Duration) -> Duration {
        let mut bytes = [0; 4];
        // Without randomness all wait for longest, which is slow and not wrong.
        let share = match rand::fill(&mut bytes) {
            Ok(()) => f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX),
            Err(_) => 1.0,
        };
        at_most.mul_f64(share)
    }
}

/// When a command has to be over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline(Duration);

impl Deadline {
    /// That long from now.
    pub(crate) fn after(pace: &dyn Pace, time: Duration) -> Self {
        Self(pace.elapsed().saturating_add(time))
    }

    /// How long there is left.
    pub(crate) fn left(self, pace: &dyn Pace) -> Duration {
        self.0.saturating_sub(pace.elapsed())
    }

    /// For what can be done without: a quarter of the time that is left, so that enough stays
    /// for what it was meant for.
    pub(crate) fn quarter(self, pace: &dyn Pace) -> Self {
        Self::after(pace, self.left(pace) / 4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jitter_stays_in_its_bounds_and_is_no_constant() {
        let (pace, most) = (SystemPace::new(), Duration::from_secs(8));
        let some: Vec<_> = (0..64).map(|_| pace.jitter(most)).collect();
        assert!(some.iter().all(|time| *time <= most));
        assert!(some.iter().any(|time| *time != some[0]));
        assert_eq!(pace.jitter(Duration::ZERO), Duration::ZERO);
    }
}
