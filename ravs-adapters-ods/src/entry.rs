//! An entry of the directory: a body, and what else its files and its interface say of it.

use chrono::NaiveDate;
use ravs_core::Body;

/// From when on a body has been closed of which no day is known: the first day of the NHS.
const LONG_AGO: NaiveDate = match NaiveDate::from_ymd_opt(1948, 7, 5) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// An entry of the directory.
///
/// Its body is what the core sees. The dates and the status are for a host that shows more, for
/// instance a closing that lies ahead.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// The body.
    pub body: Body,
    /// What the directory calls it.
    pub status: Status,
    /// From when to when it exists in law. The files have one pair of dates, which is this one.
    pub legal: Period,
    /// From when to when it works. Only the live interface tells this apart.
    pub operational: Period,
}

/// What the directory calls a body. It decides nothing: the dates do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Status {
    /// `ACTIVE`, or `A` in older files.
    Active,
    /// `INACTIVE`.
    Inactive,
    /// `CLOSED`, or `C`.
    Closed,
    /// `DORMANT`, or `D`.
    Dormant,
    /// `PROPOSED`, or `P`.
    Proposed,
}

/// Days in London, both of them included; either may be unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub first: Option<NaiveDate>,
    /// The last day. None while no end is in sight.
    pub last: Option<NaiveDate>,
}

impl Period {
    /// Whether nothing is known of it.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.first.is_none() && self.last.is_none()
    }
}

impl Entry {
    /// An entry with these dates; the day from which its body is legally closed is worked out:
    ///
    /// - the day after the last of its legal period;
    /// - where no legal period is known, the day after the last of its operational one;
    /// - where the directory calls it closed or inactive although its legal period is open, the
    ///   day after the last of its operational one too;
    /// - where neither has a last day and the directory calls it closed or inactive: it has been
    ///   closed for longer than anybody can tell, so from its first day on.
    ///
    /// What `body` says of its closing is replaced.
    #[must_use]
    pub fn new(body: Body, status: Status, legal: Period, operational: Period) -> Self {
        let decisive = if legal.is_unknown() { operational } else { legal };
        let legally_closed = match (decisive.last, status) {
            (Some(last), _) => last.succ_opt(),
            (None, Status::Closed | Status::Inactive) => match operational.last {
                Some(last) => last.succ_opt(),
                None => Some(decisive.first.unwrap_or(LONG_AGO)),
            },
            (None, Status::Active | Status::Dormant | Status::Proposed) => None,
        };
        Self { body: Body { legally_closed, ..body }, status, legal, operational }
    }
}

/// A body of which nothing else is known. It is called active, whatever day it closes on: that day
/// may lie ahead, and it is what decides.
impl From<Body> for Entry {
    fn from(body: Body) -> Self {
        let last = body.legally_closed.and_then(|closed| closed.pred_opt());
        let legal = Period { first: None, last };
        Self { body, status: Status::Active, legal, operational: Period::default() }
    }
}

impl Status {
    /// Every word for a status, of today's files, the older ones and the live interface.
    pub(crate) const WORDS: &[(&str, Self)] = &[
        ("ACTIVE", Self::Active),
        ("INACTIVE", Self::Inactive),
        ("CLOSED", Self::Closed),
        ("DORMANT", Self::Dormant),
        ("PROPOSED", Self::Proposed),
        ("A", Self::Active),
        ("C", Self::Closed),
        ("D", Self::Dormant),
        ("P", Self::Proposed),
    ];

    /// Reads a status; in any case, as the interface has `Active` and the files have `ACTIVE`.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let named = |(word, _): &&(&str, Self)| word.eq_ignore_ascii_case(text);
        Self::WORDS.iter().find(named).map(|(_, status)| *status)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closed(status: Status, legal: Period, operational: Period) -> Option<NaiveDate> {
        let body = Body {
            code: "RRV".parse().unwrap(),
            name: String::new(),
            address: String::new(),
            postcode: String::new(),
            legally_closed: None,
        };
        Entry::new(body, status, legal, operational).body.legally_closed
    }

    fn period(first: &str, last: &str) -> Period {
        Period { first: first.parse().ok(), last: last.parse().ok() }
    }

    fn day(text: &str) -> Option<NaiveDate> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn legal_dates_come_before_operational_ones_and_before_the_status() {
        let none = Period::default();
        let open = period("2001-04-01", "");
        let ended = period("2001-04-01", "2012-03-31");
        let later = period("2001-04-01", "2012-06-30");
        // dissolved trusts have been seen as active
        assert_eq!(closed(Status::Active, ended, none), day("2012-04-01"));
        assert_eq!(closed(Status::Active, ended, later), day("2012-04-01"));
        assert_eq!(closed(Status::Active, later, ended), day("2012-07-01"));
        assert_eq!(closed(Status::Active, open, ended), None);
        assert_eq!(closed(Status::Active, none, ended), day("2012-04-01"));
        assert_eq!(closed(Status::Active, none, none), None);
    }

    #[test]
    fn what_is_called_closed_without_a_day_was_closed_from_the_first() {
        let none = Period::default();
        let open = period("2001-04-01", "");
        for status in [Status::Closed, Status::Inactive] {
            assert_eq!(closed(status, open, none), day("2001-04-01"));
            assert_eq!(closed(status, none, open), day("2001-04-01"));
            assert_eq!(closed(status, none, none), day("1948-07-05"));
        }
        for status in [Status::Dormant, Status::Proposed] {
            assert_eq!(closed(status, open, none), None);
        }
    }

    #[test]
    fn what_is_called_closed_while_open_in_law_closed_when_it_ceased_to_work() {
        let open = period("2001-04-01", "");
        let ended = period("2001-04-01", "2012-03-31");
        for status in [Status::Closed, Status::Inactive] {
            assert_eq!(closed(status, open, ended), day("2012-04-01"));
        }
        for status in [Status::Active, Status::Dormant, Status::Proposed] {
            assert_eq!(closed(status, open, ended), None);
        }
    }

    #[test]
    fn a_body_by_itself_keeps_its_day() {
        let body = Body {
            code: "RNJ".parse().unwrap(),
            name: "BARTS".into(),
            address: String::new(),
            postcode: String::new(),
            legally_closed: day("2012-04-01"),
        };
        let entry = Entry::from(body.clone());
        assert_eq!(entry.body, body);
        assert_eq!(entry.legal.last, day("2012-03-31"));
        assert_eq!(entry.status, Status::Active, "that day may lie ahead");
        assert_eq!(Entry::new(body.clone(), entry.status, entry.legal, entry.operational), entry);
    }

    #[test]
    fn statuses_of_every_time_are_read_and_no_others() {
        assert_eq!(Status::read("ACTIVE"), Some(Status::Active));
        assert_eq!(Status::read("Inactive"), Some(Status::Inactive));
        assert_eq!(Status::read("c"), Some(Status::Closed));
        assert_eq!(Status::read("P"), Some(Status::Proposed));
        for unknown in ["", "I", "X", "ACTIV", "active "] {
            assert_eq!(Status::read(unknown), None, "{unknown:?}");
        }
    }
}
