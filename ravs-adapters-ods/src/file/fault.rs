//! What is wrong with a file, and where.

use std::error::Error;
use std::fmt;
use std::io;

use ravs_core::OdsCode;

/// How many faults are kept; of the others only the number is.
const KEPT: usize = 100;

/// Why nothing was imported: the faults of all files, in the order in which they were met.
#[derive(Debug)]
pub struct ImportError {
    faults: Vec<Fault>,
    more: u64,
}

/// One thing that is wrong, with its place.
#[derive(Debug)]
pub struct Fault {
    pub(super) file: String,
    pub(super) line: Option<u64>,
    pub(super) column: Option<usize>,
    pub(super) wrong: Wrong,
}

/// What is wrong.
#[derive(Debug)]
pub(super) enum Wrong {
    NoFiles,
    Unreadable(io::Error),
    Empty,
    LineTooLong,
    OpenQuote,
    LoneReturn,
    Columns(usize),
    NotUtf8,
    Code(String),
    NoName,
    Day(String),
    Status(String),
    Twice { code: OdsCode, file: String, line: u64 },
}

impl ImportError {
    /// The first hundred faults.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// How many more there are.
    #[must_use]
    pub fn more(&self) -> u64 {
        self.more
    }

    pub(super) fn none() -> Self {
        Self { faults: Vec::new(), more: 0 }
    }

    pub(super) fn is_none(&self) -> bool {
        self.faults.is_empty()
    }

    pub(super) fn add(&mut self, fault: Fault) {
        if self.faults.len() < KEPT {
            self.faults.push(fault);
        } else {
            self.more = self.more.saturating_add(1);
        }
    }
}

impl Fault {
    /// The file, as it was named.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The line, counted from 1, where the fault is in one.
    #[must_use]
    pub fn line(&self) -> Option<u64> {
        self.line
    }

    /// The column, counted from 1, where the fault is in one.
    #[must_use]
    pub fn column(&self) -> Option<usize> {
        self.column
    }
}

/// What the columns are that a fault can be in.
fn column_name(column: usize) -> Option<&'static str> {
    Some(match column {
        1 => "code",
        2 => "name",
        5..=9 => "address",
        10 => "postcode",
        11 => "open date",
        12 => "close date",
        13 => "status",
        _ => return None,
    })
}

/// What was found there, short enough for a message and on one line.
struct Shown<'a>(&'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MOST: usize = 40;
        let start: String = self.0.chars().take(MOST).flat_map(char::escape_debug).collect();
        let more = if self.0.chars().nth(MOST).is_some() { "…" } else { "" };
        write!(f, "`{start}{more}`")
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.file.is_empty() {
            write!(f, "`{}`", self.file)?;
            if let Some(line) = self.line {
                write!(f, ", line {line}")?;
            }
            if let Some(column) = self.column {
                write!(f, ", column {column}")?;
                if let Some(name) = column_name(column) {
                    write!(f, " ({name})")?;
                }
            }
            write!(f, ": ")?;
        }
        self.wrong.fmt(f)
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoFiles => write!(f, "no file is named"),
            Self::Unreadable(error) => write!(f, "cannot be read: {error}"),
            Self::Empty => write!(f, "holds no rows"),
            Self::LineTooLong => write!(f, "is longer than 64 KiB; is a line break missing?"),
            Self::OpenQuote => write!(f, "a quote is opened and not closed on the same line"),
            Self::LoneReturn => {
                write!(f, "there is a carriage return within the line; end lines with a line feed")
            }
            Self::Columns(1) => write!(f, "1 column, and there should be 27"),
            Self::Columns(found) => write!(f, "{found} columns, and there should be 27"),
            Self::NotUtf8 => write!(f, "is not UTF-8; save the file as UTF-8"),
            Self::Code(text) => {
                write!(f, "{} is no ODS code, which is 3 to 12 letters and digits", Shown(text))
            }
            Self::NoName => write!(f, "there is no name"),
            Self::Day(text) => write!(f, "{} is no day, which is written YYYYMMDD", Shown(text)),
            Self::Status(text) => {
                let words = crate::entry::Status::WORDS.iter().map(|(word, _)| *word);
                let words = words.collect::<Vec<_>>().join(", ");
                write!(f, "{} is no status, which is one of {words}", Shown(text))
            }
            Self::Twice { code, file, line } => {
                write!(f, "`{code}` is there already, in `{file}`, line {line}")
            }
        }
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "nothing was imported")?;
        for fault in &self.faults {
            write!(f, "\n{fault}")?;
        }
        match self.more {
            0 => Ok(()),
            1 => write!(f, "\nand 1 more fault"),
            more => write!(f, "\nand {more} more faults"),
        }
    }
}

impl Error for Fault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.wrong {
            Wrong::Unreadable(error) => Some(error),
            _ => None,
        }
    }
}

impl Error for ImportError {}
