//! Why a call did not succeed.

use crate::port::PortError;
use crate::refusal::{Code, Fault, Refusal};

/// Why a call did not succeed: the domain said no, or the world failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The domain said no; the same call will be refused again until something changes.
    #[error(transparent)]
    Refused(Refusal),
    /// The world failed; see [`PortError::is_retryable`].
    #[error(transparent)]
    Failed(PortError),
}

impl Failure {
    /// The refusal, if it is one.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            Self::Failed(_) => None,
        }
    }

    /// The refusal's code, if it is one.
    #[must_use]
    pub fn code(&self) -> Option<Code> {
        self.refusal().map(Refusal::code)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Refused(fault.into())
    }
}

impl From<PortError> for Failure {
    fn from(error: PortError) -> Self {
        Self::Failed(error)
    }
}
