//! An account, as Okta tells of it.

mod status;

use std::fmt;

use ravs_core::{EmailAddress, Subject};
use serde::Deserialize;

use crate::error::OktaError;
use crate::group::is_id;

pub use status::AccountStatus;

/// An account, as Okta tells of it. `Debug` shows its status only.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    id: Subject,
    status: AccountStatus,
    login: Option<String>,
}

/// The part of a user that is read. More may come at any time, and null may be left out.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct User {
    id: String,
    status: String,
    transitioning_to_status: Option<String>,
    profile: Option<Profile>,
}

#[derive(Deserialize)]
struct Profile {
    login: Option<String>,
}

impl Account {
    /// From what Okta answered to this call.
    pub(crate) fn read(call: &'static str, user: User) -> Result<Self, OktaError> {
        let id = Subject::new(&user.id).ok().filter(|id| is_id(id.as_str()));
        let id = id.ok_or_else(|| OktaError::protocol(call, "an account has no id like Okta's"))?;
        let status = match user.transitioning_to_status {
            Some(_) => AccountStatus::Other,
            None => AccountStatus::read(&user.status),
        };
        Ok(Self { id, status, login: user.profile.and_then(|profile| profile.login) })
    }

    /// Okta's lasting id of it, which is the subject of those who sign in with it.
    #[must_use]
    pub fn id(&self) -> &Subject {
        &self.id
    }

    /// Where it is in its life.
    #[must_use]
    pub fn status(&self) -> AccountStatus {
        self.status
    }

    /// Its login, where that is an email address.
    #[must_use]
    pub fn login(&self) -> Option<EmailAddress> {
        self.login.as_deref()?.parse().ok()
    }

    /// Whether this is its login: whatever the case, but not whatever the diacritics.
    pub(crate) fn is_of(&self, email: &EmailAddress) -> bool {
        self.login().is_some_and(|login| login == *email)
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("status", &self.status).finish_non_exhaustive()
    }
}
