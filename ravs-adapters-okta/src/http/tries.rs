//! Whether to try again, and after how long.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::HeaderValue;

use super::trouble::Trouble;
use super::{Class, rate_limit};
use crate::pace::Pace;

/// How often a call is repeated.
const REPEATS: u8 = 3;

/// How long to wait before the first repeat; twice as long before each next one.
const FIRST_WAIT: Duration = Duration::from_millis(250);

/// The tries of one call so far.
#[derive(Debug)]
pub(super) struct Tries {
    class: Class,
    repeats: u8,
    limited: Option<HeaderValue>,
}

impl Tries {
    pub(super) fn new(class: Class) -> Self {
        Self { class, repeats: 0, limited: None }
    }

    /// How long to wait before the call is repeated, if it may be and there is time for it.
    pub(super) fn wait(
        &mut self,
        trouble: &Trouble,
        pace: &dyn Pace,
        left: Duration,
    ) -> Option<Duration> {
        if self.class == Class::Once {
            return None;
        }
        let wait = match trouble {
            Trouble::NoTimeLeft | Trouble::TooLong(_) => return None,
            Trouble::Unsent(_) => self.back_off(pace),
            Trouble::Late(_) | Trouble::Lost(_) if self.class.is_repeatable() => {
                self.back_off(pace)
            }
            Trouble::Late(_) | Trouble::Lost(_) => return None,
            Trouble::Refused(answer) if answer.status() == StatusCode::TOO_MANY_REQUESTS => {
                let id = answer.request_id().and_then(|id| HeaderValue::from_str(id).ok());
                self.limited = self.limited.take().or(id);
                rate_limit::wait(answer).unwrap_or_else(|| self.back_off(pace))
            }
            Trouble::Refused(answer) if is_transient(answer.status()) => {
                if !self.class.is_repeatable() {
                    return None;
                }
                self.back_off(pace)
            }
            Trouble::Refused(_) => return None,
        };
        if self.repeats >= REPEATS || wait >= left {
            return None;
        }
        self.repeats += 1;
        Some(wait)
    }

    /// Half of it for sure, the other half by chance, so that many do not come back at once.
    fn back_off(&self, pace: &dyn Pace) -> Duration {
        let half = FIRST_WAIT.saturating_mul(1 << self.repeats.min(REPEATS)) / 2;
        half + pace.jitter(half)
    }

    /// Which request was limited first and how often it has been repeated, for Okta's support.
    pub(super) fn retry_for(&self) -> Option<(HeaderValue, u16)> {
        self.limited.clone().map(|id| (id, u16::from(self.repeats)))
    }
}

/// Whether a status may be another one in a moment.
fn is_transient(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 500 | 502 | 503 | 504)
}
