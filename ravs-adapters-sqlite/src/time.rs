//! Times as they are stored: whole nanoseconds since 1970 (UTC).

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use ravs_core::port::PortError;

/// Stored in the place of a closing where none is set. No closing is at that instant, which is
/// inside a minute.
pub(crate) const NO_CLOSING: i64 = i64::MAX;

/// The time at which an effect is due that was never tried: before any other.
pub(crate) const NEVER_TRIED: i64 = i64::MIN;

/// An instant of a state, which is kept exactly or not at all.
pub(crate) fn nanoseconds(at: DateTime<Utc>) -> Result<i64, PortError> {
    let leap_second = at.timestamp_subsec_nanos() >= 1_000_000_000;
    let exact = at.timestamp_nanos_opt().filter(|_| !leap_second);
    exact.ok_or_else(|| PortError::rejected("a time outside 1677 to 2262, or in a leap second"))
}

/// An instant that others are compared with: what lies outside stands at the end.
pub(crate) fn saturated(at: DateTime<Utc>) -> i64 {
    let end = if at < DateTime::UNIX_EPOCH { i64::MIN } else { i64::MAX };
    at.timestamp_nanos_opt().unwrap_or(end).max(NEVER_TRIED + 1)
}

/// The instant that was stored.
pub(crate) fn instant(nanoseconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_nanos(nanoseconds)
}

/// A day, counted from 0001-01-01, which is 1.
pub(crate) fn days(day: NaiveDate) -> i32 {
    day.num_days_from_ce()
}

/// The day that was stored; `None` where there is no such day.
pub(crate) fn day(days: i32) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn an_instant_reads_back_to_the_nanosecond() {
        for text in [
            "1677-09-21T00:12:43.145224193Z",
            "1969-12-31T23:59:59.999999999Z",
            "1970-01-01T00:00:00Z",
            "2026-03-29T00:59:59.000000001Z",
            "2262-04-11T23:47:16.854775807Z",
        ] {
            assert_eq!(instant(nanoseconds(at(text)).unwrap()), at(text), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_kept_exactly_is_rejected() {
        for text in ["1677-09-21T00:12:43.1Z", "2262-04-11T23:47:17Z", "2016-12-31T23:59:60.5Z"] {
            let error = nanoseconds(at(text)).unwrap_err();
            assert!(!error.is_retryable() && !error.is_conflict(), "{text}: {error}");
        }
    }

    #[test]
    fn what_is_only_due_saturates_and_is_never_as_early_as_what_is_untried() {
        assert_eq!(saturated(DateTime::<Utc>::MIN_UTC), NEVER_TRIED + 1);
        assert_eq!(saturated(DateTime::<Utc>::MAX_UTC), i64::MAX);
        assert_eq!(saturated(at("1970-01-01T00:00:01Z")), 1_000_000_000);
        assert!(saturated(instant(NEVER_TRIED)) > NEVER_TRIED);
    }

    #[test]
    fn every_day_reads_back() {
        for date in [NaiveDate::MIN, NaiveDate::MAX, at("2026-02-28T00:00:00Z").date_naive()] {
            assert_eq!(day(days(date)), Some(date));
        }
        assert_eq!(day(i32::MAX), None);
    }
}
