//! The keys that Okta signs ID tokens with.

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::Value;

use super::discovery::Provider;
use super::freshness::Fresh;
use crate::error::OktaError;
use crate::http::{Anonymous, Call, Http};
use crate::pace::Deadline;

const CALL: &str = "asking for the issuer's keys";

/// Those of its keys that an ID token can be signed with. Several are good at a time.
pub(super) struct Keys(Vec<Key>);

/// A public RSA key of the issuer.
#[derive(Clone)]
pub(super) struct Key {
    id: String,
    components: RsaPublicKeyComponents<Vec<u8>>,
}

/// A set of keys (RFC 7517). One that is not understood is left out, the others stay good.
#[derive(Deserialize)]
struct Document {
    keys: Vec<Value>,
}

/// A key, as far as it is needed.
#[derive(Deserialize)]
struct Written {
    kty: String,
    kid: String,
    #[serde(rename = "use")]
    purpose: Option<String>,
    alg: Option<String>,
    n: String,
    e: String,
}

pub(super) async fn fetch(
    http: &Http,
    provider: &Provider,
    deadline: Deadline,
) -> Result<Fresh<Keys>, OktaError> {
    let call = Call::get(CALL, provider.keys.clone());
    let answer = http.send(&call, &Anonymous, deadline).await?;
    let document: Document = answer.json()?;
    let keys: Vec<_> = document.keys.into_iter().filter_map(Key::read).collect();
    if keys.is_empty() {
        return Err(OktaError::protocol(CALL, "there is none that an ID token can be signed with"));
    }
    Ok(Fresh::new(Keys(keys), &answer))
}

impl Keys {
    /// The key of this id.
    pub(super) fn find(&self, id: &str) -> Option<Key> {
        self.0.iter().find(|key| key.id == id).cloned()
    }
}

impl Key {
    /// A key that signs with RS256.
    fn read(value: Value) -> Option<Self> {
        let Written { kty, kid: id, purpose, alg, n, e } = serde_json::from_value(value).ok()?;
        let is = |said: Option<String>, expected: &str| said.is_none_or(|said| said == expected);
        if kty != "RSA" || id.is_empty() || !is(purpose, "sig") || !is(alg, "RS256") {
            return None;
        }
        let [n, e] = [n, e].map(|number| URL_SAFE_NO_PAD.decode(number).ok());
        Some(Self { id, components: RsaPublicKeyComponents { n: n?, e: e? } })
    }

    /// Whether it made this signature of this text (RS256, with 2048 bits or more).
    pub(super) fn has_signed(&self, text: &[u8], signature: &[u8]) -> bool {
        self.components.verify(&RSA_PKCS1_2048_8192_SHA256, text, signature).is_ok()
    }
}
