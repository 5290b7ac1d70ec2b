//! A step that an organisation's life does not allow.

use alloc::string::ToString as _;
use core::fmt;

use super::OrganisationStatus;
use crate::refusal::{Code, Fault};

/// A step in an organisation's life that somebody asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Take back an invitation sent by mistake (R-O7).
    Withdraw,
    /// Begin the closing process (R-L2).
    Deactivate,
    /// Stop the closing process (R-L4).
    Reactivate,
    /// Write down a closing that has come (R-L6).
    WriteDownClosing,
    /// Enter it (R-S3).
    Enter,
    /// Grant further vaccine types (R-V2).
    AddVaccines,
    /// Nominate further lead administrators (R-O8).
    Nominate,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Withdraw => "withdraw its invitation",
            Self::Deactivate => "deactivate it",
            Self::Reactivate => "reactivate it",
            Self::WriteDownClosing => "close it",
            Self::Enter => "enter it",
            Self::AddVaccines => "add vaccines",
            Self::Nominate => "nominate lead administrators",
        })
    }
}

/// A step that is not open from where the organisation is: from, attempted, why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the organisation is {from}: no one can {attempted}{}", hint(*.from, *.code))]
pub struct StepRefused {
    from: OrganisationStatus,
    attempted: Step,
    code: Code,
}

impl StepRefused {
    pub(crate) fn new(from: OrganisationStatus, attempted: Step, code: Code) -> Self {
        Self { from, attempted, code }
    }

    /// Where the organisation was.
    #[must_use]
    pub fn from(&self) -> OrganisationStatus {
        self.from
    }

    /// What was asked for.
    #[must_use]
    pub fn attempted(&self) -> Step {
        self.attempted
    }

    /// Why not.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }
}

fn hint(from: OrganisationStatus, code: Code) -> &'static str {
    match code {
        Code::StillInvited => "; its invitation can be withdrawn",
        Code::AlreadyActive if from == OrganisationStatus::Active => "; it can be deactivated",
        Code::OrganisationDeactivated => "; it can be reactivated until it closes",
        Code::OrganisationClosed => " any more; the body can be onboarded again",
        _ => "",
    }
}

impl From<StepRefused> for Fault {
    fn from(refused: StepRefused) -> Self {
        Self::new(refused.code, refused.to_string())
    }
}
