//! What may help somebody who is not signed in.

use super::{SignInError, TokenRefused};
use crate::error::OktaErrorKind;

/// What may help somebody who is not signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Remedy {
    /// Sign in once more, from the start.
    StartAgain,
    /// Try again in some minutes.
    TryLater,
    /// Have access granted, by an administrator of the organisation.
    AskForAccess,
    /// Nothing that the person can do: who runs the service has to look.
    TellOperator,
}

impl SignInError {
    /// What may help.
    #[must_use]
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::CallbackInvalid { .. }
            | Self::StateMissing
            | Self::StateDiffers
            | Self::AnotherIssuer
            | Self::TooLate
            | Self::LoginRequired { .. }
            | Self::SignInFailed { .. } => Remedy::StartAgain,
            Self::NotReady { .. } => Remedy::TryLater,
            Self::NotAssigned { .. } => Remedy::AskForAccess,
            Self::NotSetUp { .. } | Self::Declined { .. } => Remedy::TellOperator,
            Self::Token(refused) => match refused {
                TokenRefused::Expired
                | TokenRefused::Nonce
                | TokenRefused::AuthenticationTooOld => Remedy::StartAgain,
                TokenRefused::Missing
                | TokenRefused::Malformed
                | TokenRefused::Algorithm
                | TokenRefused::Critical
                | TokenRefused::NoKeyId
                | TokenRefused::UnknownKey
                | TokenRefused::Signature
                | TokenRefused::Issuer
                | TokenRefused::Audience
                | TokenRefused::AuthorisedParty
                | TokenRefused::NotYetValid
                | TokenRefused::NoTimes
                | TokenRefused::NoSubject
                | TokenRefused::NoAuthenticationTime => Remedy::TellOperator,
            },
            Self::Okta(error) => match error.kind() {
                OktaErrorKind::RateLimited { .. }
                | OktaErrorKind::NotYet
                | OktaErrorKind::Conflict
                | OktaErrorKind::Unavailable
                | OktaErrorKind::Timeout
                | OktaErrorKind::Unknown
                | OktaErrorKind::Protocol => Remedy::TryLater,
                OktaErrorKind::NotFound
                | OktaErrorKind::Rejected { .. }
                | OktaErrorKind::AccountSuspended
                | OktaErrorKind::AccountDeactivated
                | OktaErrorKind::AmbiguousAccount
                | OktaErrorKind::Forbidden
                | OktaErrorKind::AuthFailed
                | OktaErrorKind::Config => Remedy::TellOperator,
            },
        }
    }
}
