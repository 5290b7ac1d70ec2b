//! One answer, read to its end.

use std::fmt;

use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use serde::de::{DeserializeOwned, IgnoredAny};
use url::Url;

use super::{Http, Problem, link};
use crate::error::OktaError;

/// One answer, read to its end.
pub(crate) struct Answer {
    call: &'static str,
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    pub(super) fn new(
        call: &'static str,
        status: StatusCode,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Self {
        Self { call, status, headers, body }
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    pub(crate) fn is_success(&self) -> bool {
        self.status.is_success()
    }

    /// The one value of a header; none where there are several, or none that can be read.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let (first, more) = (values.next()?, values.next());
        if more.is_some() { None } else { first.to_str().ok() }
    }

    /// Okta's id of the request.
    pub(crate) fn request_id(&self) -> Option<&str> {
        self.header("x-okta-request-id")
    }

    /// Its body, read as JSON.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, OktaError> {
        let strange = |what: String| {
            OktaError::protocol(self.call, what)
                .with_status(self.status.as_u16())
                .with_request_id(self.request_id())
        };
        if !self.is_json() {
            return Err(strange("the answer is not JSON".to_owned()));
        }
        // Its own words would repeat what is in the body.
        serde_json::from_slice(&self.body).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            strange(format!("the answer's JSON is not as expected, at {line}:{column}"))
        })
    }

    /// Whether it has this status, which is Okta's yes to what was asked: any other yes is
    /// somebody else's.
    pub(crate) fn expect(&self, status: StatusCode) -> Result<(), OktaError> {
        if self.status == status {
            return Ok(());
        }
        Err(OktaError::protocol(self.call, "this is not how Okta says yes")
            .with_status(self.status.as_u16())
            .with_request_id(self.request_id()))
    }

    /// The same, with a body that is JSON, of which nothing is read.
    pub(crate) fn expect_json(&self, status: StatusCode) -> Result<(), OktaError> {
        self.expect(status)?;
        self.json::<IgnoredAny>().map(drop)
    }

    /// What Okta says is wrong, where it says it.
    pub(crate) fn problem(&self) -> Problem {
        if self.is_json() { Problem::read(&self.body) } else { Problem::default() }
    }

    /// Where the next page is, if there is one: of this organisation, and under this path.
    pub(crate) fn next(&self, http: &Http, path: &str) -> Result<Option<Url>, OktaError> {
        let links = self.headers.get_all(reqwest::header::LINK).iter();
        // One that is passed over may be the next page: the list would end early.
        let lines: Result<Vec<_>, _> = links.map(HeaderValue::to_str).collect();
        let lines =
            lines.map_err(|_| OktaError::protocol(self.call, "a `Link` header is not text"))?;
        let next =
            link::next(lines.into_iter()).map_err(|what| OktaError::protocol(self.call, what))?;
        let Some(next) = next else { return Ok(None) };
        let next = http.pinned(self.call, next)?;
        if next.path() != path {
            return Err(OktaError::protocol(self.call, "the next page is under another path"));
        }
        Ok(Some(next))
    }

    fn is_json(&self) -> bool {
        let kind = self.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let kind = kind.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("application/json")
            || kind.to_ascii_lowercase().ends_with("+json")
    }
}

impl fmt::Debug for Answer {
    /// Neither headers nor body.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Answer");
        shown.field("call", &self.call).field("status", &self.status).finish_non_exhaustive()
    }
}
