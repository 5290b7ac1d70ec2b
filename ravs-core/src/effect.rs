//! What must happen outside, as data: committed with the change that causes it (R-N4).

mod key;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::change::ChangeSetId;
use crate::notice::Notice;
use crate::user::UserId;

pub use key::EffectKey;

/// Something to carry out after the commit, once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// Its name.
    pub key: EffectKey,
    /// What is to be done.
    pub work: Work,
    /// Since when it is to be done (UTC).
    pub queued_at: DateTime<Utc>,
}

/// What is to be done outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// See that a person added has an account at the identity provider, and access (R-N1).
    OpenAccount {
        /// Who.
        user: UserId,
    },
    /// See that a person's access at the identity provider is as it should be (R-N5).
    SettleAccess {
        /// Who.
        user: UserId,
    },
    /// Have the identity provider send its activation email again (R-A5).
    ResendActivation {
        /// To whom.
        user: UserId,
    },
    /// Send an email.
    Send {
        /// Which.
        notice: Notice,
    },
}

impl Work {
    /// Whom it is about.
    #[must_use]
    pub const fn user(&self) -> UserId {
        match self {
            Self::OpenAccount { user }
            | Self::SettleAccess { user }
            | Self::ResendActivation { user } => *user,
            Self::Send { notice } => notice.user(),
        }
    }

    /// What it is, in a word or two: `settle_access`, `welcome_user`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::OpenAccount { .. } => "open_account",
            Self::SettleAccess { .. } => "settle_access",
            Self::ResendActivation { .. } => "resend_activation",
            Self::Send { notice } => notice.kind().as_str(),
        }
    }
}

impl Effect {
    /// An effect of a change; one change has one effect of a kind for a person.
    pub(crate) fn of(change: ChangeSetId, work: Work, queued_at: DateTime<Utc>) -> Self {
        let key = alloc::format!("{}.{}.{change}", work.name(), work.user());
        Self { key: EffectKey::from_stored(key), work, queued_at }
    }
}
