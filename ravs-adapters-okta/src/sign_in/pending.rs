//! What is kept while somebody signs in.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize, Serializer};

use crate::error::OktaError;
use crate::random;

const CALL: &str = "beginning a sign-in";

/// Of how many random bytes each of its texts is made: 256 bits.
const BYTES: usize = 32;

/// What is kept while somebody signs in: which browser began it, and how to tell that what comes
/// back is the answer to it.
///
/// A host keeps it in its own session store (it is serialisable), where only this browser's
/// requests lead to it, and takes it out to finish. In a cookie it has to be encrypted: whoever
/// reads it can finish the sign-in. It is good once, and not for long. `Debug` does not show it.
///
/// It cannot be cloned: what finishes a sign-in takes it.
#[derive(Deserialize)]
#[serde(try_from = "Stored<String>")]
pub struct PendingSignIn {
    issuer: String,
    state: SecretString,
    nonce: SecretString,
    verifier: SecretString,
    good_until: u64,
}

/// What was kept is no sign-in that has begun here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no pending sign-in as it was kept: have it begun again")]
pub struct InvalidPending;

impl PendingSignIn {
    /// A new one, from the system's randomness.
    pub(super) fn new(
        issuer: &str,
        now: SystemTime,
        good_for: Duration,
    ) -> Result<Self, OktaError> {
        let text = || random::text::<BYTES>(CALL).map(SecretString::from);
        Ok(Self {
            issuer: issuer.to_owned(),
            state: text()?,
            nonce: text()?,
            verifier: text()?,
            good_until: seconds(now).saturating_add(good_for.as_secs()),
        })
    }

    /// Whether a callback's `state` is its own; takes as long for any.
    pub(super) fn is_state(&self, state: &str) -> bool {
        verify_slices_are_equal(self.state().as_bytes(), state.as_bytes()).is_ok()
    }

    /// Whether it began with this issuer.
    pub(super) fn is_of(&self, issuer: &str) -> bool {
        self.issuer == issuer
    }

    /// Whether there is no time left for it.
    pub(super) fn is_over(&self, now: SystemTime) -> bool {
        seconds(now) >= self.good_until
    }

    pub(super) fn state(&self) -> &str {
        self.state.expose_secret()
    }

    pub(super) fn nonce(&self) -> &str {
        self.nonce.expose_secret()
    }

    pub(super) fn verifier(&self) -> &str {
        self.verifier.expose_secret()
    }

    /// What the verifier is recognised by (S256).
    pub(super) fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest(&SHA256, self.verifier().as_bytes()))
    }
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

impl fmt::Debug for PendingSignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingSignIn")
            .field("issuer", &self.issuer)
            .field("good_until", &self.good_until)
            .finish_non_exhaustive()
    }
}

/// As it is kept.
#[derive(Serialize, Deserialize)]
struct Stored<T> {
    issuer: T,
    state: T,
    nonce: T,
    verifier: T,
    /// In seconds since 1970 (UTC).
    good_until: u64,
}

impl Serialize for PendingSignIn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let stored = Stored {
            issuer: self.issuer.as_str(),
            state: self.state(),
            nonce: self.nonce(),
            verifier: self.verifier(),
            good_until: self.good_until,
        };
        stored.serialize(serializer)
    }
}

impl TryFrom<Stored<String>> for PendingSignIn {
    type Error = InvalidPending;

    fn try_from(stored: Stored<String>) -> Result<Self, Self::Error> {
        let Stored { issuer, state, nonce, verifier, good_until } = stored;
        let is_ours = |text: &String| URL_SAFE_NO_PAD.decode(text).is_ok_and(|b| b.len() == BYTES);
        let [state, nonce, verifier] =
            [state, nonce, verifier].map(|text| is_ours(&text).then(|| SecretString::from(text)));
        match (state, nonce, verifier) {
            (Some(state), Some(nonce), Some(verifier)) => {
                Ok(Self { issuer, state, nonce, verifier, good_until })
            }
            _ => Err(InvalidPending),
        }
    }
}
