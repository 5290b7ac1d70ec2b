//! A sign-in that has begun.

use std::fmt;

use url::Url;

use super::PendingSignIn;
use super::settings::Checked;

/// What is asked for: who somebody is, and their address.
const SCOPES: &str = "openid profile email";

/// A sign-in that has begun. `Debug` does not show it.
#[must_use]
pub struct Begun {
    /// Where to send the browser.
    pub url: String,
    /// What to keep for this browser, and for nobody else, until it comes back.
    pub pending: PendingSignIn,
}

impl Begun {
    pub(super) fn new(mut url: Url, settings: &Checked, pending: PendingSignIn) -> Self {
        let challenge = pending.challenge();
        let mut query = url.query_pairs_mut();
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", &settings.client_id)
            .append_pair("redirect_uri", &settings.redirect_url)
            .append_pair("scope", SCOPES)
            .append_pair("state", pending.state())
            .append_pair("nonce", pending.nonce())
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        if let Some(age) = settings.max_age {
            query.append_pair("max_age", &age.as_secs().to_string());
        }
        drop(query);
        Self { url: url.into(), pending }
    }
}

impl fmt::Debug for Begun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Begun").field("pending", &self.pending).finish_non_exhaustive()
    }
}
