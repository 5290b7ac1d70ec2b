//! Lines, and their fields.
//!
//! The lines are counted here, and each is given to `csv-core` by itself, because a fault has to
//! name its line: no field of these files has a line break in it, so a quote that is open at the
//! end of a line is a fault there, and does not swallow what follows.

use std::io::{self, BufRead, Read as _};

use csv_core::{ReadRecordResult, Reader};

use super::fault::Wrong;

/// The most bytes of a line. The longest there are have some 400.
const MOST: u64 = 64 * 1024;

/// The lines of one file, one at a time.
pub(super) struct Lines<R> {
    reader: R,
    buffer: Vec<u8>,
    number: u64,
    bytes: u64,
    fields: Fields,
}

/// The fields of a line, which are overwritten by the next.
struct Fields {
    parser: Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
}

/// A line that is not empty.
pub(super) struct Line<'a> {
    /// Counted from 1.
    pub(super) number: u64,
    /// Its fields; or what is wrong with it.
    pub(super) row: Result<Row<'a>, Wrong>,
}

/// The fields of a line.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    text: &'a [u8],
    ends: &'a [usize],
}

impl<'a> Row<'a> {
    /// How many fields there are.
    pub(super) fn columns(self) -> usize {
        self.ends.len()
    }

    /// The field of that column, counted from 1; empty where there is none.
    pub(super) fn column(self, column: usize) -> &'a [u8] {
        let end = |column: usize| match column.checked_sub(1) {
            Some(index) => self.ends.get(index).copied(),
            None => Some(0),
        };
        let bounds = column.checked_sub(1).and_then(end).zip(end(column));
        bounds.and_then(|(start, end)| self.text.get(start..end)).unwrap_or_default()
    }
}

impl<R: BufRead> Lines<R> {
    pub(super) fn of(reader: R) -> Self {
        Self { reader, buffer: Vec::new(), number: 0, bytes: 0, fields: Fields::new() }
    }

    /// How many bytes have been read.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The next line that is not empty; none at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        let whole = loop {
            let Some(whole) = self.read()? else { return Ok(None) };
            if !whole || !self.buffer.is_empty() {
                break whole;
            }
        };
        let row = if whole { self.fields.of(&mut self.buffer) } else { Err(Wrong::LineTooLong) };
        Ok(Some(Line { number: self.number, row }))
    }

    /// Reads a line without what ends it, and says whether it is whole; none at the end.
    fn read(&mut self) -> io::Result<Option<bool>> {
        self.buffer.clear();
        let read = self.reader.by_ref().take(MOST).read_until(b'\n', &mut self.buffer)?;
        if read == 0 {
            return Ok(None);
        }
        self.number = self.number.saturating_add(1);
        self.bytes = self.bytes.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
        let ended = self.buffer.pop_if(|last| *last == b'\n').is_some();
        if !ended && self.buffer.len() as u64 == MOST {
            self.bytes = self.bytes.saturating_add(skip_line(&mut self.reader)?);
            return Ok(Some(false));
        }
        while self.buffer.pop_if(|last| *last == b'\r').is_some() {}
        if self.number == 1 && self.buffer.starts_with("\u{feff}".as_bytes()) {
            self.buffer.drain(..3);
        }
        Ok(Some(true))
    }
}

/// Reads on behind the end of the line, and says how many bytes that was.
fn skip_line(reader: &mut impl BufRead) -> io::Result<u64> {
    let mut skipped = 0u64;
    loop {
        let piece = reader.fill_buf()?;
        let end = piece.iter().position(|byte| *byte == b'\n');
        let here = end.map_or(piece.len(), |end| end.saturating_add(1));
        let over = end.is_some() || piece.is_empty();
        reader.consume(here);
        skipped = skipped.saturating_add(u64::try_from(here).unwrap_or(u64::MAX));
        if over {
            return Ok(skipped);
        }
    }
}

impl Fields {
    fn new() -> Self {
        // Its `Default` is one that has not been built, and reads nothing.
        Self { parser: Reader::new(), text: Vec::new(), ends: Vec::new() }
    }

    fn of(&mut self, line: &mut Vec<u8>) -> Result<Row<'_>, Wrong> {
        // The parser would take it for the end of the row, and what follows would be lost.
        if line.contains(&b'\r') {
            return Err(Wrong::LoneReturn);
        }
        // The parser says that a record is over when it sees the end of the line outside quotes.
        line.push(b'\n');
        self.text.resize(line.len(), 0);
        self.ends.resize(line.len(), 0);
        self.parser.reset();
        let (outcome, _, _, fields) = self.parser.read_record(line, &mut self.text, &mut self.ends);
        if outcome != ReadRecordResult::Record {
            return Err(Wrong::OpenQuote);
        }
        let ends = self.ends.get(..fields).unwrap_or_default();
        Ok(Row { text: &self.text, ends })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &[u8]) -> Vec<(u64, Result<Vec<String>, String>)> {
        let mut lines = Lines::of(text);
        let mut read = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            let fields = line.row.map(|row| {
                let field = |column| String::from_utf8_lossy(row.column(column)).into_owned();
                (1..=row.columns()).map(field).collect()
            });
            read.push((line.number, fields.map_err(|wrong| wrong.to_string())));
        }
        assert_eq!(lines.bytes(), text.len() as u64);
        read
    }

    fn row(fields: &[&str]) -> Result<Vec<String>, String> {
        Ok(fields.iter().map(|field| (*field).to_owned()).collect())
    }

    #[test]
    fn lines_are_counted_whatever_ends_them() {
        let expected = [(1, row(&["a", "b"])), (3, row(&["c", "", "d"])), (4, row(&["e"]))];
        assert_eq!(lines(b"a,b\n\nc,,d\ne"), expected);
        assert_eq!(lines(b"a,b\r\n\r\nc,,d\r\ne\r\n"), expected);
        assert_eq!(lines("\u{feff}a,b\n\nc,,d\ne\n".as_bytes()), expected);
        assert_eq!(lines(b""), []);
    }

    #[test]
    fn quotes_hold_commas_and_quotes() {
        let expected = [(1, row(&["a,b", "say \"so\"", ""]))];
        assert_eq!(lines(b"\"a,b\",\"say \"\"so\"\"\",\"\"\r\n"), expected);
    }

    #[test]
    fn an_open_quote_swallows_nothing() {
        let open = Err(Wrong::OpenQuote.to_string());
        assert_eq!(lines(b"a,\"b\nc,d\n"), [(1, open), (2, row(&["c", "d"]))]);
    }

    #[test]
    fn a_carriage_return_alone_hides_nothing() {
        let lone = || Err(Wrong::LoneReturn.to_string());
        let last = (2, row(&["e", "f"]));
        assert_eq!(lines(b"a,b\rc,d\r\ne,f\r\r\n"), [(1, lone()), last.clone()]);
        assert_eq!(lines(b"a,\"b\rc\",d\ne,f\n"), [(1, lone()), last]);
        assert_eq!(lines(b"a,b\rc,d\r"), [(1, lone())]);
    }

    #[test]
    fn a_line_without_an_end_is_not_kept() {
        let mut text = vec![b'x'; 300_000];
        text.extend(b"\na,b\n");
        let long = Err(Wrong::LineTooLong.to_string());
        assert_eq!(lines(&text), [(1, long), (2, row(&["a", "b"]))]);
        assert_eq!(lines(&vec![b'x'; 300_000]).len(), 1);
        assert_eq!(lines(&vec![b'x'; usize::try_from(MOST).unwrap()]).len(), 1);
    }
}
