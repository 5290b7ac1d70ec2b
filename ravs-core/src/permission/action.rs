//! What a user may want to do at an organisation.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::organisation::VaccineType;

/// What a user may want to do at an organisation (R-P2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Action {
    /// Record a vaccination.
    RecordVaccination,
    /// Edit a record, and read records.
    EditVaccination,
    /// Add and manage vaccines.
    ManageVaccines,
    /// Create reports.
    CreateReports,
    /// Add, change and reactivate users.
    ManageUsers,
    /// Deactivate users, and list them.
    DeactivateUser,
}

impl Action {
    /// All six.
    pub const ALL: [Self; 6] = [
        Self::RecordVaccination,
        Self::EditVaccination,
        Self::ManageVaccines,
        Self::CreateReports,
        Self::ManageUsers,
        Self::DeactivateUser,
    ];

    /// The action as the rulebook spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RecordVaccination => "record_vaccination",
            Self::EditVaccination => "edit_vaccination",
            Self::ManageVaccines => "manage_vaccines",
            Self::CreateReports => "create_reports",
            Self::ManageUsers => "manage_users",
            Self::DeactivateUser => "deactivate_user",
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A text that names no action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an action that a user can be allowed")]
pub struct UnknownAction;

impl FromStr for Action {
    type Err = UnknownAction;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|action| action.as_str() == text).ok_or(UnknownAction)
    }
}

/// What a decision is asked about: an action, and for recording the vaccine type.
///
/// An [`Action`] alone asks whether it is allowed at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request<'a> {
    action: Action,
    vaccine: Option<&'a VaccineType>,
}

impl<'a> Request<'a> {
    /// To record a vaccination of this type.
    #[must_use]
    pub const fn recording(vaccine: &'a VaccineType) -> Self {
        Self { action: Action::RecordVaccination, vaccine: Some(vaccine) }
    }

    /// The action.
    #[must_use]
    pub const fn action(&self) -> Action {
        self.action
    }

    /// The vaccine type to record.
    #[must_use]
    pub const fn vaccine(&self) -> Option<&'a VaccineType> {
        self.vaccine
    }
}

impl From<Action> for Request<'_> {
    fn from(action: Action) -> Self {
        Self { action, vaccine: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // R-P2
    #[test]
    fn the_six_actions_are_spelled_as_in_the_rulebook() {
        let spelled = Action::ALL.map(Action::as_str);
        assert_eq!(
            spelled,
            [
                "record_vaccination",
                "edit_vaccination",
                "manage_vaccines",
                "create_reports",
                "manage_users",
                "deactivate_user",
            ]
        );
        for action in Action::ALL {
            assert_eq!(action.as_str().parse(), Ok(action));
        }
        assert_eq!("delete_user".parse::<Action>(), Err(UnknownAction));
    }
}
