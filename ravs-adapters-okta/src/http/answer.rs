//! One answer, read to its end.

use std::fmt;

use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use serde::de::DeserializeOwned;
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

    /// What Okta says is wrong, where it says it.
    pub(crate) fn problem(&self) -> Problem {
        if self.is_json() { Problem::read(&self.body) } else { Problem::default() }
    }

    /// Where the next page is, if there is one: of this organisation, and under this path.
    pub(crate) fn next(&self, http: &Http, path: &str) -> Result<Option<Url>, OktaError> {
        let links = self.headers.get_all(reqwest::header::LINK).iter();
        let next = link::next(links.filter_map(|line| line.to_str().ok()))
            .map_err(|what| OktaError::protocol(self.call, what))?;
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
