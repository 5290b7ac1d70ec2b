//! When a deactivated organisation closes.

use chrono::{DateTime, NaiveDate, TimeDelta, Timelike as _, Utc};
use serde::{Deserialize, Serialize};

use crate::london;
use crate::stored::{Corrupt, ensure};

/// The instant at which a deactivated organisation closes, and the last day before it (R-L3).
///
/// Computed once, at deactivation, and kept: the midnight in London that ends the last day.
///
/// ```
/// use ravs_core::Closing;
///
/// let closing = Closing::after("2025-05-12T10:02:51Z".parse()?, 90);
/// assert_eq!(closing.last_day().to_string(), "2025-08-10");
/// assert_eq!(closing.instant().to_rfc3339(), "2025-08-10T23:00:00+00:00");
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "DateTime<Utc>", into = "DateTime<Utc>")]
pub struct Closing(DateTime<Utc>);

impl Closing {
    /// The closing for a deactivation at `deactivated_at` (UTC), after that many days of access.
    #[must_use]
    pub fn after(deactivated_at: DateTime<Utc>, days: u16) -> Self {
        let last_day = london::days_after(london::date(deactivated_at), days);
        let midnight = london::start_of_day(london::days_after(last_day, 1));
        // Before December 1847 London's clocks were not whole minutes from anybody's: there the
        // closing comes within the minute that ends the day.
        let full_minute = midnight.with_second(0).and_then(|at| at.with_nanosecond(0));
        Self(full_minute.unwrap_or(midnight))
    }

    /// The first instant (UTC) at which the organisation is closed.
    #[must_use]
    pub fn instant(self) -> DateTime<Utc> {
        self.0
    }

    /// The last day of access, in London.
    #[must_use]
    pub fn last_day(self) -> NaiveDate {
        london::date(self.0.checked_sub_signed(TimeDelta::nanoseconds(1)).unwrap_or(self.0))
    }

    /// Whether it has come.
    #[must_use]
    pub fn has_come(self, now: DateTime<Utc>) -> bool {
        self.0 <= now
    }

    /// Comes back from a store.
    ///
    /// # Errors
    /// [`Corrupt`] when the instant is no full minute, and so no midnight anywhere. Whether it is
    /// one in London is not asked: it was when it was computed, and it is kept whatever becomes
    /// of summer time (R-L3).
    pub fn restore(instant: DateTime<Utc>) -> Result<Self, Corrupt> {
        let full_minute = instant.second() == 0 && instant.nanosecond() == 0;
        ensure(full_minute, "closing: the instant is not a full minute")?;
        Ok(Self(instant))
    }
}

impl From<Closing> for DateTime<Utc> {
    fn from(closing: Closing) -> Self {
        closing.0
    }
}

impl TryFrom<DateTime<Utc>> for Closing {
    type Error = Corrupt;

    fn try_from(instant: DateTime<Utc>) -> Result<Self, Self::Error> {
        Self::restore(instant)
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString as _;

    use super::*;

    // R-L3: the table, the published example first.
    #[test]
    fn the_closing_times_are_those_of_the_rulebook() {
        let table = [
            ("2025-05-12T10:02:51Z", "2025-08-10", "2025-08-10T23:00:00Z"),
            ("2026-02-10T12:00:00Z", "2026-05-11", "2026-05-11T23:00:00Z"),
            ("2026-08-10T22:30:00Z", "2026-11-08", "2026-11-09T00:00:00Z"),
            ("2026-08-10T23:30:00Z", "2026-11-09", "2026-11-10T00:00:00Z"),
            ("2027-11-30T12:00:00Z", "2028-02-28", "2028-02-29T00:00:00Z"),
        ];
        for (deactivated, last_day, closes) in table {
            let closing = Closing::after(deactivated.parse().unwrap(), 90);
            assert_eq!(closing.last_day().to_string(), last_day);
            assert_eq!(closing.instant(), closes.parse::<DateTime<Utc>>().unwrap());
        }
    }

    // R-L3: to the nanosecond.
    #[test]
    fn it_comes_at_the_instant_and_not_before() {
        let closing = Closing::after("2025-05-12T10:02:51Z".parse().unwrap(), 90);
        assert!(!closing.has_come(closing.instant() - TimeDelta::nanoseconds(1)));
        assert!(closing.has_come(closing.instant()));
    }

    // R-L3: whatever is computed is kept, at the calendar's ends too, and names the right day.
    #[test]
    fn every_closing_loads_again() {
        let early = ["0001-01-01T00:00:00Z", "1846-01-01T00:00:00Z", "1847-09-02T00:00:00Z"];
        let ends = [DateTime::<Utc>::MIN_UTC, "9999-12-31T23:59:59Z".parse().unwrap()];
        for at in ends.into_iter().chain(early.map(|text| text.parse().unwrap())) {
            let closing = Closing::after(at, 90);
            assert_eq!(Closing::restore(closing.instant()).unwrap(), closing, "{at}");
        }
        let closing = Closing::after("1847-09-02T00:00:00Z".parse().unwrap(), 90);
        assert_eq!(closing.last_day().to_string(), "1847-11-30");
        assert!(!Closing::after(DateTime::<Utc>::MAX_UTC, 90).has_come(DateTime::UNIX_EPOCH));
    }

    #[test]
    fn an_instant_inside_a_minute_does_not_load() {
        for text in ["2025-08-10T23:00:01Z", "2025-08-10T23:00:00.000000001Z"] {
            assert!(Closing::restore(text.parse().unwrap()).is_err());
        }
        let whole = "2025-08-10T23:00:00Z".parse().unwrap();
        assert_eq!(Closing::restore(whole).unwrap().instant(), whole);
    }
}
