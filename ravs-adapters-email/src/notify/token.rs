//! What a request shows for itself.

use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use secrecy::SecretString;

use super::api_key::ApiKey;

/// A JSON Web Token signed with the key's secret (HS256), which Notify takes for 30 seconds.
pub(super) fn token(key: &ApiKey, now: DateTime<Utc>) -> SecretString {
    let header = URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"HS256"}"#);
    let claims = format!(r#"{{"iss":"{}","iat":{}}}"#, key.service(), now.timestamp());
    let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims));
    let signature = sign(&Key::new(HMAC_SHA256, key.secret()), signed.as_bytes());
    SecretString::from(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
}
