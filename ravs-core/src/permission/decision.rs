//! The decision: allowed, or the first reason why not.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::refusal::{Code, Fault};

/// Why an action is not allowed, in the order in which they are given (R-P5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Reason {
    /// The organisation is closed.
    OrganisationClosed,
    /// The user's membership there is deactivated.
    MembershipDeactivated,
    /// Nobody has entered the organisation yet.
    OrganisationInvited,
    /// The user has not entered the organisation yet.
    MembershipInvited,
    /// The organisation is deactivated, and does not let this action through.
    OrganisationDeactivated,
    /// The user's level does not cover the action.
    PermissionLevel,
    /// The organisation may not record this vaccine type.
    VaccineNotGranted,
}

impl Reason {
    /// All seven, in their order.
    pub const ALL: [Self; 7] = [
        Self::OrganisationClosed,
        Self::MembershipDeactivated,
        Self::OrganisationInvited,
        Self::MembershipInvited,
        Self::OrganisationDeactivated,
        Self::PermissionLevel,
        Self::VaccineNotGranted,
    ];

    /// The code of a refusal for this reason.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::OrganisationClosed => Code::OrganisationClosed,
            Self::MembershipDeactivated => Code::MembershipDeactivated,
            Self::OrganisationInvited => Code::OrganisationInvited,
            Self::MembershipInvited => Code::MembershipInvited,
            Self::OrganisationDeactivated => Code::OrganisationDeactivated,
            Self::PermissionLevel => Code::PermissionLevel,
            Self::VaccineNotGranted => Code::VaccineNotGranted,
        }
    }

    /// What is the matter, as a sentence for a person.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Self::OrganisationClosed => "the organisation is closed",
            Self::MembershipDeactivated => "your access at this organisation is deactivated",
            Self::OrganisationInvited => "nobody has entered this organisation yet",
            Self::MembershipInvited => "you have not entered this organisation yet",
            Self::OrganisationDeactivated => "the organisation is deactivated",
            Self::PermissionLevel => "your permission level does not cover this",
            Self::VaccineNotGranted => "the organisation may not record this vaccine type",
        }
    }

    /// What would lift it, as a sentence for a person (R-P6).
    #[must_use]
    pub const fn lifted_by(self) -> &'static str {
        match self {
            Self::OrganisationClosed => {
                "nothing: closing is final; the region can onboard the body as a new organisation"
            }
            Self::MembershipDeactivated => "a lead administrator here reactivates the user",
            Self::OrganisationInvited => "a member enters the organisation for the first time",
            Self::MembershipInvited => "the user signs in and enters this organisation",
            Self::OrganisationDeactivated => {
                "a regional lead reactivates the organisation before it closes"
            }
            Self::PermissionLevel => {
                "a lead administrator gives the user a higher level, and the user signs in again"
            }
            Self::VaccineNotGranted => "a regional lead adds the vaccine type to the organisation",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code().as_str())
    }
}

impl From<Reason> for Fault {
    fn from(reason: Reason) -> Self {
        Self::new(reason.code(), reason.message())
    }
}

/// Every reason that holds, a bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reasons(u8);

impl Reasons {
    pub(super) const NONE: Self = Self(0);

    #[inline]
    pub(super) const fn when(self, holds: bool, reason: Reason) -> Self {
        Self(self.0 | ((holds as u8) << reason as u8))
    }

    /// The decision that they come to: the first that holds refuses.
    #[inline]
    pub const fn decision(self) -> Decision {
        match self.0.trailing_zeros() {
            0 => Decision::Refused(Reason::OrganisationClosed),
            1 => Decision::Refused(Reason::MembershipDeactivated),
            2 => Decision::Refused(Reason::OrganisationInvited),
            3 => Decision::Refused(Reason::MembershipInvited),
            4 => Decision::Refused(Reason::OrganisationDeactivated),
            5 => Decision::Refused(Reason::PermissionLevel),
            6 => Decision::Refused(Reason::VaccineNotGranted),
            _ => Decision::Allowed,
        }
    }

    /// Those that hold, in their order.
    pub fn iter(self) -> impl Iterator<Item = Reason> {
        Reason::ALL.into_iter().filter(move |reason| (self.0 >> *reason as u8) & 1 == 1)
    }

    /// Whether none holds.
    #[inline]
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// Whether an action is allowed, and if not, the first reason (R-P5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[must_use]
pub enum Decision {
    /// It is allowed.
    Allowed,
    /// It is not.
    Refused(Reason),
}

impl Decision {
    /// Whether the action is allowed.
    #[must_use]
    pub const fn is_allowed(self) -> bool {
        matches!(self, Self::Allowed)
    }
}
