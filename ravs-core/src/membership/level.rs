//! How much a user may do at an organisation.

use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

/// How much a user may do at one organisation (R-P1); it differs from one to the next (R-U6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum PermissionLevel {
    /// Records and edits vaccinations.
    Recorder,
    /// Manages vaccines and creates reports too.
    Administrator,
    /// Adds and manages users too.
    #[serde(rename = "Lead administrator")]
    LeadAdministrator,
}

impl PermissionLevel {
    /// All three, the least first.
    pub const ALL: [Self; 3] = [Self::Recorder, Self::Administrator, Self::LeadAdministrator];

    /// The level as the service shows it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Recorder => "Recorder",
            Self::Administrator => "Administrator",
            Self::LeadAdministrator => "Lead administrator",
        }
    }
}

impl fmt::Display for PermissionLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A text that names no permission level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a permission level is `Recorder`, `Administrator` or `Lead administrator`")]
pub struct UnknownLevel;

/// Reads a level in any case, with spaces, `_`, `-` or nothing between its words.
impl FromStr for PermissionLevel {
    type Err = UnknownLevel;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let letters = |text: &str| -> String {
            text.chars().filter(|c| !matches!(c, ' ' | '_' | '-')).collect::<String>()
        };
        let wanted = letters(text);
        Self::ALL
            .into_iter()
            .find(|level| letters(level.as_str()).eq_ignore_ascii_case(&wanted))
            .ok_or(UnknownLevel)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_read_back_in_every_spelling() {
        for level in PermissionLevel::ALL {
            assert_eq!(level.as_str().parse(), Ok(level));
        }
        for text in ["LeadAdministrator", "lead_administrator", "LEAD-administrator"] {
            assert_eq!(text.parse(), Ok(PermissionLevel::LeadAdministrator));
        }
        assert_eq!("lead".parse::<PermissionLevel>(), Err(UnknownLevel));
    }
}
