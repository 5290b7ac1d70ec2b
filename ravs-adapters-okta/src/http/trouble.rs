//! What came of a try that did not end well.

use reqwest::StatusCode;

use super::{Answer, Call, rate_limit};
use crate::error::{OktaError, OktaErrorKind};

/// What came of a try that did not end well.
#[derive(Debug)]
pub(super) enum Trouble {
    /// It never left.
    Unsent(reqwest::Error),
    /// It left, and there was no whole answer in time.
    Late(reqwest::Error),
    /// It left, or may have, and the connection broke.
    Lost(reqwest::Error),
    /// The answer was not read to its end, it is too long.
    TooLong(StatusCode),
    /// The answer is no.
    Refused(Answer),
    /// There was no time left to try.
    NoTimeLeft,
}

impl Trouble {
    /// Nothing has been read yet.
    pub(super) fn of(error: reqwest::Error) -> Self {
        // Its URL may hold a login.
        let error = error.without_url();
        if error.is_connect() || error.is_builder() {
            Self::Unsent(error)
        } else if error.is_timeout() {
            Self::Late(error)
        } else {
            Self::Lost(error)
        }
    }

    /// Something was read, but not all.
    pub(super) fn lost(error: reqwest::Error) -> Self {
        let error = error.without_url();
        if error.is_timeout() { Self::Late(error) } else { Self::Lost(error) }
    }

    /// What it means for the call, when it is not tried again.
    pub(super) fn into_error(self, call: &Call) -> OktaError {
        let name = call.name();
        let late = || OktaError::new(OktaErrorKind::Timeout, name, "no answer in time");
        let (error, unclear) = match self {
            Self::NoTimeLeft => (late(), false),
            Self::Unsent(source) => {
                let what = "Okta cannot be reached";
                let error = OktaError::new(OktaErrorKind::Unavailable, name, what);
                (error.caused_by(source), false)
            }
            Self::Late(source) => (late().caused_by(source), true),
            Self::Lost(source) => {
                let what = "the connection broke";
                let error = OktaError::new(OktaErrorKind::Unavailable, name, what);
                (error.caused_by(source), true)
            }
            Self::TooLong(status) => {
                let error = OktaError::protocol(name, "the answer is too long");
                (error.with_status(status.as_u16()), true)
            }
            Self::Refused(answer) => {
                // A no in Okta's own words is a no; anything else may have happened.
                let error = refused(name, &answer);
                let is_a_no =
                    answer.status().is_client_error() && *error.kind() != OktaErrorKind::Protocol;
                (error, !is_a_no)
            }
        };
        if unclear && !call.class().is_repeatable() { error.left_unclear() } else { error }
    }
}

/// What an answer that is a no means: by its status and Okta's code, never by its words.
fn refused(call: &'static str, answer: &Answer) -> OktaError {
    let (status, problem) = (answer.status(), answer.problem());
    let code = problem.code.as_deref().unwrap_or_default();
    let (kind, what) = meaning(status.as_u16(), code, answer);
    let error = match &problem.description {
        Some(description) => OktaError::new(kind, call, format!("{what}: {description}")),
        None => OktaError::new(kind, call, what),
    };
    error
        .with_status(status.as_u16())
        .with_code(problem.code.as_deref())
        .with_error_id(problem.error_id.as_deref())
        .with_request_id(answer.request_id())
}

fn meaning(status: u16, code: &str, answer: &Answer) -> (OktaErrorKind, &'static str) {
    use OktaErrorKind as Kind;
    let rejected = || Kind::Rejected { codes: vec![plain_code(status, code).into()] };
    match (status, code) {
        // Before its body: a limited token request says `invalid_grant`.
        (429, _) => {
            let retry_after = rate_limit::wait(answer);
            (Kind::RateLimited { retry_after }, "Okta asks for patience")
        }
        // Okta says why, in JSON. A proxy or a firewall may say no in its place.
        (400..=407 | 409..=499, "") => (Kind::Protocol, "this is not Okta's own no"),
        (300..=399, _) => (Kind::Protocol, "a redirect, which is not followed"),
        (400, "use_dpop_nonce" | "invalid_dpop_proof") => {
            let what = "the app requires DPoP (\"Require DPoP header in token requests\"): \
                        switch it on here, or off there";
            (Kind::Config, what)
        }
        (400, "invalid_scope" | "unauthorized_client" | "unsupported_grant_type") => {
            (Kind::Config, "the app is not set up for what is asked of it")
        }
        (400 | 401, "invalid_client") => (Kind::AuthFailed, "Okta does not accept the client"),
        (400, _) => (rejected(), "Okta will not have this"),
        (401, _) => (Kind::AuthFailed, "Okta does not accept the credential"),
        (403, "E0000016" | "E0000038") => {
            (Kind::Conflict, "the account is in a state that does not allow it")
        }
        (403, "E0000117") => (Kind::AccountDeactivated, "the account is deactivated"),
        (403, _) => {
            let what = "the credential may not do this: look at its scopes, its administrator \
                        role and the role's resources";
            (Kind::Forbidden, what)
        }
        (404, "E0000007") => (Kind::NotFound, "there is no such thing at Okta"),
        (404, "E0000008") => (Kind::Config, "Okta does not know the path: look at the URL"),
        (404 | 405 | 411 | 501, _) => (Kind::Protocol, "this is not how Okta answers"),
        (409, "E0000112") => (Kind::NotYet, "the account is still being activated"),
        (409, _) => (Kind::Conflict, "it conflicts with something at Okta"),
        (503, "E0000010") => (Kind::Unavailable, "Okta only reads at the moment"),
        (408 | 500..=599, _) => (Kind::Unavailable, "Okta is not ready"),
        (401..=499, _) => (rejected(), "Okta will not have this"),
        _ => (Kind::Protocol, "this is not how Okta answers"),
    }
}

/// Okta's code where it looks like one, else the status.
fn plain_code(status: u16, code: &str) -> String {
    let is_code = (1..=40).contains(&code.len())
        && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_code { code.to_owned() } else { format!("http_{status}") }
}
