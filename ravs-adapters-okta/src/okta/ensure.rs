//! An account, seen to; and access with it.

use ravs_core::port::Person;

use super::Okta;
use super::create::{Made, With};
use super::find::signs_in_with;
use super::recent::Known;
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
        let (account, ensured) = match self.found(person, deadline).await? {
            Some(account) => self.see_to(account, with, deadline).await?,
            None => self.make(person, with, deadline).await?,
        };
        if signs_in_with(person).is_none() {
            self.recent.note(&person.email, &account, self.http.pace().elapsed());
        }
        Ok((account, ensured))
    }

    /// Makes an account, unless that was done a moment ago.
    async fn make(
        &self,
        person: &Person,
        with: With,
        deadline: Deadline,
    ) -> Result<(Account, Ensured), OktaError> {
        let now = self.http.pace().elapsed();
        let (account, ensured) = match self.recent.of(&person.email, now) {
            // Its owner has had the email sent, and Okta does not show it yet.
            Some(Known::Account(account)) => {
                if with == With::Access && account.status() == AccountStatus::Deprovisioned {
                    return Err(deactivated(CALL));
                }
                let ensured = settled(account.status());
                (account, ensured)
            }
            Some(Known::Maybe) | None => match self.create(person, with, deadline).await? {
                Made::Here(account) => (account, Ensured::Created),
                // Whoever was faster has had the email sent.
                Made::Elsewhere(account) if account.status() == AccountStatus::Provisioned => {
                    (account, Ensured::PendingActivation)
                }
                Made::Elsewhere(account) => return self.see_to(account, with, deadline).await,
            },
        };
        self.recent.note(&person.email, &account, self.http.pace().elapsed());
        if with == With::Access {
            self.join(account.id(), deadline).await?;
        }
        Ok((account, ensured))
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
        let Err(error) = self.mail(account.id(), mail, deadline).await else {
            let invited = mail == Mail::Activate;
            let ensured = if invited { Ensured::Invited } else { Ensured::PendingActivation };
            return Ok((account, ensured));
        };
        match error.kind() {
            // The account is there, and a second email is for a person to ask for.
            OktaErrorKind::Unknown | OktaErrorKind::NotYet => {
                Ok((account, Ensured::PendingActivation))
            }
            // It has changed since it was read, and it is told of as it is now. No email is worth
            // keeping somebody out.
            _ if is_refused_for_status(&error) => {
                let now = self.by_id(account.id(), deadline).await?.unwrap_or(account);
                let ensured = settled(now.status());
                Ok((now, ensured))
            }
            _ => Err(error),
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
