//! How fast requests may follow each other.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The time from one request to the next. Fewer than five a second are allowed; this is four, in
/// any second whatever.
const STEP: Duration = Duration::from_millis(250);

/// When the next request may go, for all tasks together.
#[derive(Debug, Default)]
pub(super) struct Pace(Mutex<Duration>);

impl Pace {
    /// Takes the next turn, and says how long it is until then. A turn that would come later than
    /// `most` is not taken, and the error is how long it would be.
    pub(super) fn turn(&self, now: Duration, most: Duration) -> Result<Duration, Duration> {
        let mut next = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = now.max(*next);
        let wait = turn.saturating_sub(now);
        if wait > most {
            return Err(wait);
        }
        *next = turn.saturating_add(STEP);
        Ok(wait)
    }

    /// Lets nobody go before that time, who has not taken a turn yet.
    pub(super) fn hold(&self, until: Duration) {
        let mut next = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *next = until.max(*next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(time: u64) -> Duration {
        Duration::from_millis(time)
    }

    #[test]
    fn turns_are_a_quarter_of_a_second_apart() {
        let pace = Pace::default();
        let turns = [0, 0, 100, 5_000].map(|now| pace.turn(ms(now), ms(10_000)));
        assert_eq!(turns, [Ok(ms(0)), Ok(ms(250)), Ok(ms(400)), Ok(ms(0))]);
    }

    #[test]
    fn a_turn_too_late_is_left_to_others() {
        let pace = Pace::default();
        pace.hold(ms(2_000));
        assert_eq!(pace.turn(ms(500), ms(1_000)), Err(ms(1_500)));
        assert_eq!(pace.turn(ms(500), ms(1_500)), Ok(ms(1_500)));
        pace.hold(ms(100));
        assert_eq!(pace.turn(ms(2_000), ms(1_500)), Ok(ms(250)));
    }
}
