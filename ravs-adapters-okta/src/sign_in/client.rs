//! How the host shows Okta that it is the app.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};

use crate::credential::ClientKey;

/// How the host shows Okta that it is the app that somebody signs in to.
///
/// `Debug` shows neither key nor secret.
#[derive(Clone)]
pub struct ClientAuthentication(pub(super) Kind);

#[derive(Clone)]
pub(super) enum Kind {
    Key(ClientKey),
    Secret(SecretString),
    Nothing,
}

impl ClientAuthentication {
    /// By its own key (`private_key_jwt`): nothing that could be used again leaves the host.
    #[must_use]
    pub fn key(key: ClientKey) -> Self {
        Self(Kind::Key(key))
    }

    /// By a secret that Okta knows too (`client_secret_basic`).
    #[must_use]
    pub fn secret(secret: SecretString) -> Self {
        Self(Kind::Secret(secret))
    }

    /// Not at all: a public client, which has PKCE only.
    #[must_use]
    pub fn public() -> Self {
        Self(Kind::Nothing)
    }

    /// What is wrong with it.
    pub(super) fn fault(&self) -> Option<&'static str> {
        let Kind::Secret(secret) = &self.0 else { return None };
        let secret = secret.expose_secret();
        let good = !secret.is_empty() && secret.bytes().all(|byte| byte.is_ascii_graphic());
        (!good).then_some("the client secret is missing, or has characters it cannot have")
    }

    /// What discovery calls it.
    pub(super) fn method(&self) -> &'static str {
        match &self.0 {
            Kind::Key(_) => "private_key_jwt",
            Kind::Secret(_) => "client_secret_basic",
            Kind::Nothing => "none",
        }
    }
}

impl fmt::Debug for ClientAuthentication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Key(key) => f.debug_tuple("ClientAuthentication::key").field(key).finish(),
            Kind::Secret(_) => f.write_str("ClientAuthentication::secret(…)"),
            Kind::Nothing => f.write_str("ClientAuthentication::public()"),
        }
    }
}
