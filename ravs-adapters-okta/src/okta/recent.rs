//! What was done to accounts a moment ago, which Okta may not show yet.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ravs_core::{EmailAddress, Subject};

use crate::account::Account;

/// How long Okta may take until it shows an account that it has just made: as a rule less than a
/// second. What it does not show after this is not there.
const WINDOW: Duration = Duration::from_secs(120);

/// How many are kept; of more, those of longest ago are forgotten.
const MOST: usize = 1024;

/// What was done to accounts a moment ago, in this process.
#[derive(Default)]
pub(super) struct Recent(Mutex<VecDeque<Entry>>);

struct Entry {
    login: EmailAddress,
    at: Duration,
    account: Option<Account>,
}

/// What is known of a login.
pub(super) enum Known {
    /// This account was made for it or found by it.
    Account(Account),
    /// An account may have been made for it: no answer came.
    Maybe,
}

impl Recent {
    /// An account was made for this login, or found by it.
    pub(super) fn note(&self, login: &EmailAddress, account: &Account, now: Duration) {
        self.put(login, Some(account.clone()), now);
    }

    /// An account is being made for this login.
    pub(super) fn note_maybe(&self, login: &EmailAddress, now: Duration) {
        self.put(login, None, now);
    }

    /// Okta has said that nothing was made for this login.
    pub(super) fn forget(&self, login: &EmailAddress) {
        self.entries().retain(|entry| entry.login != *login);
    }

    /// What is known of a login.
    pub(super) fn of(&self, login: &EmailAddress, now: Duration) -> Option<Known> {
        let entries = self.entries();
        let entry = entries.iter().find(|entry| entry.login == *login && entry.is_recent(now))?;
        Some(entry.account.clone().map_or(Known::Maybe, Known::Account))
    }

    /// Whether this is one of the accounts.
    pub(super) fn has(&self, id: &Subject, now: Duration) -> bool {
        let is_it = |account: &Account| account.id() == id;
        let entries = self.entries();
        entries
            .iter()
            .any(|entry| entry.is_recent(now) && entry.account.as_ref().is_some_and(is_it))
    }

    fn put(&self, login: &EmailAddress, account: Option<Account>, now: Duration) {
        let mut entries = self.entries();
        entries.retain(|entry| entry.login != *login && entry.is_recent(now));
        if entries.len() >= MOST {
            entries.pop_front();
        }
        entries.push_back(Entry { login: login.clone(), at: now, account });
    }

    fn entries(&self) -> MutexGuard<'_, VecDeque<Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    fn is_recent(&self, now: Duration) -> bool {
        now.saturating_sub(self.at) < WINDOW
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login(number: usize) -> EmailAddress {
        format!("jo{number}@nhs.net").parse().unwrap()
    }

    #[test]
    fn a_bounded_number_is_known_for_a_while() {
        let recent = Recent::default();
        for number in 0..=MOST {
            recent.note_maybe(&login(number), Duration::ZERO);
        }
        assert!(recent.of(&login(0), Duration::ZERO).is_none(), "the oldest goes first");
        assert!(recent.of(&login(1), Duration::from_secs(119)).is_some());
        assert!(recent.of(&login(1), WINDOW).is_none());
        recent.forget(&login(1));
        assert!(recent.of(&login(1), Duration::ZERO).is_none());
        recent.note_maybe(&login(0), WINDOW);
        assert_eq!(recent.entries().len(), 1, "what is old makes room");
    }
}
