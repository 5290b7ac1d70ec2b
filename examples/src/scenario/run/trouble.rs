//! Why a step has no result.

use ravs_core::port::PortError;
use ravs_core::{Failure, Fault, Refusal};

use crate::scenario::step::Step;

/// Why a step has no result.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The library said no.
    Refused(Refusal),
    /// The step could not be told to the library, or the world failed.
    Failed(String),
}

impl Trouble {
    /// What was typed in cannot be read; all that is wrong with it.
    pub(super) fn unreadable(faults: impl IntoIterator<Item = Option<Fault>>) -> Self {
        match Refusal::of(faults.into_iter().flatten().collect()) {
            Some(refusal) => Self::Refused(refusal),
            None => Self::Failed("what was typed in cannot be read".to_owned()),
        }
    }

    /// The step belongs to another actor. A story that was read from a file has no such step.
    pub(super) fn not_theirs(step: &Step) -> Self {
        let (kind, word) = (step.actor.kind(), step.command.word());
        Self::Failed(format!("`{word}` is not for `{kind}`"))
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => Self::Refused(refusal),
            other => Self::Failed(other.to_string()),
        }
    }
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::Refused(fault.into())
    }
}

impl From<PortError> for Trouble {
    fn from(error: PortError) -> Self {
        Failure::from(error).into()
    }
}
