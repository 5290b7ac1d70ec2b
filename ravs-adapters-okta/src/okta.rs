//! Accounts, and access as membership of one group.

mod access;
mod check;
mod create;
mod ensure;
mod find;
mod members;
mod port;
mod recent;
mod resend;

use std::fmt;
use std::sync::Arc;

use url::Url;

use crate::error::OktaError;
use crate::group::GroupId;
use crate::http::{Answer, Authorise, Call, Http};
use crate::pace::Deadline;
use crate::settings::Settings;

pub use members::{Cursor, Members};

use recent::Recent;

/// Accounts at Okta, and access to RAVS as membership of one group.
///
/// Never deactivates, suspends or deletes an account: those calls are not here. A clone shares
/// its connections and its token.
#[derive(Clone)]
pub struct Okta {
    http: Arc<Http>,
    papers: Arc<dyn Authorise>,
    group: GroupId,
    recent: Arc<Recent>,
}

impl Okta {
    /// Set up so. Nothing is asked of Okta yet: see [`check`](Self::check).
    ///
    /// # Errors
    /// `Config`, where the credential cannot be one, or TLS cannot be set up.
    pub fn new(settings: Settings) -> Result<Self, OktaError> {
        let Settings { org, group, credential, pace, limits } = settings;
        if let Some(fault) = credential.fault() {
            return Err(OktaError::config("setting up", fault));
        }
        let http = Arc::new(Http::new(org, pace, limits)?);
        let papers = credential.into_papers(&http)?;
        Ok(Self { http, papers, group, recent: Arc::default() })
    }

    async fn send(&self, call: &Call, deadline: Deadline) -> Result<Answer, OktaError> {
        self.http.send(call, &*self.papers, deadline).await
    }

    fn url(&self, call: &'static str, path: &str) -> Result<Url, OktaError> {
        self.http.url(call, path)
    }
}

impl fmt::Debug for Okta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (org, group) = (self.http.org(), &self.group);
        f.debug_struct("Okta").field("org", org).field("group", group).finish_non_exhaustive()
    }
}
