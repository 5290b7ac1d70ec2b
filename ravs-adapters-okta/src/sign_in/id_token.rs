//! An ID token, as it is written and signed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::TokenRefused;
use super::claims::Claims;
use super::keys::Key;

/// The longest that is read, in bytes.
const LONGEST: usize = 64 * 1024;

/// An ID token of which nothing is believed yet.
pub(super) struct IdToken<'a> {
    /// What is signed.
    text: &'a str,
    payload: &'a str,
    signature: Vec<u8>,
    key_id: String,
}

/// What a token says of its signature.
#[derive(Deserialize)]
struct Header {
    alg: Option<String>,
    kid: Option<String>,
    crit: Option<IgnoredAny>,
}

impl<'a> IdToken<'a> {
    /// Takes it apart. It has to be signed with RS256: which algorithm is good is not for a
    /// token to say.
    pub(super) fn read(token: &'a str) -> Result<Self, TokenRefused> {
        let malformed = TokenRefused::Malformed;
        if token.len() > LONGEST {
            return Err(malformed);
        }
        let (text, signature) = token.rsplit_once('.').ok_or(malformed)?;
        let (header, payload) = text.split_once('.').ok_or(malformed)?;
        let header: Header = part(header)?;
        if header.alg.as_deref() != Some("RS256") {
            return Err(TokenRefused::Algorithm);
        }
        if header.crit.is_some() {
            return Err(TokenRefused::Critical);
        }
        let key_id = header.kid.filter(|id| !id.is_empty()).ok_or(TokenRefused::NoKeyId)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| malformed)?;
        Ok(Self { text, payload, signature, key_id })
    }

    /// Which key it says it is signed with.
    pub(super) fn key_id(&self) -> &str {
        &self.key_id
    }

    /// What it claims, if this key has signed it.
    pub(super) fn verify(self, key: &Key) -> Result<Claims, TokenRefused> {
        if !key.has_signed(self.text.as_bytes(), &self.signature) {
            return Err(TokenRefused::Signature);
        }
        part(self.payload)
    }
}

fn part<T: DeserializeOwned>(text: &str) -> Result<T, TokenRefused> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| TokenRefused::Malformed)?;
    serde_json::from_slice(&bytes).map_err(|_| TokenRefused::Malformed)
}
