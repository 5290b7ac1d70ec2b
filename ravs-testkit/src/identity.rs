//! An identity provider in the process.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use ravs_core::port::{
    AccessCursor, AccessPage, AccountState, AccountWithAccess, IdentityProvider, Person, PortError,
    Resent,
};
use ravs_core::{EmailAddress, Subject, VerifiedIdentity};

/// How many accounts a page has, so that a few are several pages.
const PAGE: usize = 3;

/// An identity provider in the process, which can be told to fail. The subject of an account is
/// that of [`identity_of`] its address.
#[derive(Clone, Debug, Default)]
pub struct MemoryIdentity(Arc<Mutex<Provider>>);

#[derive(Debug, Default)]
struct Provider {
    accounts: BTreeMap<EmailAddress, Account>,
    down: bool,
    calls: usize,
}

#[derive(Debug)]
struct Account {
    state: AccountState,
    access: bool,
    activation_emails: usize,
}

impl MemoryIdentity {
    /// A provider without accounts, that works.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an account that was there before RAVS, or puts one into another state.
    pub fn add_account(&self, email: &EmailAddress, state: AccountState) {
        let mut provider = self.provider();
        let new = Account { state, access: false, activation_emails: 0 };
        provider.accounts.entry(email.clone()).or_insert(new).state = state;
    }

    /// Has it fail from now on, or work again.
    pub fn set_down(&self, down: bool) {
        self.provider().down = down;
    }

    /// Whether an account may sign in to RAVS.
    #[must_use]
    pub fn has_access(&self, email: &EmailAddress) -> bool {
        self.provider().accounts.get(email).is_some_and(|account| account.access)
    }

    /// The state of an account.
    #[must_use]
    pub fn account_state(&self, email: &EmailAddress) -> Option<AccountState> {
        self.provider().accounts.get(email).map(|account| account.state)
    }

    /// How many activation emails an account was sent.
    #[must_use]
    pub fn activation_emails(&self, email: &EmailAddress) -> usize {
        self.provider().accounts.get(email).map_or(0, |account| account.activation_emails)
    }

    /// How often it was called.
    #[must_use]
    pub fn calls(&self) -> usize {
        self.provider().calls
    }

    fn provider(&self) -> MutexGuard<'_, Provider> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn called(&self) -> Result<MutexGuard<'_, Provider>, PortError> {
        let mut provider = self.provider();
        provider.calls = provider.calls.saturating_add(1);
        if provider.down {
            return Err(PortError::unavailable("the identity provider was told to fail"));
        }
        Ok(provider)
    }
}

#[async_trait]
impl IdentityProvider for MemoryIdentity {
    async fn account(&self, person: &Person) -> Result<Option<AccountState>, PortError> {
        Ok(self.called()?.accounts.get(&person.email).map(|account| account.state))
    }

    async fn ensure_account(&self, person: &Person) -> Result<AccountState, PortError> {
        let mut provider = self.called()?;
        let made = || Account {
            state: AccountState::PendingActivation,
            access: false,
            activation_emails: 1,
        };
        Ok(provider.accounts.entry(person.email.clone()).or_insert_with(made).state)
    }

    async fn grant_access(&self, person: &Person) -> Result<(), PortError> {
        let mut provider = self.called()?;
        match provider.accounts.get_mut(&person.email) {
            Some(account) if account.state != AccountState::Deactivated => {
                account.access = true;
                Ok(())
            }
            Some(_) => Err(PortError::rejected("the provider has deactivated this account")),
            None => Err(PortError::rejected("there is no account to let in")),
        }
    }

    async fn withdraw_access(&self, person: &Person) -> Result<(), PortError> {
        if let Some(account) = self.called()?.accounts.get_mut(&person.email) {
            account.access = false;
        }
        Ok(())
    }

    async fn resend_activation(&self, person: &Person) -> Result<Resent, PortError> {
        let mut provider = self.called()?;
        match provider.accounts.get_mut(&person.email) {
            None => Ok(Resent::NoAccount),
            Some(account) if account.state == AccountState::PendingActivation => {
                account.activation_emails = account.activation_emails.saturating_add(1);
                Ok(Resent::Sent)
            }
            Some(_) => Ok(Resent::NothingToActivate),
        }
    }

    async fn accounts_with_access(
        &self,
        after: Option<AccessCursor>,
    ) -> Result<AccessPage, PortError> {
        let no_cursor = |_| PortError::rejected("the cursor is not one of this provider's");
        let after = after.map(|AccessCursor(last)| last.parse::<EmailAddress>());
        let after = after.transpose().map_err(no_cursor)?;
        let from = after.as_ref().map_or(Bound::Unbounded, Bound::Excluded);
        let provider = self.called()?;
        let mut page: Vec<_> = provider.accounts.range((from, Bound::Unbounded)).collect();
        let next = page.get(PAGE).and_then(|_| page.get(PAGE - 1));
        let next = next.map(|(email, _)| AccessCursor(email.folded().to_owned()));
        page.truncate(PAGE);
        let accounts = page.into_iter().filter(|(_, account)| account.access);
        let accounts = accounts.map(|(email, _)| AccountWithAccess {
            subject: identity_of(email.as_str()).subject,
            email: Some(email.clone()),
        });
        Ok(AccessPage { accounts: accounts.collect(), next })
    }

    async fn withdraw_access_of(&self, subject: &Subject) -> Result<(), PortError> {
        let mut provider = self.called()?;
        let named = |email: &EmailAddress| identity_of(email.as_str()).subject == *subject;
        let account = provider.accounts.iter_mut().find(|(email, _)| named(email));
        if let Some((_, account)) = account {
            account.access = false;
        }
        Ok(())
    }
}

/// Someone as this provider vouches for them: always the same subject for the same address.
///
/// # Panics
/// On a text that is no email address.
#[must_use]
#[expect(clippy::panic, reason = "a test names its people in its own text")]
pub fn identity_of(email: &str) -> VerifiedIdentity {
    let parsed = email.parse::<EmailAddress>().ok().and_then(|email| {
        let subject = Subject::new(&format!("subject-of-{}", email.folded())).ok()?;
        Some(VerifiedIdentity { subject, email: Some(email) })
    });
    match parsed {
        Some(identity) => identity,
        None => panic!("`{email}` is no email address"),
    }
}
