//! What this service shows to Okta's management API.

mod api_token;
mod client_key;
mod dpop;
mod service_app;
mod token;

use std::fmt;
use std::sync::Arc;

use secrecy::SecretString;

use crate::error::OktaError;
use crate::http::{Authorise, Http};

pub use client_key::{ClientKey, InvalidClientKey};
pub(crate) use service_app::ASSERTION_TYPE;

use api_token::ApiToken;
use dpop::Dpop;
use service_app::ServiceApp;

/// What this service shows to Okta's management API.
///
/// Prefer a service app: a token of an administrator may do all that its owner may, and dies
/// after 30 days without use.
///
/// `Debug` shows neither key nor token.
#[derive(Clone)]
pub struct Credential(Kind);

#[derive(Clone)]
enum Kind {
    ServiceApp { client_id: String, key: ClientKey, dpop: bool },
    ApiToken(SecretString),
}

impl Credential {
    /// An OAuth service app, which signs with its own key (`private_key_jwt`).
    pub fn service_app(client_id: impl Into<String>, key: ClientKey) -> Self {
        Self(Kind::ServiceApp { client_id: client_id.into(), key, dpop: false })
    }

    /// A token of an administrator (SSWS).
    pub fn api_token(token: SecretString) -> Self {
        Self(Kind::ApiToken(token))
    }

    /// The same, with proofs of possession (DPoP, RFC 9449), for a service app that requires
    /// them. Changes nothing of a token.
    #[must_use]
    pub fn with_dpop(self) -> Self {
        match self.0 {
            Kind::ServiceApp { client_id, key, .. } => {
                Self(Kind::ServiceApp { client_id, key, dpop: true })
            }
            Kind::ApiToken(_) => self,
        }
    }

    /// What is wrong with it, before anything is asked.
    pub(crate) fn fault(&self) -> Option<&'static str> {
        use secrecy::ExposeSecret as _;
        let is_good = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic());
        match &self.0 {
            Kind::ServiceApp { client_id, .. } if !is_good(client_id) => {
                Some("the client id is missing, or has characters it cannot have")
            }
            Kind::ApiToken(token) if !is_good(token.expose_secret()) => {
                Some("the API token is missing, or has characters it cannot have")
            }
            Kind::ServiceApp { .. } | Kind::ApiToken(_) => None,
        }
    }

    /// What shows it.
    pub(crate) fn into_papers(self, http: &Arc<Http>) -> Result<Arc<dyn Authorise>, OktaError> {
        match self.0 {
            Kind::ApiToken(token) => Ok(Arc::new(ApiToken::new(token))),
            Kind::ServiceApp { client_id, key, dpop } => {
                let dpop = if dpop { Some(Dpop::new()?) } else { None };
                Ok(Arc::new(ServiceApp::new(Arc::clone(http), client_id, key, dpop)?))
            }
        }
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::ServiceApp { client_id, key, dpop } => f
                .debug_struct("Credential::ServiceApp")
                .field("client_id", client_id)
                .field("key", key)
                .field("dpop", dpop)
                .finish(),
            Kind::ApiToken(_) => f.write_str("Credential::ApiToken(…)"),
        }
    }
}
