//! What an ID token claims, and whether that is what was asked for.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::constant_time::verify_slices_are_equal;
use ravs_core::Subject;
use serde::Deserialize;

use super::TokenRefused;
use super::vouching::Addresses;

/// How far Okta's clock and this machine's may be apart.
const SKEW: u64 = 60;

/// What an ID token claims, its signature being good. Times in seconds since 1970 (UTC).
#[derive(Deserialize)]
pub(super) struct Claims {
    iss: Option<String>,
    aud: Option<Audience>,
    azp: Option<String>,
    exp: Option<u64>,
    iat: Option<u64>,
    nbf: Option<u64>,
    nonce: Option<String>,
    sub: Option<String>,
    auth_time: Option<u64>,
    preferred_username: Option<String>,
    email: Option<String>,
    email_verified: Option<bool>,
}

/// Whom it is for.
#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// What was asked for.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a str,
    pub(super) max_age: Option<Duration>,
    pub(super) now: SystemTime,
}

/// What is believed of it.
pub(super) struct Accepted {
    pub(super) subject: Subject,
    pub(super) addresses: Addresses,
    pub(super) authenticated_at: Option<SystemTime>,
}

impl Claims {
    /// What it says of somebody, if it is of this issuer, for this app, of this time and the
    /// answer to this sign-in.
    pub(super) fn accept(self, expected: &Expected<'_>) -> Result<Accepted, TokenRefused> {
        let now = expected.now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        if self.iss.as_deref() != Some(expected.issuer) {
            return Err(TokenRefused::Issuer);
        }
        self.check_audience(expected.client_id)?;
        self.check_times(now)?;
        let is_nonce = |said: &String| {
            verify_slices_are_equal(said.as_bytes(), expected.nonce.as_bytes()).is_ok()
        };
        if !self.nonce.as_ref().is_some_and(is_nonce) {
            return Err(TokenRefused::Nonce);
        }
        if let Some(age) = expected.max_age {
            let at = self.auth_time.ok_or(TokenRefused::NoAuthenticationTime)?;
            if now > at.saturating_add(age.as_secs()).saturating_add(SKEW) {
                return Err(TokenRefused::AuthenticationTooOld);
            }
        }
        let subject = self.sub.as_deref().and_then(|text| Subject::new(text).ok());
        let authenticated_at = self
            .auth_time
            .map(|at| UNIX_EPOCH.checked_add(Duration::from_secs(at)))
            .map(|at| at.ok_or(TokenRefused::Malformed))
            .transpose()?;
        Ok(Accepted {
            subject: subject.ok_or(TokenRefused::NoSubject)?,
            addresses: Addresses {
                login: self.preferred_username,
                email: self.email,
                email_verified: self.email_verified,
            },
            authenticated_at,
        })
    }

    /// It is for this app; where it is for others too, this one has asked for it.
    fn check_audience(&self, client_id: &str) -> Result<(), TokenRefused> {
        let several = match &self.aud {
            Some(Audience::One(one)) if one == client_id => false,
            Some(Audience::Several(all)) if all.iter().any(|one| one == client_id) => all.len() > 1,
            _ => return Err(TokenRefused::Audience),
        };
        match &self.azp {
            Some(party) if party == client_id => Ok(()),
            None if !several => Ok(()),
            _ => Err(TokenRefused::AuthorisedParty),
        }
    }

    fn check_times(&self, now: u64) -> Result<(), TokenRefused> {
        let (Some(expiry), Some(issued)) = (self.exp, self.iat) else {
            return Err(TokenRefused::NoTimes);
        };
        if now > expiry.saturating_add(SKEW) {
            return Err(TokenRefused::Expired);
        }
        let latest = now.saturating_add(SKEW);
        let is_ahead = |time: Option<u64>| time.is_some_and(|time| time > latest);
        if issued > latest || is_ahead(self.nbf) || is_ahead(self.auth_time) {
            return Err(TokenRefused::NotYetValid);
        }
        Ok(())
    }
}
