//! What a test can do and see behind a mailer's back.

use async_trait::async_trait;
use ravs_core::EmailAddress;

use crate::MemoryMailer;

/// Something that a test can do or see without going through the port, or that an adapter can do
/// beyond what its carrier lets every adapter do.
///
/// It is a stated capability: what cannot be done, no case asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Capability {
    /// See the emails that have gone.
    SeeArrived,
    /// Have the carrier be out of reach.
    Outage,
    /// Have the carrier refuse an address.
    RefuseAddress,
    /// Have an answer of the carrier be lost.
    LoseAnswer,
    /// The adapter finds out whether an email went of which the answer was lost. Where it cannot,
    /// the email goes again under the same mark, so that others can tell.
    FindOut,
}

/// An email that has gone, as it came out at the other end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// To whom.
    pub to: EmailAddress,
    /// What is the same on an email and its repeat, and on no other.
    pub mark: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
}

/// What a test can do and see behind a mailer's back. A method is called only where
/// [`can`](Self::can) says so.
#[async_trait]
pub trait Backstage: Send + Sync {
    /// Whether this can be done or seen here.
    fn can(&self, capability: Capability) -> bool;

    /// The emails that have gone, in order.
    async fn arrived(&self) -> Vec<Arrived>;

    /// Has the carrier be out of reach from now on, or be back.
    async fn set_down(&self, down: bool);

    /// Has the carrier refuse that address from now on.
    async fn refuse(&self, address: &EmailAddress);

    /// Has the answer to the next email be lost, after the email has gone.
    async fn lose_answer(&self);
}

/// Nothing can be done or seen behind the mailer's back.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoBackstage;

#[async_trait]
impl Backstage for NoBackstage {
    fn can(&self, _: Capability) -> bool {
        false
    }

    async fn arrived(&self) -> Vec<Arrived> {
        Vec::new()
    }

    async fn set_down(&self, _: bool) {}

    async fn refuse(&self, _: &EmailAddress) {}

    async fn lose_answer(&self) {}
}

#[async_trait]
impl Backstage for MemoryMailer {
    fn can(&self, _: Capability) -> bool {
        true
    }

    async fn arrived(&self) -> Vec<Arrived> {
        let arrived = |email: ravs_core::Email| Arrived {
            to: email.to,
            mark: email.key.to_string(),
            subject: email.subject,
            text: email.text,
        };
        self.sent().into_iter().map(arrived).collect()
    }

    async fn set_down(&self, down: bool) {
        Self::set_down(self, down);
    }

    async fn refuse(&self, address: &EmailAddress) {
        Self::refuse(self, address);
    }

    async fn lose_answer(&self) {
        Self::lose_answer(self);
    }
}
