//! What can go wrong with a test server.

use std::error::Error;
use std::io;

use thiserror::Error as ThisError;

/// A test server cannot be had, or does not do what it was told.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum ServerError {
    /// A program is not on this machine.
    #[error("{program} is not found: {advice}; looked in {}", .looked.join(", "))]
    NotFound {
        /// The program.
        program: &'static str,
        /// Every place that was looked in, in that order.
        looked: Vec<String>,
        /// What to do, in one line.
        advice: &'static str,
    },
    /// An operation of the operating system failed.
    #[error("cannot {what}")]
    Io {
        /// What was tried.
        what: String,
        /// Why it failed.
        source: io::Error,
    },
    /// A program failed, or did not do in time what it was waited for.
    #[error("{what}; the end of its log:\n{log}")]
    Program {
        /// What happened.
        what: String,
        /// The last lines of the program's log.
        log: String,
    },
    /// A statement of the test server's own failed.
    #[error("cannot {what}")]
    Sql {
        /// What was tried.
        what: String,
        /// Why it failed.
        source: tokio_postgres::Error,
    },
    /// The closure that fills a template failed.
    #[error("the template `{name}` cannot be filled")]
    Template {
        /// The template's name.
        name: String,
        /// What the closure answered.
        source: Box<dyn Error + Send + Sync>,
    },
    /// What was asked for cannot be done.
    #[error("{0}")]
    Unusable(String),
}

/// Says what was tried, when an operation of the operating system fails.
pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> ServerError {
    let what = what.into();
    move |source| ServerError::Io { what, source }
}

/// Says what was tried, when a statement fails.
pub(crate) fn sql(what: impl Into<String>) -> impl FnOnce(tokio_postgres::Error) -> ServerError {
    let what = what.into();
    move |source| ServerError::Sql { what, source }
}
