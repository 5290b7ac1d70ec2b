//! What can go wrong with Okta, and what it means.

mod kind;
mod port;

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

pub use kind::OktaErrorKind;

/// Okta failed, or said no. Holds what its support asks for, and nothing of a person: no
/// address, no name, no token, no key, not in `Debug` either.
pub struct OktaError(Box<Details>);

/// All there is to say; apart, so that a `Result` stays small.
struct Details {
    kind: OktaErrorKind,
    call: &'static str,
    what: Cow<'static, str>,
    status: Option<u16>,
    code: Option<String>,
    error_id: Option<String>,
    request_id: Option<String>,
    unclear: bool,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl OktaError {
    pub(crate) fn new(
        kind: OktaErrorKind,
        call: &'static str,
        what: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self(Box::new(Details {
            kind,
            call,
            what: what.into(),
            status: None,
            code: None,
            error_id: None,
            request_id: None,
            unclear: false,
            source: None,
        }))
    }

    /// What is set up wrongly.
    pub(crate) fn config(call: &'static str, what: impl Into<Cow<'static, str>>) -> Self {
        Self::new(OktaErrorKind::Config, call, what)
    }

    /// What Okta would not have answered.
    pub(crate) fn protocol(call: &'static str, what: impl Into<Cow<'static, str>>) -> Self {
        Self::new(OktaErrorKind::Protocol, call, what)
    }

    pub(crate) fn caused_by(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    /// Its code, where it is one: other texts may hold what somebody typed.
    pub(crate) fn with_code(mut self, code: Option<&str>) -> Self {
        self.0.code = code.filter(|code| is_plain(code, 40)).map(str::to_owned);
        self
    }

    pub(crate) fn with_error_id(mut self, id: Option<&str>) -> Self {
        self.0.error_id = id.filter(|id| is_plain(id, 64)).map(str::to_owned);
        self
    }

    pub(crate) fn with_request_id(mut self, id: Option<&str>) -> Self {
        self.0.request_id = id.filter(|id| is_plain(id, 64)).map(str::to_owned);
        self
    }

    /// The same error, of a call that may have happened all the same.
    pub(crate) fn left_unclear(mut self) -> Self {
        self.0.unclear = true;
        self
    }

    pub(crate) fn with_kind(mut self, kind: OktaErrorKind) -> Self {
        self.0.kind = kind;
        self
    }

    /// The same once more, for another who was waiting for the same; without its source.
    pub(crate) fn copy(&self) -> Self {
        let Details { kind, call, what, status, code, error_id, request_id, unclear, .. } =
            &*self.0;
        Self(Box::new(Details {
            kind: kind.clone(),
            call,
            what: what.clone(),
            status: *status,
            code: code.clone(),
            error_id: error_id.clone(),
            request_id: request_id.clone(),
            unclear: *unclear,
            source: None,
        }))
    }

    /// What it means.
    #[must_use]
    pub fn kind(&self) -> &OktaErrorKind {
        &self.0.kind
    }

    /// What was being done.
    #[must_use]
    pub fn call(&self) -> &'static str {
        self.0.call
    }

    /// The HTTP status of the answer, where there was one.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// Okta's code for it: `E0000006`, or `invalid_client` from a token endpoint.
    #[must_use]
    pub fn error_code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// Okta's id of this error.
    #[must_use]
    pub fn error_id(&self) -> Option<&str> {
        self.0.error_id.as_deref()
    }

    /// Okta's id of the request.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Whether what was asked may have happened all the same.
    #[must_use]
    pub fn is_unclear(&self) -> bool {
        self.0.unclear
    }
}

/// Whether a text is letters, digits and the marks of ids, and no longer than that.
fn is_plain(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}

impl fmt::Display for OktaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Details { call, what, status, code, error_id, request_id, .. } = &*self.0;
        write!(f, "{call}: {what}")?;
        let status = status.map(|status| status.to_string());
        let known = [
            ("status", status.as_deref()),
            ("code", code.as_deref()),
            ("error id", error_id.as_deref()),
            ("request id", request_id.as_deref()),
        ];
        let mut open = " (";
        for (name, value) in known {
            if let Some(value) = value {
                write!(f, "{open}{name} `{value}`")?;
                open = ", ";
            }
        }
        if open == ", " { f.write_str(")") } else { Ok(()) }
    }
}

impl fmt::Debug for OktaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("OktaError");
        shown.field("kind", &self.0.kind).field("message", &self.to_string());
        shown.field("unclear", &self.0.unclear).field("source", &self.0.source).finish()
    }
}

impl Error for OktaError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_oktas_support_asks_for() {
        let error = OktaError::new(OktaErrorKind::Forbidden, "granting access", "not allowed")
            .with_status(403)
            .with_code(Some("E0000006"))
            .with_request_id(Some("Zx-1_a"));
        assert_eq!(
            error.to_string(),
            "granting access: not allowed (status `403`, code `E0000006`, request id `Zx-1_a`)"
        );
        let bare = OktaError::config("set-up", "no group");
        assert_eq!(bare.to_string(), "set-up: no group");
    }

    #[test]
    fn what_may_be_somebodys_text_is_no_id() {
        let error = OktaError::protocol("a", "b")
            .with_code(Some("jo@nhs.net"))
            .with_error_id(Some(&"a".repeat(65)))
            .with_request_id(Some("a b"));
        assert_eq!((error.error_code(), error.error_id(), error.request_id()), (None, None, None));
    }
}
