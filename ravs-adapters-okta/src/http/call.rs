//! One call, before it is made.

use std::fmt;

use reqwest::Method;
use secrecy::{ExposeSecret as _, SecretBox};
use serde::Serialize;
use url::{Url, form_urlencoded};

use crate::error::OktaError;

/// What may be repeated when something goes wrong on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Doing it twice is doing it once.
    Safe,
    /// Doing it twice is wrong: only what surely has not happened is done again.
    Guarded,
    /// Doing it twice sends two emails; as guarded.
    Mail,
    /// As safe, since every try brings papers of its own.
    Token,
    /// What it shows is good for one try: nothing is done again.
    Once,
}

impl Class {
    /// Whether it may be done again when it may have happened already.
    pub(crate) fn is_repeatable(self) -> bool {
        matches!(self, Self::Safe | Self::Token)
    }
}

/// A body and its kind. It can hold a code or an assertion, so it is wiped.
type Body = (&'static str, SecretBox<Vec<u8>>);

/// One call, before it is made.
pub(crate) struct Call {
    name: &'static str,
    class: Class,
    method: Method,
    url: Url,
    body: Option<Body>,
}

impl Call {
    /// Reads.
    pub(crate) fn get(name: &'static str, url: Url) -> Self {
        Self { name, class: Class::Safe, method: Method::GET, url, body: None }
    }

    /// Has something be.
    pub(crate) fn put(name: &'static str, url: Url) -> Self {
        Self { name, class: Class::Safe, method: Method::PUT, url, body: None }
    }

    /// Has something not be.
    pub(crate) fn delete(name: &'static str, url: Url) -> Self {
        Self { name, class: Class::Safe, method: Method::DELETE, url, body: None }
    }

    /// Has something happen.
    pub(crate) fn post(name: &'static str, url: Url, class: Class) -> Self {
        Self { name, class, method: Method::POST, url, body: None }
    }

    /// With this as JSON.
    pub(crate) fn json(self, value: &impl Serialize) -> Result<Self, OktaError> {
        let bytes = serde_json::to_vec(value)
            .map_err(|_| OktaError::protocol(self.name, "it cannot be written as JSON"))?;
        Ok(Self { body: Some(("application/json", SecretBox::new(Box::new(bytes)))), ..self })
    }

    /// What is being done, for errors.
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn class(&self) -> Class {
        self.class
    }

    pub(crate) fn method(&self) -> &Method {
        &self.method
    }

    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    pub(super) fn body(&self) -> Option<(&'static str, &[u8])> {
        self.body.as_ref().map(|(kind, bytes)| (*kind, bytes.expose_secret().as_slice()))
    }

    /// Whether its method says how long its body is, also when there is none.
    pub(super) fn takes_a_body(&self) -> bool {
        self.method == Method::POST || self.method == Method::PUT
    }
}

/// A form, as a browser writes it.
pub(super) fn form(pairs: &[(&str, &str)]) -> Body {
    let text = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    ("application/x-www-form-urlencoded", SecretBox::new(Box::new(text.into_bytes())))
}

impl fmt::Debug for Call {
    /// Neither its URL, which may hold a login, nor its body.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, class, method, .. } = self;
        let mut shown = f.debug_struct("Call");
        shown.field("name", name).field("class", class).field("method", method);
        shown.finish_non_exhaustive()
    }
}
