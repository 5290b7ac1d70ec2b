//! When an address is one that Okta vouches for (R-S1).

use ravs_core::EmailAddress;

use super::SignInError;

/// When an address in an ID token is one that Okta vouches for (R-S1).
///
/// It matters once for a person: at their first sign-in, which links their user to Okta's id of
/// them. A token without an address, and one that says the address is *not* verified, is refused
/// either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EmailVouching {
    /// The tenant vouches for what is in its profiles: addresses are given by administrators, or
    /// changed by their owners only after a check. The claim `email_verified` may be absent, as
    /// it is from the ID tokens of an organisation's own authorisation server.
    #[default]
    Tenant,
    /// The token has to say so: `email_verified` is `true`. On a custom authorisation server
    /// that takes a claim of this name that is always included.
    Claim,
}

impl EmailVouching {
    pub(super) fn email(
        self,
        email: Option<String>,
        verified: Option<bool>,
    ) -> Result<EmailAddress, SignInError> {
        let email = email.ok_or(SignInError::NoEmail)?;
        match (verified, self) {
            (Some(true), _) | (None, Self::Tenant) => {}
            (Some(false), _) | (None, Self::Claim) => return Err(SignInError::EmailNotVerified),
        }
        email.parse().map_err(|_| SignInError::EmailInvalid)
    }
}
