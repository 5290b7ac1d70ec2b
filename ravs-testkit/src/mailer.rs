//! A mailer that keeps what it sends.

use std::collections::BTreeSet;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use ravs_core::port::{Mailer, PortError};
use ravs_core::{EffectKey, Email, EmailAddress};

/// A mailer that keeps what it sends, and can be told to fail.
#[derive(Clone, Debug, Default)]
pub struct MemoryMailer(Arc<Mutex<Outbox>>);

#[derive(Debug, Default)]
struct Outbox {
    sent: Vec<Email>,
    keys: BTreeSet<EffectKey>,
    taken: usize,
    down: bool,
    refused: BTreeSet<EmailAddress>,
    loses_answer: bool,
}

impl MemoryMailer {
    /// A mailer that works.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Has it fail from now on, or work again.
    pub fn set_down(&self, down: bool) {
        self.outbox().down = down;
    }

    /// Has it refuse that address from now on.
    pub fn refuse(&self, address: &EmailAddress) {
        self.outbox().refused.insert(address.clone());
    }

    /// Has the answer to the next email be lost: it goes, and the sender is told of an outage.
    pub fn lose_answer(&self) {
        self.outbox().loses_answer = true;
    }

    /// Every email that has gone, in order.
    #[must_use]
    pub fn sent(&self) -> Vec<Email> {
        self.outbox().sent.clone()
    }

    /// The emails that have gone since this was last called.
    #[must_use]
    pub fn take(&self) -> Vec<Email> {
        let mut outbox = self.outbox();
        let new = outbox.sent.iter().skip(outbox.taken).cloned().collect();
        outbox.taken = outbox.sent.len();
        new
    }

    fn outbox(&self) -> MutexGuard<'_, Outbox> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Mailer for MemoryMailer {
    async fn send(&self, email: &Email) -> Result<(), PortError> {
        let mut outbox = self.outbox();
        if outbox.down {
            return Err(PortError::unavailable("the mailer was told to fail"));
        }
        if outbox.refused.contains(&email.to) {
            return Err(PortError::rejected("the mailer was told to refuse this address"));
        }
        if outbox.keys.insert(email.key.clone()) {
            outbox.sent.push(email.clone());
        }
        match mem::take(&mut outbox.loses_answer) {
            true => Err(PortError::unavailable("the mailer was told to lose its answer")),
            false => Ok(()),
        }
    }
}
