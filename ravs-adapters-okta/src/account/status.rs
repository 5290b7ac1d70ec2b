//! Where an account is in its life.

use ravs_core::port::AccountState;

/// Where an account is in its life at Okta.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccountStatus {
    /// Made, and nobody told.
    Staged,
    /// Its owner has an activation email.
    Provisioned,
    /// In use.
    Active,
    /// Its owner has to finish resetting a password.
    Recovery,
    /// Its owner has to choose a new password when signing in.
    PasswordExpired,
    /// Locked after wrong passwords; unlocks itself, or is unlocked by Okta's support.
    LockedOut,
    /// Suspended: only Okta's support can restore it.
    Suspended,
    /// Deactivated by its owners.
    Deprovisioned,
    /// On the way from one to another, or one that this crate does not know.
    Other,
}

impl AccountStatus {
    pub(super) fn read(text: &str) -> Self {
        match text {
            "STAGED" => Self::Staged,
            "PROVISIONED" => Self::Provisioned,
            "ACTIVE" => Self::Active,
            "RECOVERY" => Self::Recovery,
            "PASSWORD_EXPIRED" => Self::PasswordExpired,
            "LOCKED_OUT" => Self::LockedOut,
            "SUSPENDED" => Self::Suspended,
            "DEPROVISIONED" => Self::Deprovisioned,
            _ => Self::Other,
        }
    }

    /// What it is to the core.
    #[must_use]
    pub fn state(self) -> AccountState {
        match self {
            Self::Staged | Self::Provisioned | Self::Other => AccountState::PendingActivation,
            Self::Active | Self::Recovery | Self::PasswordExpired | Self::LockedOut => {
                AccountState::Active
            }
            Self::Suspended => AccountState::Suspended,
            Self::Deprovisioned => AccountState::Deactivated,
        }
    }
}
