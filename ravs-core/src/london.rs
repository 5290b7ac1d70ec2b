//! The civil calendar of the service: dates and midnights in Europe/London.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Europe::London;

/// The date in London at an instant; at the calendar's ends, in the years 262,144 BC and 262,142,
/// a date two days inside them.
#[must_use]
pub fn date(at: DateTime<Utc>) -> NaiveDate {
    // A local time outside the calendar would be a panic.
    let edge = TimeDelta::days(2);
    let first = DateTime::<Utc>::MIN_UTC.checked_add_signed(edge).unwrap_or_default();
    let last = DateTime::<Utc>::MAX_UTC.checked_sub_signed(edge).unwrap_or_default();
    at.clamp(first, last).with_timezone(&London).date_naive()
}

/// The instant at which a London day begins.
///
/// Past the calendar's end (the year 262,142) it is the last instant there is.
#[must_use]
pub(crate) fn start_of_day(day: NaiveDate) -> DateTime<Utc> {
    let mut local = day.and_time(NaiveTime::MIN);
    loop {
        if let Some(start) = London.from_local_datetime(&local).earliest() {
            return start.to_utc();
        }
        // A midnight that a change of the clocks skips: the day begins where they land.
        match local.checked_add_signed(TimeDelta::seconds(1)) {
            Some(later) => local = later,
            None => return DateTime::<Utc>::MAX_UTC,
        }
    }
}

/// The day that many days later, or the calendar's last.
#[must_use]
pub(crate) fn days_after(day: NaiveDate, days: u16) -> NaiveDate {
    day.checked_add_days(Days::new(u64::from(days))).unwrap_or(NaiveDate::MAX)
}

/// A date as people here write it: `10 August 2025`.
#[must_use]
pub(crate) fn written(day: NaiveDate) -> alloc::string::String {
    alloc::format!("{}", day.format("%-d %B %Y"))
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString as _;

    use super::*;

    #[test]
    fn a_london_date_follows_summer_time() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert_eq!(date(at("2026-08-10T22:59:59Z")).to_string(), "2026-08-10");
        assert_eq!(date(at("2026-08-10T23:00:00Z")).to_string(), "2026-08-11");
        assert_eq!(date(at("2026-12-10T23:59:59Z")).to_string(), "2026-12-10");
    }

    #[test]
    fn the_calendars_end_is_no_panic() {
        assert!(date(DateTime::<Utc>::MIN_UTC) < date(DateTime::<Utc>::MAX_UTC));
        assert_eq!(days_after(NaiveDate::MAX, 90), NaiveDate::MAX);
        assert!(start_of_day(NaiveDate::MAX) > start_of_day(date(DateTime::UNIX_EPOCH)));
    }

    #[test]
    fn a_date_is_written_without_a_leading_zero() {
        assert_eq!(written(NaiveDate::from_ymd_opt(2025, 8, 1).unwrap()), "1 August 2025");
    }
}
