//! Why the live interface gave no answer.

use std::time::Duration;

use ravs_core::port::PortError;

/// Why the live interface gave no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LiveError {
    /// The URL is none that can be asked.
    #[error(
        "the directory's URL is not one of `http` or `https` with a host and maybe a path, and \
         without a user, a query or a fragment"
    )]
    Url,
    /// TLS, or what sends requests, cannot be set up.
    #[error("requests to the directory cannot be set up")]
    SetUp(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// This interface cannot answer that, however often it is asked.
    #[error("the live directory cannot answer this: {what}; search an index of its files instead")]
    Unanswerable {
        /// What it cannot do.
        what: &'static str,
    },
    /// The turn of this request would come too late.
    #[error("too many requests to the directory are waiting")]
    Busy {
        /// How long it would have had to wait.
        retry_after: Duration,
    },
    /// The directory asks for patience.
    #[error("the directory asks for patience")]
    Throttled {
        /// How long, where it says so.
        retry_after: Option<Duration>,
    },
    /// It cannot be reached, or did not answer in time.
    #[error("the directory cannot be reached")]
    Unreachable(#[source] reqwest::Error),
    /// It has trouble of its own.
    #[error("the directory is in trouble: it answered {status}")]
    Trouble {
        /// The HTTP status.
        status: u16,
    },
    /// It does not take the request.
    #[error("the directory refused: it answered {status}")]
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// There is no such interface there: it answered 404 to a search, or not in JSON to a code.
    #[error("there is no directory at that URL: what answers 404 there is something else")]
    NotThere,
    /// There is more than the directory names in one answer, and too few of those fit.
    #[error("the directory names no more than {hits}, of which too few fit; ask more narrowly")]
    Incomplete {
        /// How many it named.
        hits: usize,
    },
    /// The answer has no end.
    #[error("the directory's answer is longer than 4 MiB")]
    TooLong,
    /// The answer is not as it should be.
    #[error("the directory's answer cannot be understood: {what}")]
    Unreadable {
        /// What is wrong with it.
        what: &'static str,
        /// What its reader said.
        #[source]
        source: Option<serde_json::Error>,
    },
}

impl From<LiveError> for PortError {
    fn from(error: LiveError) -> Self {
        let what = error.to_string();
        let meaning = match &error {
            LiveError::Busy { retry_after } => Self::throttled(Some(*retry_after), what),
            LiveError::Throttled { retry_after } => Self::throttled(*retry_after, what),
            LiveError::Unreachable(_) | LiveError::Trouble { .. } => Self::unavailable(what),
            LiveError::Url
            | LiveError::SetUp(_)
            | LiveError::Unanswerable { .. }
            | LiveError::Refused { .. }
            | LiveError::NotThere
            | LiveError::Incomplete { .. }
            | LiveError::TooLong
            | LiveError::Unreadable { .. } => Self::rejected(what),
        };
        meaning.caused_by(error)
    }
}
