//! Times as the database keeps them: nanoseconds since 1970 (UTC).

use chrono::{DateTime, Utc};
use ravs_core::port::PortError;

/// What stands where a closing time would, and there is none.
pub(crate) const NEVER: i64 = i64::MAX;

/// A time of a state, which has to come back as it was.
pub(crate) fn nanoseconds(at: DateTime<Utc>) -> Result<i64, PortError> {
    at.timestamp_nanos_opt()
        .filter(|nanoseconds| *nanoseconds != NEVER)
        .ok_or_else(|| PortError::rejected("a time outside the years 1678 to 2261 is not kept"))
}

/// A time that others are compared with, or that only has to be early or late enough.
pub(crate) fn nearest_nanoseconds(at: DateTime<Utc>) -> i64 {
    let end = if at < DateTime::UNIX_EPOCH { i64::MIN } else { i64::MAX };
    at.timestamp_nanos_opt().unwrap_or(end)
}

/// The time of so many nanoseconds.
pub(crate) fn time(nanoseconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_nanos(nanoseconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_come_back_to_the_nanosecond() {
        for text in ["1969-12-31T23:59:59.999999999Z", "2261-12-31T23:59:59.123456789Z"] {
            let at: DateTime<Utc> = text.parse().unwrap();
            assert_eq!(time(nanoseconds(at).unwrap()), at);
            assert_eq!(nearest_nanoseconds(at), nanoseconds(at).unwrap());
        }
    }

    #[test]
    fn what_cannot_be_kept_is_refused_or_taken_for_the_nearest() {
        for at in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC, time(NEVER)] {
            assert!(!nanoseconds(at).unwrap_err().is_retryable());
        }
        assert_eq!(nearest_nanoseconds(DateTime::<Utc>::MIN_UTC), i64::MIN);
        assert_eq!(nearest_nanoseconds(DateTime::<Utc>::MAX_UTC), i64::MAX);
    }
}
