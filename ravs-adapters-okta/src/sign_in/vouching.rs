//! Which address is one that Okta vouches for (R-S1).

use ravs_core::EmailAddress;

use super::SignInError;

/// Which address in an ID token is one that Okta vouches for (R-S1).
///
/// It matters once for a person: at their first sign-in, which links their user to Okta's id of
/// them. Access was granted to a *login*, so that it is the login that counts (the claim
/// `preferred_username`), wherever it is an email address. The claim `email` is the profile's
/// primary email, which many tenants let its owner change: to somebody else's, who was invited
/// and has not signed in yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EmailVouching {
    /// The login, and nothing else. A token without one is refused.
    #[default]
    Login,
    /// Where the token has no login that is an email address, the claim `email`: the tenant
    /// vouches for its profiles, in which addresses are given by administrators, or changed by
    /// their owners only after a check. The claim `email_verified` may be absent, but not false.
    Tenant,
    /// The token has to say that `email` is verified (`email_verified` is `true`), and where it
    /// has a login that is an email address, that has to be the same. On a custom authorisation
    /// server that takes a claim `email_verified` that is always included.
    Claim,
}

/// What an ID token says of somebody's addresses.
pub(super) struct Addresses {
    pub(super) login: Option<String>,
    pub(super) email: Option<String>,
    pub(super) email_verified: Option<bool>,
}

impl EmailVouching {
    pub(super) fn email(self, said: &Addresses) -> Result<EmailAddress, SignInError> {
        let login = said.login.as_deref().and_then(|login| login.parse::<EmailAddress>().ok());
        match login {
            Some(login) => self.of_login(login, said),
            None if self == Self::Login => Err(SignInError::NoLogin),
            None => self.of_email(said),
        }
    }

    /// The login, where what is said of `email` does not stand against it.
    fn of_login(self, login: EmailAddress, said: &Addresses) -> Result<EmailAddress, SignInError> {
        let email = said.email.as_deref().map(str::parse::<EmailAddress>);
        let is_email = email.map(|email| email.is_ok_and(|email| email == login));
        let stands = match self {
            Self::Claim => is_email == Some(true) && said.email_verified == Some(true),
            // Of another address it says nothing about this one.
            Self::Login | Self::Tenant => {
                is_email == Some(false) || said.email_verified != Some(false)
            }
        };
        if stands { Ok(login) } else { Err(SignInError::EmailNotVerified) }
    }

    fn of_email(self, said: &Addresses) -> Result<EmailAddress, SignInError> {
        let email = said.email.as_deref().ok_or(SignInError::NoEmail)?;
        match (said.email_verified, self) {
            (Some(true), _) | (None, Self::Tenant) => {}
            (Some(false) | None, _) => return Err(SignInError::EmailNotVerified),
        }
        email.parse().map_err(|_| SignInError::EmailInvalid)
    }
}
