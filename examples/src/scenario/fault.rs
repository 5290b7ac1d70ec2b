//! What is wrong with a scenario file: every fault with its file, line and field.

use std::fmt;
use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// Why a scenario cannot be run. Nothing of it was.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ScenarioError {
    /// The file cannot be read as UTF-8 text.
    #[error("{}: cannot be read: {source}", path.display())]
    Unreadable {
        /// The file as it was named.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Lines of the file are malformed; every fault found, in the order of the lines.
    #[error("{}", lines(faults))]
    Malformed {
        /// At least one.
        faults: Vec<Malformed>,
    },
}

/// One fault of one line.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub struct Malformed {
    file: String,
    line: usize,
    field: Option<String>,
    problem: String,
}

impl Malformed {
    pub(crate) fn new(file: &str, line: usize, fault: Fault) -> Self {
        Self { file: file.to_owned(), line, field: fault.field, problem: fault.problem }
    }

    /// The file as it was named.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The line in the file, counted from 1, blank lines and comments included.
    pub fn line(&self) -> usize {
        self.line
    }

    /// The field, such as `nominees[1].email`; none where the line as a whole is at fault.
    pub fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }

    /// What is wrong with it.
    pub fn problem(&self) -> &str {
        &self.problem
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.file, self.line)?;
        if let Some(field) = &self.field {
            write!(f, "field `{field}`: ")?;
        }
        f.write_str(&self.problem)
    }
}

/// One fault of one line, before it is known which file and line that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    field: Option<String>,
    problem: String,
}

impl Fault {
    pub(crate) fn of_line(problem: impl Into<String>) -> Self {
        Self { field: None, problem: problem.into() }
    }

    pub(crate) fn of_field(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { field: Some(field.into()), problem: problem.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.field {
            Some(field) => write!(f, "{field}: {}", self.problem),
            None => f.write_str(&self.problem),
        }
    }
}

fn lines(faults: &[Malformed]) -> String {
    faults.iter().map(Malformed::to_string).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_names_file_line_and_field() {
        let fault =
            Malformed::new("a.jsonl", 7, Fault::of_field("nominees[1].email", "is missing"));
        assert_eq!(fault.to_string(), "a.jsonl:7: field `nominees[1].email`: is missing");
        assert_eq!((fault.file(), fault.line()), ("a.jsonl", 7));
        assert_eq!((fault.field(), fault.problem()), (Some("nominees[1].email"), "is missing"));
    }

    #[test]
    fn a_fault_of_the_whole_line_names_no_field() {
        let fault = Malformed::new("a.jsonl", 2, Fault::of_line("not JSON"));
        assert_eq!(fault.to_string(), "a.jsonl:2: not JSON");
        assert_eq!(fault.field(), None);
    }

    #[test]
    fn several_faults_are_several_lines() {
        let faults = vec![
            Malformed::new("a.jsonl", 2, Fault::of_line("not JSON")),
            Malformed::new("a.jsonl", 3, Fault::of_field("do", "is missing")),
        ];
        assert_eq!(
            ScenarioError::Malformed { faults }.to_string(),
            "a.jsonl:2: not JSON\na.jsonl:3: field `do`: is missing"
        );
    }
}
