//! The world failing: what a caller may do about it.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use core::error::Error;
use core::fmt;
use core::time::Duration;

use crate::stored::Corrupt;

/// What a caller may do about a [`PortError`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PortErrorKind {
    /// Something that a decision was made on has changed: load and decide again.
    Conflict,
    /// It cannot be reached, or is not ready: try again later.
    Unavailable,
    /// It asks for patience: try again after that time, where it says one.
    Throttled {
        /// How long to wait.
        retry_after: Option<Duration>,
    },
    /// It will not do this, however often it is asked.
    Rejected,
    /// What is stored breaks a rule, and did not load.
    Corrupt {
        /// What is wrong with it.
        what: Cow<'static, str>,
    },
}

/// The world failing. Says what the caller may do, keeps its source, holds no personal data.
///
/// ```
/// use ravs_core::port::PortError;
///
/// let error = PortError::unavailable("the store does not answer");
/// assert!(error.is_retryable() && !error.is_conflict());
/// assert_eq!(error.to_string(), "unavailable: the store does not answer");
/// ```
#[derive(Debug)]
pub struct PortError {
    kind: PortErrorKind,
    what: Cow<'static, str>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl PortError {
    fn new(kind: PortErrorKind, what: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, what: what.into(), source: None }
    }

    /// Something that a decision was made on has changed.
    #[must_use]
    pub fn conflict(what: impl Into<Cow<'static, str>>) -> Self {
        Self::new(PortErrorKind::Conflict, what)
    }

    /// It cannot be reached, or is not ready.
    #[must_use]
    pub fn unavailable(what: impl Into<Cow<'static, str>>) -> Self {
        Self::new(PortErrorKind::Unavailable, what)
    }

    /// It asks for patience.
    #[must_use]
    pub fn throttled(retry_after: Option<Duration>, what: impl Into<Cow<'static, str>>) -> Self {
        Self::new(PortErrorKind::Throttled { retry_after }, what)
    }

    /// It will not do this.
    #[must_use]
    pub fn rejected(what: impl Into<Cow<'static, str>>) -> Self {
        Self::new(PortErrorKind::Rejected, what)
    }

    /// What is stored breaks a rule.
    #[must_use]
    pub fn corrupt(what: impl Into<Cow<'static, str>>) -> Self {
        let what = what.into();
        Self::new(PortErrorKind::Corrupt { what: what.clone() }, what)
    }

    /// The same error, caused by `source`.
    #[must_use]
    pub fn caused_by(self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { source: Some(source.into()), ..self }
    }

    /// What a caller may do about it.
    #[must_use]
    pub fn kind(&self) -> &PortErrorKind {
        &self.kind
    }

    /// Whether it is a conflict.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.kind == PortErrorKind::Conflict
    }

    /// Whether trying again may help.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self.kind {
            PortErrorKind::Conflict
            | PortErrorKind::Unavailable
            | PortErrorKind::Throttled { .. } => true,
            PortErrorKind::Rejected | PortErrorKind::Corrupt { .. } => false,
        }
    }
}

impl fmt::Display for PortError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            PortErrorKind::Conflict => "conflict",
            PortErrorKind::Unavailable => "unavailable",
            PortErrorKind::Throttled { .. } => "throttled",
            PortErrorKind::Rejected => "rejected",
            PortErrorKind::Corrupt { .. } => "corrupt",
        };
        write!(f, "{kind}: {}", self.what)
    }
}

impl Error for PortError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}

impl From<Corrupt> for PortError {
    fn from(corrupt: Corrupt) -> Self {
        Self::corrupt(alloc::string::String::from(corrupt.what())).caused_by(corrupt)
    }
}
