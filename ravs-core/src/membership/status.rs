//! Whether a user may enter an organisation.

use core::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Where a membership is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum MembershipStatus {
    /// Added; has not entered this organisation yet.
    Invited,
    /// Has entered.
    Active,
    /// Access here was taken away; it can be given back.
    Deactivated,
}

impl MembershipStatus {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Invited, Self::Active, Self::Deactivated];

    /// The status as the service shows it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "Invited",
            Self::Active => "Active",
            Self::Deactivated => "Deactivated",
        }
    }
}

impl fmt::Display for MembershipStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The first and the last time that a user entered an organisation (UTC).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entries {
    /// The first.
    pub first: DateTime<Utc>,
    /// The last.
    pub last: DateTime<Utc>,
}

/// What is stored of where a membership is. Times are UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MembershipState {
    /// Added; has not entered this organisation yet.
    Invited,
    /// Has entered.
    Active {
        /// When.
        entered: Entries,
    },
    /// Access here was taken away.
    Deactivated {
        /// When.
        at: DateTime<Utc>,
        /// When they had entered, if they ever had.
        entered: Option<Entries>,
    },
}

impl MembershipState {
    /// The status.
    #[inline]
    #[must_use]
    pub const fn status(&self) -> MembershipStatus {
        match self {
            Self::Invited => MembershipStatus::Invited,
            Self::Active { .. } => MembershipStatus::Active,
            Self::Deactivated { .. } => MembershipStatus::Deactivated,
        }
    }

    /// When the user has entered here, if ever.
    #[must_use]
    pub const fn entered(&self) -> Option<Entries> {
        match self {
            Self::Invited => None,
            Self::Active { entered } => Some(*entered),
            Self::Deactivated { entered, .. } => *entered,
        }
    }
}
