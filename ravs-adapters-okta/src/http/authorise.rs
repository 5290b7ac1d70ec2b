//! What a call shows to be let in.

use async_trait::async_trait;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret as _, SecretBox};

use super::{Answer, Call, call};
use crate::error::OktaError;
use crate::pace::Deadline;

/// What one try of a call shows: headers, and where it is the papers that are sent, a body.
#[derive(Default)]
pub(crate) struct Papers {
    headers: HeaderMap,
    body: Option<(&'static str, SecretBox<Vec<u8>>)>,
    number: u64,
}

impl Papers {
    /// Nothing to show.
    pub(crate) fn none() -> Self {
        Self::default()
    }

    /// With a header that nothing shows.
    pub(crate) fn header(
        mut self,
        call: &'static str,
        name: HeaderName,
        value: &str,
    ) -> Result<Self, OktaError> {
        let mut value = HeaderValue::from_str(value)
            .map_err(|_| OktaError::config(call, "a credential has characters it cannot have"))?;
        value.set_sensitive(true);
        self.headers.insert(name, value);
        Ok(self)
    }

    /// With a form, in place of the call's own body.
    pub(crate) fn form(self, pairs: &[(&str, &str)]) -> Self {
        Self { body: Some(call::form(pairs)), ..self }
    }

    /// With the number of the token among them.
    pub(crate) fn numbered(self, number: u64) -> Self {
        Self { number, ..self }
    }

    /// The number of the token among them.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    pub(super) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    pub(super) fn body(&self) -> Option<(&'static str, &[u8])> {
        self.body.as_ref().map(|(kind, bytes)| (*kind, bytes.expose_secret().as_slice()))
    }
}

/// What is another one in new papers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Renewed {
    /// The nonce that a proof holds.
    Nonce,
    /// The token.
    Token,
}

/// Lets calls in. Asked anew for every try, so that nothing that is good once is shown twice.
#[async_trait]
pub(crate) trait Authorise: Send + Sync {
    /// What this try shows.
    async fn authorise(&self, call: &Call, deadline: Deadline) -> Result<Papers, OktaError>;

    /// Looks at every answer, for what it says about the next papers.
    async fn answered(&self, answer: &Answer);

    /// Which other papers than these may change this answer, which is a no. Each kind is shown
    /// anew only once for a call.
    async fn may_help(&self, shown: &Papers, answer: &Answer) -> Option<Renewed>;
}

/// Shows nothing: for what is public.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Anonymous;

#[async_trait]
impl Authorise for Anonymous {
    async fn authorise(&self, _: &Call, _: Deadline) -> Result<Papers, OktaError> {
        Ok(Papers::none())
    }

    async fn answered(&self, _: &Answer) {}

    async fn may_help(&self, _: &Papers, _: &Answer) -> Option<Renewed> {
        None
    }
}
