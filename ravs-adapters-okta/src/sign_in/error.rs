//! Why somebody is not signed in.

use super::TokenRefused;
use crate::error::OktaError;

/// Why somebody is not signed in: each reason is one of its own.
///
/// Holds no code, no token and no address. What Okta says in its own words (`description`) has
/// been made fit to be shown: on one line, without markup, addresses or long words.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignInError {
    /// What came back cannot be read.
    #[error("the callback cannot be read: {what}")]
    CallbackInvalid {
        /// Why not.
        what: &'static str,
    },
    /// What came back does not say which sign-in it answers.
    #[error("the callback has no `state`")]
    StateMissing,
    /// What came back is the answer to another sign-in, or somebody made it up.
    #[error("the callback's `state` is not that of this sign-in")]
    StateDiffers,
    /// The sign-in was begun with another issuer, or another one answers.
    #[error("the callback is of another issuer")]
    AnotherIssuer,
    /// The sign-in has taken too long.
    #[error("the sign-in was begun too long ago")]
    TooLate,
    /// Okta does not let this person into RAVS (`access_denied`): access was not granted, or
    /// withdrawn.
    #[error("Okta does not let this person in: {description}")]
    NotAssigned {
        /// In Okta's words.
        description: String,
    },
    /// Okta wants the person to do something first (`login_required` and its kind).
    #[error("Okta wants the person to sign in anew: {description}")]
    LoginRequired {
        /// In Okta's words.
        description: String,
    },
    /// Okta is not ready (`temporarily_unavailable`, `server_error`).
    #[error("Okta is not ready: {description}")]
    NotReady {
        /// In Okta's words.
        description: String,
    },
    /// The app at Okta is not set up for what was asked (`invalid_request`, `invalid_scope`,
    /// `unauthorized_client`, `unsupported_response_type`).
    #[error("the app at Okta is not set up for this sign-in: {description}")]
    NotSetUp {
        /// In Okta's words.
        description: String,
    },
    /// Okta says no for another reason.
    #[error("Okta declines with `{code}`: {description}")]
    Declined {
        /// Okta's name for it.
        code: String,
        /// In Okta's words.
        description: String,
    },
    /// Okta does not take the code (`invalid_grant`): it has been used, is too old, or is of
    /// another sign-in.
    #[error("Okta does not take the code")]
    SignInFailed {
        /// What Okta answered.
        #[source]
        source: OktaError,
    },
    /// The ID token is not believed.
    #[error("the ID token is refused: {0}")]
    Token(#[from] TokenRefused),
    /// Okta failed, or is not what the settings say.
    #[error(transparent)]
    Okta(#[from] OktaError),
}
