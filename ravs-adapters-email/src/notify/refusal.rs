//! What an answer of Notify means to a caller.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use ravs_core::port::PortError;

/// Notify refused: its status, and the name of its error. What it says in words is left out, since
/// that can hold an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotifyRefusal {
    status: u16,
    error: Option<String>,
}

/// Notify did not answer, or nothing that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotifySilence {
    /// No connection was made.
    #[error("no connection was made")]
    NoConnection,
    /// It took too long.
    #[error("it took too long")]
    Late,
    /// The connection broke off.
    #[error("the connection broke off")]
    BrokenOff,
    /// The answer is longer than any that is expected.
    #[error("the answer is too long")]
    TooLong,
    /// The answer is not of the form that is expected.
    #[error("the answer is not of the form that is expected")]
    NotRead,
}

/// How long to wait where more was asked for within a minute than Notify takes.
const A_MINUTE: Duration = Duration::from_secs(60);
/// How far a clock may be off.
const MOST_SKEW: TimeDelta = TimeDelta::seconds(30);

impl NotifyRefusal {
    pub(super) fn new(status: u16, error: Option<String>) -> Self {
        Self { status, error }
    }

    /// The status of the answer.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The name of the error: `BadRequestError`.
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }

    /// What a caller may do about it, by status and name alone. Beside the time here there is that
    /// of Notify, where it has told.
    pub(super) fn into_port_error(
        self,
        now: DateTime<Utc>,
        theirs: Option<DateTime<Utc>>,
    ) -> PortError {
        let error = match (self.status, self.error()) {
            (429, Some("TooManyRequestsError")) => PortError::throttled(
                Some(until_midnight(now)),
                "Notify takes no more emails of this service until midnight UTC",
            ),
            (429, _) => PortError::throttled(
                Some(A_MINUTE),
                "Notify takes no more requests of this API key for a minute",
            ),
            (401 | 403, _) => refused_key(now, theirs),
            (400, Some("BadRequestError")) => PortError::rejected(
                "Notify refuses this email: see that the template has the fields of this kind of \
                 email and no others, and that neither the service is in trial mode nor the API \
                 key one for the team and guest list",
            ),
            (400, Some("ValidationError")) => PortError::rejected(
                "Notify takes no such request: see the address and the template's id",
            ),
            (404, _) => PortError::rejected(
                "Notify knows no such thing: see the ids of templates and of the reply address, \
                 and the base URL",
            ),
            (300..400, _) => {
                PortError::rejected("Notify is elsewhere, it says, and is not followed there")
            }
            (408 | 500.., _) => PortError::unavailable(
                "Notify is not well; before the email goes again, it is asked whether it went",
            ),
            _ => PortError::rejected("Notify refuses this"),
        };
        error.caused_by(self)
    }
}

/// An API key is refused as a key, or since a token of it is too old or too new. Either can be put
/// right, and the emails wait for it.
fn refused_key(now: DateTime<Utc>, theirs: Option<DateTime<Utc>>) -> PortError {
    let skew = theirs.map(|theirs| now.signed_duration_since(theirs));
    match skew {
        Some(skew) if skew.abs() >= MOST_SKEW => {
            let side = if skew > TimeDelta::zero() { "ahead of" } else { "behind" };
            let seconds = skew.abs().num_seconds();
            PortError::unavailable(format!(
                "this machine's clock is {seconds} seconds {side} Notify's, which takes less than \
                 30: set the clock"
            ))
        }
        Some(_) => PortError::unavailable(
            "Notify does not take this API key: it was revoked, or belongs to another service",
        ),
        None => PortError::unavailable(
            "Notify does not take this API key: it was revoked, belongs to another service, or \
             this machine's clock is 30 seconds off",
        ),
    }
}

/// At least a second, so that it is not before midnight there.
fn until_midnight(now: DateTime<Utc>) -> Duration {
    let tomorrow = now.date_naive().checked_add_days(Days::new(1));
    let midnight = tomorrow.map(|day| day.and_time(NaiveTime::MIN).and_utc());
    let wait = midnight.map_or(TimeDelta::days(1), |midnight| midnight - now);
    wait.to_std().unwrap_or_default().max(Duration::from_secs(1))
}

impl NotifySilence {
    pub(super) fn of(error: &reqwest::Error) -> Self {
        if error.is_timeout() {
            Self::Late
        } else if error.is_connect() {
            Self::NoConnection
        } else {
            Self::BrokenOff
        }
    }

    pub(super) fn into_port_error(self) -> PortError {
        let error = match self {
            Self::NoConnection => PortError::unavailable("Notify cannot be reached"),
            Self::Late | Self::BrokenOff => PortError::unavailable(
                "Notify did not answer; before the email goes again, it is asked whether it went",
            ),
            Self::TooLong | Self::NotRead => {
                PortError::unavailable("Notify's answer cannot be read")
            }
        };
        error.caused_by(self)
    }
}

impl fmt::Display for NotifyRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Notify answered {}", self.status)?;
        match &self.error {
            Some(error) => write!(f, " `{error}`"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for NotifyRefusal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_ends_at_midnight_utc() {
        let wait = |at: &str| until_midnight(at.parse().unwrap()).as_secs();
        assert_eq!(wait("2025-08-10T00:00:00Z"), 86_400);
        assert_eq!(wait("2025-08-10T23:00:00Z"), 3_600, "also in summer");
        assert_eq!(wait("2025-08-10T23:59:59.999Z"), 1);
        assert_eq!(until_midnight(DateTime::<Utc>::MAX_UTC).as_secs(), 86_400);
    }
}
