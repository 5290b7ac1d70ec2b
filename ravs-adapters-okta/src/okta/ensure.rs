//! An account, seen to; and access with it.

use ravs_core::port::Person;

use super::Okta;
use super::create::{Made, With};
use super::find::signs_in_with;
use super::resend::{Mail, is_refused_for_status};
use crate::account::{Account, AccountStatus};
use crate::error::{OktaError, OktaErrorKind};
use crate::outcome::{Ensured, Need};
use crate::pace::Deadline;

const CALL: &str = "seeing to an account";

impl Okta {
    /// Sees that a person has an account and access: makes an account where there is none, in
    /// which case Okta emails its owner; one that waits for its owner is sent that email again.
    /// May be repeated.
    ///
    /// # Errors
    /// `AccountDeactivated` where its owners have deactivated the account, of which nothing is
    /// changed; `AmbiguousAccount` where the address belongs to another login; `NotFound` where
    /// the account that they sign in with is gone; `Rejected` where Okta will not have this
    /// person; else what stands against doing it.
    pub async fn ensure_access(&self, person: &Person) -> Result<(Account, Ensured), OktaError> {
        self.ensure(person, With::Access, self.http.deadline()).await
    }

    /// The same, with or without access.
    pub(super) async fn ensure(
        &self,
        person: &Person,
        with: With,
        deadline: Deadline,
    ) -> Result<(Account, Ensured), OktaError> {
        let account = match self.found(person, deadline).await? {
            Some(account) => account,
            None => match self.create(person, with, deadline).await? {
                Made::Here(account) => {
                    if with == With::Access {
                        self.join_soon(account.id(), deadline).await?;
                    }
                    return Ok((account, Ensured::Created));
                }
                Made::Elsewhere(account) if account.status() == AccountStatus::Provisioned => {
                    // Whoever was faster has had the email sent.
                    if with == With::Access {
                        self.join_soon(account.id(), deadline).await?;
                    }
                    return Ok((account, Ensured::PendingActivation));
                }
                Made::Elsewhere(account) => account,
            },
        };
        self.see_to(account, with, deadline).await
    }

    /// By what is true at once: a filter's answer may be a second old, and what it could find in
    /// addition is found when Okta refuses to make the account a second time.
    async fn found(
        &self,
        person: &Person,
        deadline: Deadline,
    ) -> Result<Option<Account>, OktaError> {
        let Some(id) = signs_in_with(person) else {
            return self.by_path(&person.email, deadline).await;
        };
        // A new one would not be theirs: they are known by the one that is gone.
        let gone = || {
            let what = "the account that this person signs in with is gone";
            OktaError::new(OktaErrorKind::NotFound, CALL, what)
        };
        self.by_id(id, deadline).await?.ok_or_else(gone).map(Some)
    }

    /// Does for an account that was there what its status asks for.
    async fn see_to(
        &self,
        account: Account,
        with: With,
        deadline: Deadline,
    ) -> Result<(Account, Ensured), OktaError> {
        if account.status() == AccountStatus::Deprovisioned {
            // Without access it is only told of as it is.
            if with == With::NoAccess {
                return Ok((account, Ensured::Existing { needs: Some(Need::Support) }));
            }
            return Err(deactivated(CALL));
        }
        if with == With::Access {
            self.join(account.id(), deadline).await?;
        }
        let mail = match account.status() {
            AccountStatus::Staged => Mail::Activate,
            AccountStatus::Provisioned => Mail::Reactivate,
            status => return Ok((account, settled(status))),
        };
        match self.mail(account.id(), mail, deadline).await {
            Ok(()) if mail == Mail::Activate => Ok((account, Ensured::Invited)),
            Ok(()) => Ok((account, Ensured::PendingActivation)),
            // It has changed since it was read: what it is now needs no email, or is an error.
            Err(error) if is_refused_for_status(&error) => {
                match self.by_id(account.id(), deadline).await? {
                    Some(now) if now.status() != account.status() => {
                        let ensured = settled(now.status());
                        Ok((now, ensured))
                    }
                    _ => Err(error),
                }
            }
            Err(error) => Err(error),
        }
    }
}

/// What an account is told as that needs no email.
fn settled(status: AccountStatus) -> Ensured {
    match status {
        AccountStatus::Active | AccountStatus::PasswordExpired => Ensured::Existing { needs: None },
        AccountStatus::Recovery => Ensured::Existing { needs: Some(Need::Reset) },
        AccountStatus::LockedOut => Ensured::Existing { needs: Some(Need::Unlock) },
        AccountStatus::Suspended | AccountStatus::Deprovisioned => {
            Ensured::Existing { needs: Some(Need::Support) }
        }
        AccountStatus::Staged | AccountStatus::Provisioned | AccountStatus::Other => {
            Ensured::PendingActivation
        }
    }
}

/// Its owners have deactivated it.
pub(super) fn deactivated(call: &'static str) -> OktaError {
    let what = "the account is deactivated, which is for its owners to change";
    OktaError::new(OktaErrorKind::AccountDeactivated, call, what)
}
