//! Which address is one that Okta vouches for (R-S1).

use ravs_core::EmailAddress;

/// Which address in an ID token is one that Okta vouches for (R-S1).
///
/// It matters once for a person: at their first sign-in, which links their user to Okta's id of
/// them. Access was granted to a *login*, so that it is the login that counts (the claim
/// `preferred_username`), wherever it is an email address. The claim `email` is the profile's
/// primary email, which many tenants let its owner change: to somebody else's, who was invited
/// and has not signed in yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EmailVouching {
    /// The login, and nothing else.
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

/// Why Okta vouches for no address of somebody.
///
/// To those who have signed in before it does not matter. Somebody who was invited, and whom RAVS
/// does not know without one, has to have their account at Okta put right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Unvouched {
    /// The ID token holds no login that is an address.
    #[error(
        "the ID token has no login (`preferred_username`) that is an email address: look at the \
         app's scopes and the person's profile"
    )]
    NoLogin,
    /// The ID token holds no address.
    #[error("the ID token has no `email`: look at the app's scopes and the person's profile")]
    NoEmail,
    /// Okta does not say that the address is verified, or says that it is not.
    #[error("the address is not one that Okta vouches for (`email_verified`)")]
    NotVerified,
    /// The address is none that RAVS knows as one.
    #[error("the `email` in the ID token is not an email address")]
    Invalid,
}

/// What an ID token says of somebody's addresses.
pub(super) struct Addresses {
    pub(super) login: Option<String>,
    pub(super) email: Option<String>,
    pub(super) email_verified: Option<bool>,
}

impl EmailVouching {
    pub(super) fn email(self, said: &Addresses) -> Result<EmailAddress, Unvouched> {
        let login = said.login.as_deref().and_then(|login| login.parse::<EmailAddress>().ok());
        match login {
            Some(login) => self.of_login(login, said),
            None if self == Self::Login => Err(Unvouched::NoLogin),
            None => self.of_email(said),
        }
    }

    /// The login, where what is said of `email` does not stand against it.
    fn of_login(self, login: EmailAddress, said: &Addresses) -> Result<EmailAddress, Unvouched> {
        let email = said.email.as_deref().map(str::parse::<EmailAddress>);
        let is_email = email.map(|email| email.is_ok_and(|email| email == login));
        let stands = match self {
            Self::Claim => is_email == Some(true) && said.email_verified == Some(true),
            // Of another address it says nothing about this one.
            Self::Login | Self::Tenant => {
                is_email == Some(false) || said.email_verified != Some(false)
            }
        };
        if stands { Ok(login) } else { Err(Unvouched::NotVerified) }
    }

    fn of_email(self, said: &Addresses) -> Result<EmailAddress, Unvouched> {
        let email = said.email.as_deref().ok_or(Unvouched::NoEmail)?;
        match (said.email_verified, self) {
            (Some(true), _) | (None, Self::Tenant) => {}
            (Some(false) | None, _) => return Err(Unvouched::NotVerified),
        }
        email.parse().map_err(|_| Unvouched::Invalid)
    }
}
