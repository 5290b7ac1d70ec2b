//! A report over an organisation's vaccination records.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use chrono::NaiveDate;
use serde::Serialize;

use super::RecordView;
use crate::organisation::VaccineType;
use crate::refusal::{Code, Fault};

/// The days a report covers, first and last included: at most 90 (R-R4).
///
/// ```
/// use chrono::NaiveDate;
/// use ravs_core::{Code, ReportRange};
///
/// let day = |text: &str| text.parse::<NaiveDate>().unwrap();
/// assert!(ReportRange::new(day("2026-01-01"), day("2026-03-31")).is_ok()); // 90 days
/// let refused = ReportRange::new(day("2026-01-01"), day("2026-04-01")).unwrap_err();
/// assert_eq!(refused.code(), Code::RangeTooLong);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReportRange {
    first: NaiveDate,
    last: NaiveDate,
}

/// The most days that a report covers.
const MOST_DAYS: i64 = 90;

impl ReportRange {
    /// The days from `first` to `last`.
    ///
    /// # Errors
    /// `range_reversed`, `range_too_long`.
    pub fn new(first: NaiveDate, last: NaiveDate) -> Result<Self, Fault> {
        let days = last.signed_duration_since(first).num_days().saturating_add(1);
        if days < 1 {
            let message = "the first day of a report is after its last";
            return Err(Fault::new(Code::RangeReversed, message).at("from"));
        }
        if days > MOST_DAYS {
            let message = alloc::format!("a report covers at most {MOST_DAYS} days, not {days}");
            return Err(Fault::new(Code::RangeTooLong, message).at("to"));
        }
        Ok(Self { first, last })
    }

    /// The first day.
    #[must_use]
    pub fn first(&self) -> NaiveDate {
        self.first
    }

    /// The last day.
    #[must_use]
    pub fn last(&self) -> NaiveDate {
        self.last
    }

    /// Whether it covers that day.
    #[must_use]
    pub fn contains(&self, day: NaiveDate) -> bool {
        (self.first..=self.last).contains(&day)
    }
}

/// What was recorded in a range of days (R-R4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// How many vaccinations of each type were given on each day: by type, then day.
    pub counts: Vec<DayCount>,
    /// The records, by the day the vaccination was given, then as they were made.
    pub rows: Vec<RecordView>,
}

/// How many vaccinations of one type were given on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DayCount {
    /// The type.
    pub vaccine: VaccineType,
    /// The day on which they were given.
    pub date: NaiveDate,
    /// How many.
    pub count: u64,
}

impl Report {
    /// The report over these records.
    #[must_use]
    pub fn of(mut rows: Vec<RecordView>) -> Self {
        rows.sort_by(|a, b| {
            (a.given_on, a.recorded_at, a.record).cmp(&(b.given_on, b.recorded_at, b.record))
        });
        let mut counted = BTreeMap::<_, (&VaccineType, u64)>::new();
        for row in &rows {
            let key = (row.vaccine.as_str(), row.given_on);
            let (_, count) = counted.entry(key).or_insert((&row.vaccine, 0));
            *count = count.saturating_add(1);
        }
        let counts = counted
            .into_iter()
            .map(|((_, date), (vaccine, count))| DayCount { vaccine: vaccine.clone(), date, count })
            .collect();
        Self { counts, rows }
    }

    /// The rows as CSV (RFC 4180), with a header.
    ///
    /// A cell that a spreadsheet would take for a formula begins with an apostrophe.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let header =
            ["record", "vaccine", "given_on", "recorded_by", "assessing", "consenting", "revision"];
        let mut csv = line(header);
        for row in &self.rows {
            csv.push_str(&line([
                &row.record.to_string(),
                row.vaccine.as_str(),
                &row.given_on.to_string(),
                row.recorded_by.as_str(),
                row.assessing.as_str(),
                row.consenting.as_str(),
                &row.revision.to_string(),
            ]));
        }
        csv
    }
}

fn line<const N: usize>(cells: [&str; N]) -> String {
    let mut line = cells.map(cell).join(",");
    line.push_str("\r\n");
    line
}

fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@']);
    let text = if formula { alloc::format!("'{text}") } else { text.to_string() };
    if text.contains([',', '"', '\r', '\n']) {
        alloc::format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // R-R4
    #[test]
    fn a_range_has_1_to_90_days() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let (first, ninetieth) = (day("2026-01-01"), day("2026-03-31"));
        let range = ReportRange::new(first, ninetieth).unwrap();
        assert!(range.contains(first) && range.contains(ninetieth));
        assert!(!range.contains(day("2025-12-31")) && !range.contains(day("2026-04-01")));
        assert!(ReportRange::new(first, first).is_ok());
        let code = |a, b| ReportRange::new(a, b).unwrap_err().code();
        assert_eq!(code(first, day("2026-04-01")), Code::RangeTooLong);
        assert_eq!(code(first, day("2025-12-31")), Code::RangeReversed);
        assert_eq!(code(NaiveDate::MIN, NaiveDate::MAX), Code::RangeTooLong);
    }

    #[test]
    fn a_cell_is_quoted_and_is_no_formula() {
        assert_eq!(line(["a", "b,\"c\"", "=1+1"]), "a,\"b,\"\"c\"\"\",'=1+1\r\n");
        assert_eq!(cell("-x\ny"), "\"'-x\ny\"");
    }
}
