//! Reading files row by row, to the end, whatever is wrong with them.

use std::collections::HashMap;
use std::collections::hash_map;
use std::io::{self, BufReader};

use ravs_core::OdsCode;

use super::fault::{Fault, ImportError, Wrong};
use super::line::Lines;
use super::row;
use super::source::Source;
use crate::entry::Entry;

/// Between how many lines progress is told.
const STEP: u64 = 10_000;

/// How far reading has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress<'a> {
    /// The file that is being read.
    pub file: &'a str,
    /// How many good rows there were so far, in this file and those before.
    pub rows: u64,
    /// How many bytes of this file have been read.
    pub bytes: u64,
    /// How many bytes it has, where that is known.
    pub of: Option<u64>,
}

/// What was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// How many files.
    pub files: usize,
    /// How many rows, each of which is an entry.
    pub rows: u64,
}

/// Reads the directory's CSV files as one set, and hands over one entry after the other.
///
/// Files are read in pieces, never whole. All are read to the end even where there are faults, so
/// that the error has those of all of them; **what was handed over before an error counts for
/// nothing**, so keep it aside until this has returned. Progress is told every 10,000 lines and at
/// the end of each file.
///
/// # Errors
/// [`ImportError`] with every fault, each with its file, line and column: rows that have not 27
/// columns, codes, days and statuses that are none, texts that are not UTF-8, a code that is there
/// twice (in whichever files), files that cannot be read or hold nothing.
pub fn read<'a>(
    sources: impl IntoIterator<Item = Source<'a>>,
    progress: &mut dyn FnMut(Progress<'_>),
    keep: &mut dyn FnMut(Entry),
) -> Result<Summary, ImportError> {
    let mut reading =
        Reading { progress, keep, places: HashMap::new(), names: Vec::new(), rows: 0 };
    let mut faults = ImportError::none();
    for source in sources {
        reading.source(source, &mut faults);
    }
    if reading.names.is_empty() {
        let wrong = Wrong::NoFiles;
        faults.add(Fault { file: String::new(), line: None, column: None, wrong });
    }
    if faults.is_none() {
        Ok(Summary { files: reading.names.len(), rows: reading.rows })
    } else {
        Err(faults)
    }
}

struct Reading<'c> {
    progress: &'c mut dyn FnMut(Progress<'_>),
    keep: &'c mut dyn FnMut(Entry),
    /// In which file, by number, and on which line each code is.
    places: HashMap<OdsCode, (usize, u64)>,
    names: Vec<String>,
    rows: u64,
}

impl Reading<'_> {
    fn source(&mut self, source: Source<'_>, faults: &mut ImportError) {
        let file = source.name.clone();
        self.names.push(file.clone());
        let mut fault = |line, column, wrong| {
            faults.add(Fault { file: file.clone(), line, column, wrong });
        };
        if let Err(error) = self.rows(source, &mut fault) {
            fault(None, None, Wrong::Unreadable(error));
        }
    }

    fn rows(
        &mut self,
        source: Source<'_>,
        fault: &mut dyn FnMut(Option<u64>, Option<usize>, Wrong),
    ) -> io::Result<()> {
        let number = self.names.len().saturating_sub(1);
        let name = source.name.clone();
        let opened = source.open()?;
        let mut lines = Lines::of(BufReader::with_capacity(1 << 16, opened.reader));
        let mut met = 0u64;
        while let Some(line) = lines.next()? {
            met = met.saturating_add(1);
            let at = line.number;
            match line.row.map_err(|wrong| vec![(None, wrong)]).and_then(row::entry) {
                Err(wrong) => wrong.into_iter().for_each(|(column, wrong)| {
                    fault(Some(at), column, wrong);
                }),
                Ok(entry) => match self.places.entry(entry.body.code.clone()) {
                    hash_map::Entry::Vacant(free) => {
                        free.insert((number, at));
                        self.rows = self.rows.saturating_add(1);
                        (self.keep)(entry);
                    }
                    hash_map::Entry::Occupied(there) => {
                        let (file, line) = *there.get();
                        let file = self.names.get(file).cloned().unwrap_or_default();
                        let code = entry.body.code;
                        fault(Some(at), Some(1), Wrong::Twice { code, file, line });
                    }
                },
            }
            if met.is_multiple_of(STEP) {
                let bytes = lines.bytes();
                (self.progress)(Progress { file: &name, rows: self.rows, bytes, of: opened.bytes });
            }
        }
        if met == 0 {
            fault(None, None, Wrong::Empty);
        }
        let bytes = lines.bytes();
        (self.progress)(Progress { file: &name, rows: self.rows, bytes, of: opened.bytes });
        Ok(())
    }
}
