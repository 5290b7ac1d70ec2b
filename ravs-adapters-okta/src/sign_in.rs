//! Sign-in by OpenID Connect: authorisation code with PKCE, an ID token that is checked.

mod begun;
mod callback;
mod claims;
mod client;
mod discovery;
mod error;
mod exchange;
mod freshness;
mod id_token;
mod issuer;
mod kept;
mod keys;
mod pending;
mod redirect_url;
mod refused;
mod remedy;
mod settings;
mod vouching;

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use ravs_core::VerifiedIdentity;
use secrecy::ExposeSecret as _;

use crate::error::OktaError;
use crate::http::{Http, Limits};
use crate::pace::Deadline;

pub use begun::Begun;
pub use client::ClientAuthentication;
pub use error::SignInError;
pub use pending::{InvalidPending, PendingSignIn};
pub use refused::TokenRefused;
pub use remedy::Remedy;
pub use settings::SignInSettings;
pub use vouching::{EmailVouching, Unvouched};

use callback::Callback;
use claims::Expected;
use discovery::Provider;
use id_token::IdToken;
use kept::Kept;
use keys::{Key, Keys};
use settings::Checked;

/// The longest answer that is read, in bytes: keys of a dozen clients fit in it many times.
const LONGEST_ANSWER: usize = 1024 * 1024;

/// Signs people in with Okta.
///
/// One value serves a whole host: it keeps where Okta's endpoints are, and its keys.
pub struct OktaSignIn {
    settings: Checked,
    http: Http,
    provider: Kept<Provider>,
    keys: Kept<Keys>,
}

/// Somebody has signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignedIn {
    /// Who, as Okta has verified it: what `Ravs::sign_in` takes.
    pub identity: VerifiedIdentity,
    /// Why Okta vouches for no address of theirs, where it does not. Where RAVS does not know them
    /// (`unknown_user`, `not_a_regional_lead`), it may be for this.
    pub unvouched: Option<Unvouched>,
    /// When they last showed Okta who they are (UTC, whole seconds), where Okta says so. It does
    /// where [`SignInSettings::max_age`] is set.
    pub authenticated_at: Option<SystemTime>,
}

impl OktaSignIn {
    /// Set up so. Nothing is asked of Okta yet: see [`check`](Self::check).
    ///
    /// # Errors
    /// `Config`, with everything that is wrong with the settings; or TLS cannot be set up.
    pub fn new(settings: SignInSettings) -> Result<Self, OktaError> {
        let (settings, pace) = settings.check()?;
        let limits = Limits { body: LONGEST_ANSWER, ..Limits::default() };
        let http = Http::new(settings.issuer.org().clone(), pace, limits)?;
        Ok(Self { settings, http, provider: Kept::default(), keys: Kept::default() })
    }

    /// Whether Okta is where it should be, knows how to do this, and shows its keys; for when a
    /// host starts.
    ///
    /// # Errors
    /// [`OktaError`]: `Config` where the issuer is another or cannot do this.
    pub async fn check(&self) -> Result<(), OktaError> {
        let deadline = self.http.deadline();
        let provider = self.provider(deadline).await?;
        self.keys(&provider, deadline).await?;
        Ok(())
    }

    /// Where to send somebody's browser, and what to keep until they come back.
    ///
    /// # Errors
    /// [`OktaError`] when Okta cannot be asked where that is.
    pub async fn begin(&self) -> Result<Begun, OktaError> {
        let provider = self.provider(self.http.deadline()).await?;
        let now = self.http.pace().now();
        let settings = &self.settings;
        let pending = PendingSignIn::new(settings.issuer.as_str(), now, settings.complete_within)?;
        Ok(Begun::new(provider.authorisation.clone(), settings, pending))
    }

    /// Who has come back: `callback` is the query of the URL that Okta sent the browser to.
    ///
    /// Takes what was kept, so that it is good once.
    ///
    /// ```compile_fail,E0382
    /// # use ravs_adapters_okta::{OktaSignIn, PendingSignIn};
    /// # async fn twice(okta: &OktaSignIn, pending: PendingSignIn) {
    /// let first = okta.finish(pending, "code=a&state=b").await;
    /// let second = okta.finish(pending, "code=a&state=b").await;
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`SignInError`], whose [`remedy`](SignInError::remedy) says what may help.
    pub async fn finish(
        &self,
        pending: PendingSignIn,
        callback: &str,
    ) -> Result<SignedIn, SignInError> {
        let (settings, pace) = (&self.settings, self.http.pace());
        let code = Callback::read(callback)?.code(&pending, &settings.issuer, pace.now())?;
        let deadline = self.http.deadline();
        let provider = self.provider(deadline).await?;
        let text =
            exchange::id_token(&self.http, settings, &provider, &code, &pending, deadline).await?;
        let token = IdToken::read(text.expose_secret())?;
        let key = self.key(token.key_id(), &provider, deadline).await?;
        let claims = token.verify(&key)?;
        let expected = Expected {
            issuer: settings.issuer.as_str(),
            client_id: &settings.client_id,
            nonce: pending.nonce(),
            max_age: settings.max_age,
            now: pace.now(),
        };
        let accepted = claims.accept(&expected)?;
        let (email, unvouched) = match settings.vouching.email(&accepted.addresses) {
            Ok(email) => (Some(email), None),
            Err(unvouched) => (None, Some(unvouched)),
        };
        let identity = VerifiedIdentity { subject: accepted.subject, email };
        Ok(SignedIn { identity, unvouched, authenticated_at: accepted.authenticated_at })
    }

    /// Okta's endpoints, as they are kept or as it tells.
    async fn provider(&self, deadline: Deadline) -> Result<Arc<Provider>, OktaError> {
        let fetch = |until| discovery::fetch(&self.http, &self.settings, until);
        self.provider.take(self.http.pace(), deadline, fetch).await
    }

    /// Okta's keys, the same way.
    async fn keys(&self, provider: &Provider, deadline: Deadline) -> Result<Arc<Keys>, OktaError> {
        let fetch = |until| keys::fetch(&self.http, provider, until);
        self.keys.take(self.http.pace(), deadline, fetch).await
    }

    /// The key of this id, of those that are kept, or else of those that Okta shows now.
    async fn key(
        &self,
        id: &str,
        provider: &Provider,
        deadline: Deadline,
    ) -> Result<Key, SignInError> {
        if let Some(key) = self.keys(provider, deadline).await?.find(id) {
            return Ok(key);
        }
        let fetch = keys::fetch(&self.http, provider, deadline);
        let renewed = self.keys.renew(self.http.pace(), fetch).await?;
        renewed.find(id).ok_or_else(|| TokenRefused::UnknownKey.into())
    }
}

impl fmt::Debug for OktaSignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OktaSignIn").field("settings", &self.settings).finish_non_exhaustive()
    }
}
