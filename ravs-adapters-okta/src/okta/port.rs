//! What the core asks of an identity provider.

use async_trait::async_trait;
use ravs_core::Subject;
use ravs_core::port::{
    AccessCursor, AccessPage, AccountState, AccountWithAccess, IdentityProvider, Person, PortError,
    Resent,
};

use super::create::With;
use super::{Cursor, Okta};
use crate::account::Account;
use crate::error::{OktaError, OktaErrorKind};
use crate::outcome::Resending;

#[async_trait]
impl IdentityProvider for Okta {
    async fn account(&self, person: &Person) -> Result<Option<AccountState>, PortError> {
        let account = self.find(person, self.http.deadline()).await?;
        Ok(account.map(|account| account.status().state()))
    }

    async fn ensure_account(&self, person: &Person) -> Result<AccountState, PortError> {
        let (account, _) = self.ensure(person, With::NoAccess, self.http.deadline()).await?;
        Ok(account.status().state())
    }

    async fn grant_access(&self, person: &Person) -> Result<(), PortError> {
        self.grant(person).await?;
        Ok(())
    }

    async fn withdraw_access(&self, person: &Person) -> Result<(), PortError> {
        self.withdraw(person).await?;
        Ok(())
    }

    async fn resend_activation(&self, person: &Person) -> Result<Resent, PortError> {
        match self.resend(person).await? {
            Resending::Sent => Ok(Resent::Sent),
            Resending::NotFound => Ok(Resent::NoAccount),
            Resending::AlreadyActive
            | Resending::NotApplicable
            | Resending::AccountSuspended
            | Resending::AccountDeactivated => Ok(Resent::NothingToActivate),
            Resending::TryLater => {
                let what = "the account is changing its state";
                let call = "sending the activation email";
                Err(OktaError::new(OktaErrorKind::NotYet, call, what).into())
            }
        }
    }

    async fn accounts_with_access(
        &self,
        after: Option<AccessCursor>,
    ) -> Result<AccessPage, PortError> {
        let after = after.map(|AccessCursor(text)| Cursor::new(text));
        let page = self.members(after.as_ref()).await?;
        let told = |account: &Account| AccountWithAccess {
            subject: account.id().clone(),
            email: account.login(),
        };
        Ok(AccessPage {
            accounts: page.accounts.iter().map(told).collect(),
            next: page.next.map(|cursor| AccessCursor(cursor.as_str().to_owned())),
        })
    }

    async fn withdraw_access_of(&self, subject: &Subject) -> Result<(), PortError> {
        self.withdraw_of(subject).await?;
        Ok(())
    }
}
