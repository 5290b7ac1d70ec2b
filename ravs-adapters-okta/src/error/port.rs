//! What a failure means to the core.

use std::time::Duration;

use ravs_core::port::PortError;

use super::{OktaError, OktaErrorKind};

/// How long an account that is changing its state takes ("a few minutes").
const NOT_YET: Duration = Duration::from_secs(120);

impl From<OktaError> for PortError {
    fn from(error: OktaError) -> Self {
        match error.kind() {
            OktaErrorKind::NotFound => Self::rejected("Okta has no such account or group"),
            OktaErrorKind::Rejected { .. } => Self::rejected("Okta will not have this"),
            OktaErrorKind::Conflict => Self::conflict("the account at Okta has changed meanwhile"),
            OktaErrorKind::AccountSuspended => Self::rejected("Okta has suspended this account"),
            OktaErrorKind::AccountDeactivated => {
                Self::rejected("Okta has deactivated this account")
            }
            OktaErrorKind::AmbiguousAccount => {
                Self::rejected("another login at Okta has this address")
            }
            OktaErrorKind::Forbidden => Self::rejected("Okta does not let this service do that"),
            OktaErrorKind::AuthFailed => Self::rejected("Okta does not accept the credential"),
            OktaErrorKind::RateLimited { retry_after } => {
                Self::throttled(*retry_after, "Okta asks for patience")
            }
            OktaErrorKind::NotYet => {
                Self::throttled(Some(NOT_YET), "the account at Okta is still changing its state")
            }
            OktaErrorKind::Unavailable => Self::unavailable("Okta cannot be reached"),
            OktaErrorKind::Timeout => Self::unavailable("Okta did not answer in time"),
            OktaErrorKind::Unknown => Self::unavailable("Okta may or may not have done this"),
            // A proxy that answers for a while in Okta's place is no reason to give up for good.
            OktaErrorKind::Protocol => Self::unavailable("this is not how Okta answers"),
            OktaErrorKind::Config => Self::rejected("Okta is not set up for this"),
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
            (OktaErrorKind::Forbidden, false),
            (OktaErrorKind::AuthFailed, false),
            (OktaErrorKind::NotYet, true),
            (OktaErrorKind::Unavailable, true),
            (OktaErrorKind::Timeout, true),
            (OktaErrorKind::Unknown, true),
            (OktaErrorKind::Protocol, true),
            (OktaErrorKind::Config, false),
        ] {
            let error = port(kind.clone());
            assert_eq!(error.is_retryable(), retryable, "{kind:?}");
            assert_eq!(error.source().unwrap().to_string(), "a call: it failed");
        }
        let retry_after = Some(Duration::from_secs(7));
        let throttled = port(OktaErrorKind::RateLimited { retry_after });
        assert_eq!(*throttled.kind(), PortErrorKind::Throttled { retry_after });
    }
}
