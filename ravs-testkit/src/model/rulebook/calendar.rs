//! Days in London, computed here anew.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Europe::London;

/// The day it is in London.
pub(in crate::model) fn date(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&London).date_naive()
}

/// The instant at which a day begins in London; its clocks never change at midnight.
pub(in crate::model) fn midnight(day: NaiveDate) -> DateTime<Utc> {
    let local = day.and_time(NaiveTime::MIN);
    London.from_local_datetime(&local).single().map_or(DateTime::UNIX_EPOCH, |m| m.to_utc())
}

/// R-L3: the last day of access is the 90th after the day of deactivation; it closes when that
/// day ends.
pub(super) fn closing(deactivated_at: DateTime<Utc>) -> (NaiveDate, DateTime<Utc>) {
    let last_day = date(deactivated_at) + Days::new(90);
    (last_day, midnight(last_day + Days::new(1)))
}
