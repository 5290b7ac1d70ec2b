//! What a failure means to the core.

use std::time::Duration;

use ravs_core::port::PortError;

use super::{OktaError, OktaErrorKind};

/// How long an account that is changing its state takes ("a few minutes").
const NOT_YET: Duration = Duration::from_secs(120);

impl From<OktaError> for PortError {
    fn from(error: OktaError) -> Self {
        // What is kept of it, and shown to people, is this text: with Okta's code and request id.
        let what = error.to_string();
        match error.kind() {
            OktaErrorKind::NotFound
            | OktaErrorKind::Rejected { .. }
            | OktaErrorKind::AccountSuspended
            | OktaErrorKind::AccountDeactivated
            | OktaErrorKind::AmbiguousAccount
            // Tried again, it would be another email each time: that is for a person to ask for.
            | OktaErrorKind::Unknown => Self::rejected(what),
            OktaErrorKind::Conflict => Self::conflict(what),
            OktaErrorKind::RateLimited { retry_after } => Self::throttled(*retry_after, what),
            OktaErrorKind::NotYet => Self::throttled(Some(NOT_YET), what),
            OktaErrorKind::Unavailable
            | OktaErrorKind::Timeout
            // A proxy that answers for a while in Okta's place is no reason to give up for good.
            | OktaErrorKind::Protocol
            // Nor is a key that has lapsed, or a role that was taken away: once somebody has put
            // that right, everything that waits goes on by itself.
            | OktaErrorKind::AuthFailed
            | OktaErrorKind::Forbidden
            | OktaErrorKind::Config => Self::unavailable(what),
        }
        .caused_by(error)
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use ravs_core::port::PortErrorKind;

    use super::*;

    #[test]
    fn what_may_pass_may_be_tried_again_and_the_source_is_kept() {
        let port = |kind| PortError::from(OktaError::new(kind, "a call", "it failed"));
        for (kind, retryable) in [
            (OktaErrorKind::NotFound, false),
            (OktaErrorKind::Rejected { codes: Vec::new() }, false),
            (OktaErrorKind::Conflict, true),
            (OktaErrorKind::AccountSuspended, false),
            (OktaErrorKind::AccountDeactivated, false),
            (OktaErrorKind::AmbiguousAccount, false),
            (OktaErrorKind::Forbidden, true),
            (OktaErrorKind::AuthFailed, true),
            (OktaErrorKind::NotYet, true),
            (OktaErrorKind::Unavailable, true),
            (OktaErrorKind::Timeout, true),
            (OktaErrorKind::Unknown, false),
            (OktaErrorKind::Protocol, true),
            (OktaErrorKind::Config, true),
        ] {
            let error = port(kind.clone());
            assert_eq!(error.is_retryable(), retryable, "{kind:?}");
            assert_eq!(error.source().unwrap().to_string(), "a call: it failed");
            assert!(error.to_string().ends_with(": a call: it failed"), "{error}");
        }
        let told = OktaError::new(OktaErrorKind::Forbidden, "a call", "it failed");
        let told = told.with_status(403).with_request_id(Some("Zx1"));
        let told = PortError::from(told).to_string();
        assert!(told.ends_with("(status `403`, request id `Zx1`)"), "{told}");
        let retry_after = Some(Duration::from_secs(7));
        let throttled = port(OktaErrorKind::RateLimited { retry_after });
        assert_eq!(*throttled.kind(), PortErrorKind::Throttled { retry_after });
    }
}
