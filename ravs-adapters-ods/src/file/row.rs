//! A row of 27 columns, as an entry.

use chrono::NaiveDate;
use ravs_core::{Body, OdsCode};

use super::fault::Wrong;
use super::line::Row;
use crate::entry::{Entry, Period, Status};

/// How many columns a row has.
const COLUMNS: usize = 27;

/// What is wrong, and in which column, where it is in one.
pub(super) type Fault = (Option<usize>, Wrong);

/// The entry, or everything that is wrong with the row.
///
/// Column 4 is a geography and no address line, which are 5 to 9.
pub(super) fn entry(row: Row<'_>) -> Result<Entry, Vec<Fault>> {
    if row.columns() != COLUMNS {
        return Err(vec![(None, Wrong::Columns(row.columns()))]);
    }
    let mut fields = Fields { row, faults: Vec::new() };
    let code = fields.code();
    let name = fields.text(2);
    if name.is_empty() && fields.is_sound(2) {
        fields.fault(2, Wrong::NoName);
    }
    let lines = [5, 6, 7, 8, 9].map(|column| fields.text(column));
    let postcode = fields.text(10);
    let legal = Period { first: fields.day(11), last: fields.day(12) };
    let status = fields.status();
    match (code, status) {
        (Some(code), Some(status)) if fields.faults.is_empty() => {
            let lines = lines.iter().filter(|line| !line.is_empty());
            let address = lines.map(String::as_str).collect::<Vec<_>>().join(", ");
            let body = Body { code, name, address, postcode, legally_closed: None };
            Ok(Entry::new(body, status, legal, Period::default()))
        }
        _ => Err(fields.faults),
    }
}

struct Fields<'a> {
    row: Row<'a>,
    faults: Vec<Fault>,
}

impl Fields<'_> {
    fn fault(&mut self, column: usize, wrong: Wrong) {
        self.faults.push((Some(column), wrong));
    }

    fn is_sound(&self, column: usize) -> bool {
        !self.faults.iter().any(|(at, _)| *at == Some(column))
    }

    /// The text of a column, with single spaces between its words.
    fn text(&mut self, column: usize) -> String {
        match std::str::from_utf8(self.row.column(column)) {
            Ok(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
            Err(_) => {
                self.fault(column, Wrong::NotUtf8);
                String::new()
            }
        }
    }

    fn code(&mut self) -> Option<OdsCode> {
        let text = self.text(1);
        let code = text.parse().ok();
        if code.is_none() && self.is_sound(1) {
            self.fault(1, Wrong::Code(text));
        }
        code
    }

    fn day(&mut self, column: usize) -> Option<NaiveDate> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
        let day = NaiveDate::parse_from_str(&text, "%Y%m%d").ok().filter(|_| digits);
        if day.is_none() {
            self.fault(column, Wrong::Day(text));
        }
        day
    }

    fn status(&mut self) -> Option<Status> {
        const COLUMN: usize = 13;
        let text = self.text(COLUMN);
        let status = Status::read(&text);
        if status.is_none() && self.is_sound(COLUMN) {
            self.fault(COLUMN, Wrong::Status(text));
        }
        status
    }
}
