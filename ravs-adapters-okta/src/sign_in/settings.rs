//! How sign-in is set up.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::issuer::Issuer;
use super::{ClientAuthentication, EmailVouching, redirect_url};
use crate::error::OktaError;
use crate::pace::{Pace, SystemPace};

const CALL: &str = "setting up sign-in";

/// How long somebody may take between the two halves of a sign-in.
const COMPLETE_WITHIN: Duration = Duration::from_secs(15 * 60);

/// What that may be set to.
const SHORTEST: Duration = Duration::from_secs(60);
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// How sign-in is set up: whose tokens are taken, and which app they are for.
///
/// ```
/// use ravs_adapters_okta::{ClientAuthentication, OktaSignIn, SignInSettings};
///
/// let settings = SignInSettings::new(
///     "https://example.okta.com/",
///     "",
///     "http://ravs.example/signed-in",
///     ClientAuthentication::public(),
/// );
/// let error = OktaSignIn::new(settings).unwrap_err().to_string();
/// assert!(error.contains("write the issuer as Okta does: `https://example.okta.com`"));
/// assert!(error.contains("the client id is missing"));
/// assert!(error.contains("the redirect URL: use `https`"));
/// ```
#[derive(Clone)]
#[must_use]
pub struct SignInSettings {
    issuer: String,
    client_id: String,
    redirect_url: String,
    client: ClientAuthentication,
    complete_within: Duration,
    max_age: Option<Duration>,
    vouching: EmailVouching,
    pace: Arc<dyn Pace>,
}

/// Settings without a fault.
pub(super) struct Checked {
    pub(super) issuer: Issuer,
    pub(super) client_id: String,
    pub(super) redirect_url: String,
    pub(super) client: ClientAuthentication,
    pub(super) complete_within: Duration,
    pub(super) max_age: Option<Duration>,
    pub(super) vouching: EmailVouching,
}

impl SignInSettings {
    /// The issuer is `https://{org}`, or `https://{org}/oauth2/{id}` for a custom authorisation
    /// server, written as Okta does; the redirect URL is one that the app has at Okta. Both are
    /// `https`, save on the machine itself. Everything is checked by [`OktaSignIn::new`].
    ///
    /// [`OktaSignIn::new`]: super::OktaSignIn::new
    pub fn new(
        issuer: impl Into<String>,
        client_id: impl Into<String>,
        redirect_url: impl Into<String>,
        client: ClientAuthentication,
    ) -> Self {
        Self {
            issuer: issuer.into(),
            client_id: client_id.into(),
            redirect_url: redirect_url.into(),
            client,
            complete_within: COMPLETE_WITHIN,
            max_age: None,
            vouching: EmailVouching::default(),
            pace: Arc::new(SystemPace::new()),
        }
    }

    /// How long somebody may take to sign in, from one minute to one hour; usually 15 minutes.
    pub fn complete_within(mut self, time: Duration) -> Self {
        self.complete_within = time;
        self
    }

    /// How long ago somebody may have shown Okta who they are, in whole seconds: asked of Okta,
    /// and checked.
    pub fn max_age(mut self, age: Duration) -> Self {
        self.max_age = Some(Duration::from_secs(age.as_secs()));
        self
    }

    /// Which address is one that Okta vouches for; usually the login only.
    pub fn email_vouching(mut self, vouching: EmailVouching) -> Self {
        self.vouching = vouching;
        self
    }

    /// Other clocks and chance than the machine's.
    pub fn pace(mut self, pace: Arc<dyn Pace>) -> Self {
        self.pace = pace;
        self
    }

    /// Without a fault, or with all of them in one error.
    pub(super) fn check(self) -> Result<(Checked, Arc<dyn Pace>), OktaError> {
        let Self { issuer, client_id, redirect_url, client, complete_within, max_age, .. } = self;
        let mut faults: Vec<Cow<'static, str>> = Vec::new();
        let issuer = Issuer::read(&issuer).map_err(|fault| faults.push(fault)).ok();
        if client_id.is_empty() || !client_id.bytes().all(|byte| byte.is_ascii_graphic()) {
            faults.push("the client id is missing, or has characters it cannot have".into());
        }
        let redirect_url =
            redirect_url::read(&redirect_url).map_err(|fault| faults.push(fault.into())).ok();
        faults.extend(client.fault().map(Cow::Borrowed));
        if !(SHORTEST..=LONGEST).contains(&complete_within) {
            faults.push("a sign-in is completed within one minute to one hour".into());
        }
        match (issuer, redirect_url) {
            (Some(issuer), Some(redirect_url)) if faults.is_empty() => {
                let vouching = self.vouching;
                let checked = Checked {
                    issuer,
                    client_id,
                    redirect_url,
                    client,
                    complete_within,
                    max_age,
                    vouching,
                };
                Ok((checked, self.pace))
            }
            _ => Err(OktaError::config(CALL, faults.join("; "))),
        }
    }
}

impl fmt::Debug for SignInSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What cannot be a URL of the right kind may have a password in it.
        f.debug_struct("SignInSettings")
            .field("client_id", &self.client_id)
            .field("client", &self.client)
            .field("complete_within", &self.complete_within)
            .field("max_age", &self.max_age)
            .field("vouching", &self.vouching)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Checked")
            .field("issuer", &self.issuer.as_str())
            .field("client_id", &self.client_id)
            .field("redirect_url", &self.redirect_url)
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}
