//! The steps of a sequence, as data: who does what, when.

use std::fmt;

use chrono::{DateTime, Utc};
use ravs_core::{Action, OrganisationStatus, PermissionLevel, Region};

use crate::faulty::FaultPoint;

/// A whole sequence: where it begins, under which policy, and its steps.
#[derive(Clone, Debug)]
pub struct Sequence {
    /// The policy's profile.
    pub profile: Profile,
    /// When it begins (UTC).
    pub begins: DateTime<Utc>,
    /// Whether the clock may run backwards.
    pub skewed: bool,
    /// What happens.
    pub steps: Vec<Step>,
}

/// A line for each step.
impl fmt::Display for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { profile, begins, skewed, steps } = self;
        writeln!(f, "{profile:?} from {begins}, clock may run backwards: {skewed}")?;
        for (number, Step { clock, command, fault }) in steps.iter().enumerate() {
            writeln!(f, "{number:3} {clock:?} {command:?} {fault:?}")?;
        }
        Ok(())
    }
}

/// A profile of the policy, named as in the rulebook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// `AUG_2024`.
    Aug2024,
    /// `DEC_2024`.
    Dec2024,
    /// `SEP_2025`.
    Sep2025,
}

/// One step: the clock moves, then somebody does something.
#[derive(Clone, Debug)]
pub struct Step {
    /// How the clock moves.
    pub clock: ClockMove,
    /// What is done.
    pub command: Command,
    /// Where a commit of it fails, in a test with faults.
    pub fault: Option<(FaultPoint, usize)>,
}

/// How the clock moves before a step.
#[derive(Clone, Copy, Debug)]
pub enum ClockMove {
    /// On by so many nanoseconds; backwards where negative.
    By(i64),
    /// To so many nanoseconds from an organisation's closing instant, where one is set.
    ToClosing(usize, i64),
    /// To so many nanoseconds from a London midnight, this many days on.
    ToMidnight(i64, i64),
    /// To that instant (UTC).
    To(DateTime<Utc>),
}

/// A person as typed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// The first name.
    pub first: String,
    /// The last name.
    pub last: String,
    /// The address.
    pub email: String,
}

/// Someone whom the identity provider vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vouched {
    /// The address, where the provider vouches for one.
    pub email: Option<String>,
    /// The provider's id of them; usually always the same one for an address.
    pub subject: String,
}

/// A step of an organisation's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LifeStep {
    /// Take back the invitation.
    Withdraw,
    /// Deactivate it.
    Deactivate,
    /// Reactivate it.
    Reactivate,
    /// Only look at it.
    Show,
}

/// What somebody does. Organisations, sessions and records are named by a number, which counts
/// those that there are by then.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each field is what the command of that name takes")]
pub enum Command {
    AddRegionalLead {
        region: Region,
        from_mailbox: bool,
        lead: Typed,
    },
    StopRegionalLead {
        email: String,
    },
    ResendActivation {
        email: String,
    },
    Onboard {
        by: Vouched,
        code: String,
        vaccines: Vec<String>,
        nominees: Vec<Typed>,
    },
    Nominate {
        by: Vouched,
        organisation: usize,
        nominees: Vec<Typed>,
    },
    Life {
        by: Vouched,
        organisation: usize,
        step: LifeStep,
    },
    AddVaccines {
        by: Vouched,
        organisation: usize,
        vaccines: Vec<String>,
    },
    List {
        by: Vouched,
        status: Option<OrganisationStatus>,
        invited_by: Option<String>,
        limit: usize,
    },
    SignIn {
        who: Vouched,
    },
    Enter {
        who: Vouched,
        organisation: usize,
    },
    Authorise {
        session: usize,
        action: Action,
        vaccine: Option<String>,
    },
    AddUser {
        session: usize,
        person: Typed,
        clinician: bool,
        level: PermissionLevel,
    },
    ChangeUser {
        session: usize,
        email: String,
        level: Option<PermissionLevel>,
        clinician: Option<bool>,
    },
    DeactivateUser {
        session: usize,
        email: String,
    },
    ReactivateUser {
        session: usize,
        email: String,
    },
    MoveToMainEmail {
        session: usize,
        from: String,
        to: String,
    },
    Users {
        session: usize,
    },
    Clinicians {
        session: usize,
    },
    Records {
        session: usize,
    },
    Record {
        session: usize,
        vaccine: String,
        day: i64,
        assessing: String,
        consenting: String,
    },
    Edit {
        session: usize,
        record: usize,
        day: Option<i64>,
        assessing: Option<String>,
        consenting: Option<String>,
    },
    Report {
        session: usize,
        first: i64,
        last: i64,
    },
    Sweep,
    Deliver {
        provider_up: bool,
        mailer_up: bool,
        limit: usize,
    },
}

impl Command {
    /// Who asks, where the identity provider vouches for them.
    pub(super) fn vouched(&self) -> Option<&Vouched> {
        match self {
            Self::Onboard { by, .. }
            | Self::Nominate { by, .. }
            | Self::Life { by, .. }
            | Self::AddVaccines { by, .. }
            | Self::List { by, .. } => Some(by),
            Self::SignIn { who } | Self::Enter { who, .. } => Some(who),
            _ => None,
        }
    }

    /// The session it is done in.
    pub(super) fn session(&self) -> Option<usize> {
        match self {
            Self::Authorise { session, .. }
            | Self::AddUser { session, .. }
            | Self::ChangeUser { session, .. }
            | Self::DeactivateUser { session, .. }
            | Self::ReactivateUser { session, .. }
            | Self::MoveToMainEmail { session, .. }
            | Self::Users { session }
            | Self::Clinicians { session }
            | Self::Records { session }
            | Self::Record { session, .. }
            | Self::Edit { session, .. }
            | Self::Report { session, .. } => Some(*session),
            _ => None,
        }
    }
}
