//! Who has access at the identity provider, as it lists them.

use alloc::string::String;
use alloc::vec::Vec;

use crate::refusal::redacted_debug;
use crate::user::{EmailAddress, Subject};

/// An account that may sign in to RAVS, as the provider knows it.
#[derive(Clone, PartialEq, Eq)]
pub struct AccountWithAccess {
    /// The provider's lasting id of it.
    pub subject: Subject,
    /// Its login, where that is an email address.
    pub email: Option<EmailAddress>,
}

redacted_debug!(AccountWithAccess);

/// Where a page of accounts ended, in the provider's own words.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessCursor(pub String);

redacted_debug!(AccessCursor);

/// A page of the accounts that have access. It may be empty and not the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessPage {
    /// The accounts, in the provider's order.
    pub accounts: Vec<AccountWithAccess>,
    /// Where it ended, unless it is the last.
    pub next: Option<AccessCursor>,
}
