//! The key that an app signs with.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;

use crate::error::OktaError;
use crate::random;

/// How long an assertion is good. Okta takes at most an hour, by its own clock.
const LIFE: Duration = Duration::from_secs(300);

/// How far this machine's clock may be ahead of Okta's.
const SKEW: Duration = Duration::from_secs(5);

/// The private key that an app signs its assertions with, and the name that Okta knows it by.
///
/// `Debug` shows its id only.
#[derive(Clone)]
pub struct ClientKey {
    id: String,
    algorithm: Algorithm,
    key: EncodingKey,
}

/// Why a text is no key that an app can sign with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidClientKey {
    /// There is no id.
    #[error("the key's id (`kid`) is missing: Okta shows it beside the public key")]
    NoId,
    /// It is no private key in PEM.
    #[error("this is no private key in PEM")]
    NoPem,
    /// It is a key that cannot sign here.
    #[error(
        "the key cannot sign: use RSA of 2048 bits or more, or P-256 or P-384 in PKCS #8 \
         (`openssl pkcs8 -topk8 -nocrypt`)"
    )]
    CannotSign,
}

/// What an assertion claims.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    iat: u64,
    exp: u64,
    jti: &'a str,
}

impl ClientKey {
    /// The key in this PEM, which Okta knows by this id. RSA signs with RS256, P-256 with ES256,
    /// P-384 with ES384.
    ///
    /// # Errors
    /// [`InvalidClientKey`], which does not repeat the text.
    pub fn from_pem(id: impl Into<String>, pem: &SecretString) -> Result<Self, InvalidClientKey> {
        // Where a host's other crates bring another provider too, there is no default without
        // this, and signing would panic. One that was installed before stays.
        let _ = DEFAULT_PROVIDER.install_default();
        let id = id.into();
        if id.trim().is_empty() {
            return Err(InvalidClientKey::NoId);
        }
        let pem = pem.expose_secret().as_bytes();
        let rsa = EncodingKey::from_rsa_pem(pem).map(|key| vec![(Algorithm::RS256, key)]);
        let ec = || {
            let key = EncodingKey::from_ec_pem(pem)?;
            Ok(vec![(Algorithm::ES256, key.clone()), (Algorithm::ES384, key)])
        };
        let candidates = rsa
            .or_else(|_: jsonwebtoken::errors::Error| ec())
            .map_err(|_: jsonwebtoken::errors::Error| InvalidClientKey::NoPem)?;
        // A PEM is only opened above: whether it holds a key that can sign shows by signing.
        let signs = |(algorithm, key): &(Algorithm, EncodingKey)| {
            jsonwebtoken::crypto::sign(b"whether it can", key, *algorithm).is_ok()
        };
        let (algorithm, key) =
            candidates.into_iter().find(signs).ok_or(InvalidClientKey::CannotSign)?;
        Ok(Self { id, algorithm, key })
    }

    /// A new assertion that this client is who it says, good for five minutes and once.
    pub(crate) fn assertion(
        &self,
        call: &'static str,
        client_id: &str,
        audience: &str,
        now: SystemTime,
    ) -> Result<SecretString, OktaError> {
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        let claims = Claims {
            iss: client_id,
            sub: client_id,
            aud: audience,
            iat: now.saturating_sub(SKEW).as_secs(),
            exp: now.saturating_add(LIFE).as_secs(),
            jti: &random::text::<16>(call)?,
        };
        let header = Header { kid: Some(self.id.clone()), ..Header::new(self.algorithm) };
        jsonwebtoken::encode(&header, &claims, &self.key)
            .map(SecretString::from)
            .map_err(|_| OktaError::config(call, "the client's key does not sign"))
    }
}

impl fmt::Debug for ClientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientKey")
            .field("id", &self.id)
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}
