//! The identity provider.

use alloc::boxed::Box;

use async_trait::async_trait;

use super::{AccessCursor, AccessPage, PortError};
use crate::user::{EmailAddress, PersonName, Subject, User};

/// A person, as the identity provider is told of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Their address, which is their login.
    pub email: EmailAddress,
    /// Their name, for an account that is made.
    pub name: PersonName,
    /// The provider's lasting id of them, once they have signed in.
    pub subject: Option<Subject>,
}

impl From<&User> for Person {
    fn from(user: &User) -> Self {
        let (email, name) = (user.email().clone(), user.name().clone());
        Self { email, name, subject: user.subject().cloned() }
    }
}

/// Where an account is at the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccountState {
    /// It waits for its owner to follow the activation email.
    PendingActivation,
    /// It is in use; maybe its owner has to reset a password or unlock it first.
    Active,
    /// The provider has suspended it; only its support desk can restore it.
    Suspended,
    /// The provider has deactivated it; that is for the account's owners to change, not for RAVS.
    Deactivated,
}

/// What became of a request to send the activation email again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Resent {
    /// It was sent.
    Sent,
    /// There is nothing to activate: the account is in use, or cannot be activated.
    NothingToActivate,
    /// There is no account.
    NoAccount,
}

/// Knows people's accounts, and which of them have access to RAVS.
///
/// Access is apart from the account: an account serves other NHS services too, and is never
/// deactivated, suspended or deleted from here (R-N5). Every method may be repeated.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait IdentityProvider: Send + Sync {
    /// The state of a person's account; `None` without one. Changes nothing.
    ///
    /// # Errors
    /// [`PortError`] when the provider cannot be asked.
    async fn account(&self, person: &Person) -> Result<Option<AccountState>, PortError>;

    /// Sees that a person has an account: makes one where there is none, in which case the
    /// provider sends its own activation email (R-N1). One that still waits for activation may
    /// be sent that email again. Grants no access.
    ///
    /// # Errors
    /// [`PortError`], rejected where the provider will not have this person.
    async fn ensure_account(&self, person: &Person) -> Result<AccountState, PortError>;

    /// Lets an account sign in to RAVS; one that may already stays so.
    ///
    /// # Errors
    /// [`PortError`], rejected where there is no account that could be let in.
    async fn grant_access(&self, person: &Person) -> Result<(), PortError>;

    /// Stops an account from signing in to RAVS, and nothing else of it; one that may not, or
    /// does not exist, stays so.
    ///
    /// # Errors
    /// [`PortError`] when the provider cannot be told.
    async fn withdraw_access(&self, person: &Person) -> Result<(), PortError>;

    /// Has the provider send its activation email again (R-A5).
    ///
    /// # Errors
    /// [`PortError`] when the provider cannot be told.
    async fn resend_activation(&self, person: &Person) -> Result<Resent, PortError>;

    /// A page of the accounts that may sign in to RAVS, from after a page on: all pages together
    /// have each of them once, and none of which that was not true meanwhile.
    ///
    /// # Errors
    /// [`PortError`] when the provider cannot be asked; rejected, where the cursor is not one of
    /// its own.
    async fn accounts_with_access(
        &self,
        after: Option<AccessCursor>,
    ) -> Result<AccessPage, PortError>;

    /// As [`withdraw_access`](Self::withdraw_access), for an account that is nobody's in RAVS.
    ///
    /// # Errors
    /// [`PortError`] when the provider cannot be told.
    async fn withdraw_access_of(&self, subject: &Subject) -> Result<(), PortError>;
}
