//! Where the interface is, and how much patience there is with it.

use std::fmt;
use std::num::NonZeroUsize;
use std::time::Duration;

use url::Url;

/// Where the directory's interface is, and how it is asked.
#[derive(Clone)]
#[must_use]
pub struct LiveSettings {
    pub(super) url: String,
    pub(super) attempt: Duration,
    pub(super) deadline: Duration,
    pub(super) keep_for: Duration,
    pub(super) keep_most: NonZeroUsize,
}

/// Where the directory answers everybody, without a key.
const PUBLIC: &str = "https://directory.spineservices.nhs.uk/ORD/2-0-0/";

/// How many records are kept unless said otherwise.
const KEPT: NonZeroUsize = match NonZeroUsize::new(10_000) {
    Some(kept) => kept,
    None => NonZeroUsize::MIN,
};

impl LiveSettings {
    /// The public interface. 4 seconds for an attempt, 10 for a call with everything that it
    /// waits for; 10,000 records and 200 searches kept, each for 15 minutes.
    pub fn new() -> Self {
        Self {
            url: PUBLIC.to_owned(),
            attempt: Duration::from_secs(4),
            deadline: Duration::from_secs(10),
            keep_for: Duration::from_secs(15 * 60),
            keep_most: KEPT,
        }
    }

    /// Another place of the same interface, such as a test's: with a host and maybe a path, but no
    /// user, query or fragment. `organisations` comes after it.
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = url.into();
        self
    }

    /// How long one request may take.
    pub fn attempt(mut self, attempt: Duration) -> Self {
        self.attempt = attempt;
        self
    }

    /// How long a call may take with its waiting and its further attempts.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// How long an answer is kept. That a code is unknown is an answer too.
    pub fn keep_for(mut self, keep_for: Duration) -> Self {
        self.keep_for = keep_for;
        self
    }

    /// How many records are kept, and how many searches, of which there are 200 at most; the longest
    /// unused go first.
    pub fn keep_most(mut self, keep_most: NonZeroUsize) -> Self {
        self.keep_most = keep_most;
        self
    }
}

/// Of the URL it shows the host: the rest may be a secret until it has been looked at.
impl fmt::Debug for LiveSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { url, attempt, deadline, keep_for, keep_most } = self;
        let url: Option<Url> = url.parse().ok();
        f.debug_struct("LiveSettings")
            .field("host", &url.as_ref().and_then(Url::host_str))
            .field("attempt", attempt)
            .field("deadline", deadline)
            .field("keep_for", keep_for)
            .field("keep_most", keep_most)
            .finish()
    }
}

impl Default for LiveSettings {
    fn default() -> Self {
        Self::new()
    }
}
