//! What Okta sends a browser back with.

use std::time::SystemTime;

use secrecy::{ExposeSecret as _, SecretString};
use url::form_urlencoded;

use super::issuer::Issuer;
use super::{PendingSignIn, SignInError};
use crate::http::readable;

/// The longest query that is read, in bytes.
const LONGEST: usize = 8 * 1024;

/// What Okta sends a browser back with, before any of it is believed.
#[derive(Default)]
pub(super) struct Callback {
    state: Option<SecretString>,
    code: Option<SecretString>,
    issuer: Option<String>,
    error: Option<String>,
    description: Option<String>,
}

impl Callback {
    /// From the query of the URL, with or without its question mark.
    pub(super) fn read(query: &str) -> Result<Self, SignInError> {
        if query.len() > LONGEST {
            return Err(SignInError::CallbackInvalid { what: "it is too long" });
        }
        let query = query.strip_prefix('?').unwrap_or(query);
        let mut callback = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let value = value.into_owned();
            let twice = match &*name {
                "state" => callback.state.replace(value.into()).is_some(),
                "code" => callback.code.replace(value.into()).is_some(),
                "iss" => callback.issuer.replace(value).is_some(),
                "error" => callback.error.replace(value).is_some(),
                "error_description" => callback.description.replace(value).is_some(),
                _ => false,
            };
            if twice {
                return Err(SignInError::CallbackInvalid { what: "it says something twice" });
            }
        }
        Ok(callback)
    }

    /// The code in it, if it is the answer to this sign-in. Its state comes first: until then
    /// anybody may have written the rest.
    pub(super) fn code(
        self,
        pending: &PendingSignIn,
        issuer: &Issuer,
        now: SystemTime,
    ) -> Result<SecretString, SignInError> {
        let state = self.state.ok_or(SignInError::StateMissing)?;
        if !pending.is_state(state.expose_secret()) {
            return Err(SignInError::StateDiffers);
        }
        let says_another = self.issuer.is_some_and(|said| said != issuer.as_str());
        if says_another || !pending.is_of(issuer.as_str()) {
            return Err(SignInError::AnotherIssuer);
        }
        if pending.is_over(now) {
            return Err(SignInError::TooLate);
        }
        match (self.code, self.error) {
            (Some(code), None) if !code.expose_secret().is_empty() => Ok(code),
            (None, Some(error)) => Err(refused(&error, self.description.as_deref())),
            _ => {
                let what = "it holds neither a code nor an error, or both";
                Err(SignInError::CallbackInvalid { what })
            }
        }
    }
}

/// What Okta says in place of a code.
fn refused(error: &str, description: Option<&str>) -> SignInError {
    let description = description.map(readable).filter(|text| !text.is_empty());
    let description = description.unwrap_or_else(|| "it does not say why".to_owned());
    match error {
        "access_denied" => SignInError::NotAssigned { description },
        "login_required"
        | "interaction_required"
        | "account_selection_required"
        | "consent_required" => SignInError::LoginRequired { description },
        "temporarily_unavailable" | "server_error" => SignInError::NotReady { description },
        "invalid_request"
        | "unauthorized_client"
        | "unsupported_response_type"
        | "invalid_scope" => SignInError::NotSetUp { description },
        _ => SignInError::Declined { code: readable(error), description },
    }
}
