//! A token of an administrator.

use async_trait::async_trait;
use reqwest::header::AUTHORIZATION;
use secrecy::{ExposeSecret as _, SecretString};

use crate::error::OktaError;
use crate::http::{Answer, Authorise, Call, Papers, Renewed};
use crate::pace::Deadline;

/// A token of an administrator (SSWS). There is no other one to show when it is refused.
pub(super) struct ApiToken(SecretString);

impl ApiToken {
    pub(super) fn new(token: SecretString) -> Self {
        Self(token)
    }
}

#[async_trait]
impl Authorise for ApiToken {
    async fn authorise(&self, call: &Call, _: Deadline) -> Result<Papers, OktaError> {
        let value = SecretString::from(format!("SSWS {}", self.0.expose_secret()));
        Papers::none().header(call.name(), AUTHORIZATION, value.expose_secret())
    }

    async fn answered(&self, _: &Answer) {}

    async fn may_help(&self, _: &Papers, _: &Answer) -> Option<Renewed> {
        None
    }
}
