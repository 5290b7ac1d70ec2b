//! Where Okta's endpoints are.

use serde::Deserialize;
use url::Url;

use super::freshness::Fresh;
use super::settings::Checked;
use crate::error::{OktaError, OktaErrorKind};
use crate::http::{Anonymous, Call, Http};
use crate::pace::Deadline;

const CALL: &str = "discovering the issuer";

/// Where Okta's endpoints are: all at the issuer's own origin.
pub(super) struct Provider {
    pub(super) authorisation: Url,
    pub(super) token: Url,
    pub(super) keys: Url,
}

/// What an issuer says of itself, as far as it is needed.
#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    response_types_supported: Option<Vec<String>>,
    code_challenge_methods_supported: Option<Vec<String>>,
    id_token_signing_alg_values_supported: Option<Vec<String>>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

pub(super) async fn fetch(
    http: &Http,
    settings: &Checked,
    deadline: Deadline,
) -> Result<Fresh<Provider>, OktaError> {
    let path = format!("{}/.well-known/openid-configuration", settings.issuer.path());
    let call = Call::get(CALL, http.url(CALL, &path)?);
    let answer = http.send(&call, &Anonymous, deadline).await.map_err(|error| {
        // There is a server, and it knows no such issuer.
        let unknown = error.status() == Some(404);
        if unknown { error.with_kind(OktaErrorKind::Config) } else { error }
    })?;
    let provider = answer.json::<Metadata>()?.check(http, settings)?;
    Ok(Fresh::new(provider, &answer))
}

impl Metadata {
    /// Its endpoints, if it is the issuer of the settings and can do what they ask.
    fn check(self, http: &Http, settings: &Checked) -> Result<Provider, OktaError> {
        if self.issuer != settings.issuer.as_str() {
            let what = "what answers calls itself another issuer: look at the issuer's domain \
                        and path";
            return Err(OktaError::config(CALL, what));
        }
        let can = |list: &Option<Vec<String>>, what: &str| {
            list.as_ref().is_none_or(|list| list.iter().any(|item| item == what))
        };
        let method = settings.client.method();
        let mut faults = Vec::new();
        for (list, what, fault) in [
            (&self.response_types_supported, "code", "does not give codes"),
            (&self.code_challenge_methods_supported, "S256", "does not know PKCE with `S256`"),
            (&self.id_token_signing_alg_values_supported, "RS256", "does not sign with `RS256`"),
            (
                &self.token_endpoint_auth_methods_supported,
                method,
                "does not know this client authentication",
            ),
        ] {
            if !can(list, what) {
                faults.push(fault);
            }
        }
        if !faults.is_empty() {
            return Err(OktaError::config(CALL, format!("the issuer {}", faults.join(", "))));
        }
        let endpoint = |text: &str| {
            let url = http.pinned(CALL, text).map_err(|e| e.with_kind(OktaErrorKind::Config))?;
            if url.fragment().is_some() {
                return Err(OktaError::protocol(CALL, "an endpoint has a fragment"));
            }
            Ok(url)
        };
        Ok(Provider {
            authorisation: endpoint(&self.authorization_endpoint)?,
            token: endpoint(&self.token_endpoint)?,
            keys: endpoint(&self.jwks_uri)?,
        })
    }
}
