//! How access is set up.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::credential::Credential;
use crate::group::GroupId;
use crate::http::Limits;
use crate::org_url::OrgUrl;
use crate::pace::{Pace, SystemPace};

/// How access is set up: where Okta is, whose members have access, and what this service shows.
#[derive(Clone)]
#[must_use]
pub struct Settings {
    pub(crate) org: OrgUrl,
    pub(crate) group: GroupId,
    pub(crate) credential: Credential,
    pub(crate) pace: Arc<dyn Pace>,
    pub(crate) limits: Limits,
}

impl Settings {
    /// A try has 10 seconds, a command 20, with everything that it waits for.
    pub fn new(org: OrgUrl, group: GroupId, credential: Credential) -> Self {
        let pace = Arc::new(SystemPace::new());
        Self { org, group, credential, pace, limits: Limits::default() }
    }

    /// How long one try may take, its answer read to the end.
    pub fn attempt_limit(mut self, limit: Duration) -> Self {
        self.limits.attempt = limit;
        self
    }

    /// How long a command may take, with its repeats and what it waits for.
    pub fn command_limit(mut self, limit: Duration) -> Self {
        self.limits.command = limit;
        self
    }

    /// Other clocks and chance than the machine's.
    pub fn pace(mut self, pace: Arc<dyn Pace>) -> Self {
        self.pace = pace;
        self
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { org, group, credential, limits, .. } = self;
        let mut shown = f.debug_struct("Settings");
        shown.field("org", org).field("group", group).field("credential", credential);
        shown.field("limits", limits).finish_non_exhaustive()
    }
}
