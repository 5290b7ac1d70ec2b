//! A code for an ID token.

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::AUTHORIZATION;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use url::form_urlencoded::byte_serialize;

use super::client::Kind;
use super::discovery::Provider;
use super::settings::Checked;
use super::{PendingSignIn, SignInError, TokenRefused};
use crate::credential::ASSERTION_TYPE;
use crate::error::OktaError;
use crate::http::{Answer, Authorise, Call, Class, Http, Papers, Renewed};
use crate::pace::Deadline;

const CALL: &str = "exchanging a code";

/// What a token endpoint gives. The access token is not even read: it says nothing about who
/// somebody is, and nothing here is done in their name.
#[derive(Deserialize)]
struct Issued {
    id_token: Option<String>,
}

/// Asks once: a code is good once, whatever became of it.
pub(super) async fn id_token(
    http: &Http,
    settings: &Checked,
    provider: &Provider,
    code: &SecretString,
    pending: &PendingSignIn,
    deadline: Deadline,
) -> Result<SecretString, SignInError> {
    let call = Call::post(CALL, provider.token.clone(), Class::Once);
    let form = Form { http, settings, code, pending };
    let issued: Issued = match http.send(&call, &form, deadline).await {
        Ok(answer) => answer.json()?,
        // By its status first: a limited call says `invalid_grant` too.
        Err(source) if (source.status(), source.error_code()) == (Some(400), Some(USED)) => {
            return Err(SignInError::SignInFailed { source });
        }
        Err(error) => return Err(error.into()),
    };
    let token = issued.id_token.ok_or(TokenRefused::Missing)?;
    Ok(token.into())
}

/// How Okta says that a code is none.
const USED: &str = "invalid_grant";

/// The code, with what shows that it came to whom it was meant for.
struct Form<'a> {
    http: &'a Http,
    settings: &'a Checked,
    code: &'a SecretString,
    pending: &'a PendingSignIn,
}

#[async_trait]
impl Authorise for Form<'_> {
    async fn authorise(&self, call: &Call, _: Deadline) -> Result<Papers, OktaError> {
        let Checked { client_id, redirect_url, client, .. } = self.settings;
        let mut pairs = vec![
            ("grant_type", "authorization_code"),
            ("code", self.code.expose_secret()),
            ("redirect_uri", redirect_url),
            ("code_verifier", self.pending.verifier()),
        ];
        match &client.0 {
            Kind::Nothing => {
                pairs.push(("client_id", client_id));
                Ok(Papers::none().form(&pairs))
            }
            Kind::Secret(secret) => {
                let basic = basic(client_id, secret);
                let papers = Papers::none().form(&pairs);
                papers.header(CALL, AUTHORIZATION, basic.expose_secret())
            }
            Kind::Key(key) => {
                let now = self.http.pace().now();
                let assertion = key.assertion(CALL, client_id, call.url().as_str(), now)?;
                pairs.push(("client_id", client_id));
                pairs.push(("client_assertion_type", ASSERTION_TYPE));
                pairs.push(("client_assertion", assertion.expose_secret()));
                Ok(Papers::none().form(&pairs))
            }
        }
    }

    async fn answered(&self, _: &Answer) {}

    async fn may_help(&self, _: &Papers, _: &Answer) -> Option<Renewed> {
        None
    }
}

/// As RFC 6749 (2.3.1) writes it: each half escaped as in a form.
fn basic(client_id: &str, secret: &SecretString) -> SecretString {
    let escaped = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let both = format!("{}:{}", escaped(client_id), escaped(secret.expose_secret()));
    format!("Basic {}", STANDARD.encode(both)).into()
}
