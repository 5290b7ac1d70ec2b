//! What a test can do and see behind a provider's back.

use async_trait::async_trait;
use ravs_core::port::{AccountState, Person};

use crate::MemoryIdentity;

/// Something that a test can do or see at a provider without going through the port.
///
/// It is a stated capability: what an adapter's tests cannot do, no case asks of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Capability {
    /// Have an account be in that state, as others who use the provider make it.
    PutAccount(AccountState),
    /// See whether an account may sign in to RAVS.
    SeeAccess,
    /// Count the activation emails that the provider has sent.
    CountActivationEmails,
    /// Have the provider be out of reach.
    Outage,
}

/// What a test can do and see behind a provider's back. A method is called only where
/// [`can`](Self::can) says so.
#[async_trait]
pub trait Backstage: Send + Sync {
    /// Whether this can be done or seen here.
    fn can(&self, capability: Capability) -> bool;

    /// Makes a person's account, or changes it, so that it is in that state. Grants no access,
    /// and sends no email.
    async fn put_account(&self, person: &Person, state: AccountState);

    /// Whether a person's account may sign in to RAVS.
    async fn has_access(&self, person: &Person) -> bool;

    /// How many activation emails the provider has sent to a person.
    async fn activation_emails(&self, person: &Person) -> usize;

    /// Has the provider be out of reach from now on, or be back.
    async fn set_down(&self, down: bool);
}

/// Nothing can be done or seen behind the provider's back: one that is somebody else's service.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoBackstage;

#[async_trait]
impl Backstage for NoBackstage {
    fn can(&self, _: Capability) -> bool {
        false
    }

    async fn put_account(&self, _: &Person, _: AccountState) {}

    async fn has_access(&self, _: &Person) -> bool {
        false
    }

    async fn activation_emails(&self, _: &Person) -> usize {
        0
    }

    async fn set_down(&self, _: bool) {}
}

#[async_trait]
impl Backstage for MemoryIdentity {
    fn can(&self, _: Capability) -> bool {
        true
    }

    async fn put_account(&self, person: &Person, state: AccountState) {
        self.add_account(&person.email, state);
    }

    async fn has_access(&self, person: &Person) -> bool {
        Self::has_access(self, &person.email)
    }

    async fn activation_emails(&self, person: &Person) -> usize {
        Self::activation_emails(self, &person.email)
    }

    async fn set_down(&self, down: bool) {
        Self::set_down(self, down);
    }
}
