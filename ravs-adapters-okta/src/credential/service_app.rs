//! An OAuth service app, which signs with its own key.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::StatusCode;
use reqwest::header::AUTHORIZATION;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use url::Url;

use super::ClientKey;
use super::dpop::{Dpop, PROOF, Use};
use super::token::{Issuer, Token, Tokens};
use crate::error::OktaError;
use crate::http::{Answer, Authorise, Call, Class, Http, Papers, Renewed};
use crate::pace::Deadline;

const CALL: &str = "asking for a token";

/// What the calls of this crate need, and no more.
const SCOPES: &str = "okta.users.read okta.users.manage okta.groups.read okta.groups.manage";

/// How an assertion calls itself.
pub(crate) const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// An OAuth service app, which signs with its own key.
pub(super) struct ServiceApp {
    client: Client,
    tokens: Tokens,
}

/// Asks for tokens.
struct Client {
    http: Arc<Http>,
    url: Url,
    id: String,
    key: ClientKey,
    dpop: Option<Dpop>,
}

impl ServiceApp {
    pub(super) fn new(
        http: Arc<Http>,
        id: String,
        key: ClientKey,
        dpop: Option<Dpop>,
    ) -> Result<Self, OktaError> {
        let url = http.url(CALL, "/oauth2/v1/token")?;
        Ok(Self { client: Client { http, url, id, key, dpop }, tokens: Tokens::default() })
    }
}

#[async_trait]
impl Authorise for ServiceApp {
    async fn authorise(&self, call: &Call, deadline: Deadline) -> Result<Papers, OktaError> {
        let pace = self.client.http.pace();
        let token = self.tokens.take(&self.client, pace, deadline).await?;
        let show =
            |scheme| SecretString::from(format!("{scheme} {}", token.secret.expose_secret()));
        let papers = Papers::none().numbered(token.number);
        let Some(dpop) = &self.client.dpop else {
            return papers.header(call.name(), AUTHORIZATION, show("Bearer").expose_secret());
        };
        let proof = dpop.proof(call, Use::Api(&token.secret), pace.now())?;
        papers.header(call.name(), AUTHORIZATION, show("DPoP").expose_secret())?.header(
            call.name(),
            PROOF,
            proof.expose_secret(),
        )
    }

    async fn answered(&self, answer: &Answer) {
        if let Some(dpop) = &self.client.dpop {
            dpop.answered(answer, Use::Api(&SecretString::default()));
        }
    }

    async fn may_help(&self, shown: &Papers, answer: &Answer) -> Option<Renewed> {
        if answer.status() != StatusCode::UNAUTHORIZED {
            return None;
        }
        let asks = answer.header("www-authenticate").unwrap_or_default();
        if self.client.dpop.is_some() && asks.contains("use_dpop_nonce") {
            return Some(Renewed::Nonce);
        }
        self.tokens.forget(shown.number());
        Some(Renewed::Token)
    }
}

/// What a token endpoint gives.
#[derive(Deserialize)]
struct Issued {
    token_type: String,
    access_token: String,
    expires_in: u64,
}

#[async_trait]
impl Issuer for Client {
    async fn issue(&self, deadline: Deadline) -> Result<Token, OktaError> {
        let call = Call::post(CALL, self.url.clone(), Class::Token);
        let asked = self.http.pace().elapsed();
        let issued: Issued = self.http.send(&call, self, deadline).await?.json()?;
        let secret = SecretString::from(issued.access_token);
        let expected = if self.dpop.is_some() { "DPoP" } else { "Bearer" };
        if !issued.token_type.eq_ignore_ascii_case(expected) {
            return Err(OktaError::protocol(CALL, format!("the token is no {expected} token")));
        }
        Ok(Token::new(secret, asked, Duration::from_secs(issued.expires_in)))
    }
}

#[async_trait]
impl Authorise for Client {
    /// An assertion is good once, also when its first use failed: every try has its own.
    async fn authorise(&self, call: &Call, _: Deadline) -> Result<Papers, OktaError> {
        let now = self.http.pace().now();
        let assertion = self.key.assertion(CALL, &self.id, self.url.as_str(), now)?;
        let papers = Papers::none().form(&[
            ("grant_type", "client_credentials"),
            ("scope", SCOPES),
            ("client_assertion_type", ASSERTION_TYPE),
            ("client_assertion", assertion.expose_secret()),
        ]);
        match &self.dpop {
            None => Ok(papers),
            Some(dpop) => {
                papers.header(CALL, PROOF, dpop.proof(call, Use::Token, now)?.expose_secret())
            }
        }
    }

    async fn answered(&self, answer: &Answer) {
        if let Some(dpop) = &self.dpop {
            dpop.answered(answer, Use::Token);
        }
    }

    async fn may_help(&self, _: &Papers, answer: &Answer) -> Option<Renewed> {
        let asks = self.dpop.is_some() && answer.problem().is("use_dpop_nonce");
        (asks && answer.header("dpop-nonce").is_some()).then_some(Renewed::Nonce)
    }
}
