//! The meanings of a failure.

use std::borrow::Cow;
use std::time::Duration;

/// What a failure means.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OktaErrorKind {
    /// There is no such account, or no such group.
    NotFound,
    /// Okta, or this crate before asking it, will not have what was given.
    Rejected {
        /// Why: Okta's codes (`E0000001`), or this crate's (`email_not_allowed`).
        codes: Vec<Cow<'static, str>>,
    },
    /// It is not possible in the state that the account is in.
    Conflict,
    /// Okta has suspended the account; its support desk can restore it.
    AccountSuspended,
    /// Okta has deactivated the account; that is for the account's owners to change.
    AccountDeactivated,
    /// There is an account with this address, but with another login: somebody has to look.
    AmbiguousAccount,
    /// The credential may not do this: its scopes, or its administrator role, lack it.
    Forbidden,
    /// The credential is not accepted.
    AuthFailed,
    /// Okta asks for patience.
    RateLimited {
        /// How long to wait, by Okta's own clock, where it says so.
        retry_after: Option<Duration>,
    },
    /// The account is still changing its state: try again in some minutes.
    NotYet,
    /// Okta cannot be reached, or is not ready.
    Unavailable,
    /// Okta did not answer in time.
    Timeout,
    /// It cannot be known whether an email was sent, and it is not sent twice blindly.
    Unknown,
    /// That is not how Okta answers: something else does, or a proxy is in between.
    Protocol,
    /// Something is set up wrongly, here or in the tenant.
    Config,
}
