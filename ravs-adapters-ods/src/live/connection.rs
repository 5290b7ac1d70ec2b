//! Requests to the interface, with its manners.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};
use rustls::ClientConfig;
use rustls_platform_verifier::BuilderVerifierExt as _;
use serde::de::IgnoredAny;
use url::Url;

use super::error::LiveError;
use super::pace::Pace;
use super::settings::LiveSettings;
use super::surroundings::Surroundings;

/// The most bytes of an answer.
const MOST: usize = 4 << 20;

/// How often a request is tried, at most.
const ATTEMPTS: u32 = 3;

/// How long it waits before the second attempt, and twice as long before each after that; less up
/// to a half of it, by chance.
const BACK_OFF: Duration = Duration::from_millis(500);

/// The longest that the directory is left alone when it asks for it: what is longer is a mistake,
/// which must not outlast this process.
const MOST_PATIENCE: Duration = Duration::from_secs(10 * 60);

#[derive(Debug)]
pub(super) struct Connection {
    client: Client,
    url: Url,
    attempt: Duration,
    deadline: Duration,
    pace: Pace,
    surroundings: Arc<dyn Surroundings>,
}

/// Why an attempt failed.
struct Failure {
    error: LiveError,
    /// Whether another may do better.
    may_pass: bool,
    /// How long the directory asks everybody to wait.
    patience: Option<Duration>,
}

impl Connection {
    pub(super) fn to(
        settings: &LiveSettings,
        surroundings: Arc<dyn Surroundings>,
    ) -> Result<Self, LiveError> {
        let mut url: Url = settings.url.parse().map_err(|_| LiveError::Url)?;
        let takes_nothing_else = url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() || !takes_nothing_else {
            return Err(LiveError::Url);
        }
        if !url.path().ends_with('/') {
            let path = format!("{}/", url.path());
            url.set_path(&path);
        }
        let client = Client::builder()
            .tls_backend_preconfigured(tls()?)
            .redirect(Policy::none())
            .no_proxy()
            .user_agent(concat!("ravs/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| LiveError::SetUp(Box::new(error)))?;
        let LiveSettings { attempt, deadline, .. } = *settings;
        let pace = Pace::default();
        Ok(Self { client, url, attempt, deadline, pace, surroundings })
    }

    /// Asks for what is at that path; none if there is nothing.
    pub(super) async fn ask(
        &self,
        path: &str,
        parameters: &[(&str, String)],
    ) -> Result<Option<Vec<u8>>, LiveError> {
        let mut url = self.url.join(path).map_err(|_| LiveError::Url)?;
        url.query_pairs_mut().extend_pairs(parameters).append_pair("_format", "json");
        let end = self.surroundings.elapsed().saturating_add(self.deadline);
        let mut back_off = BACK_OFF;
        let mut attempts = 1;
        loop {
            let failure = match self.attempt(url.clone(), end).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            let now = self.surroundings.elapsed();
            if let Some(patience) = failure.patience {
                self.pace.hold(now.saturating_add(patience));
            }
            let wait = failure.patience.unwrap_or_default().max(self.by_chance(back_off));
            let in_time = now.saturating_add(wait) < end;
            if !failure.may_pass || attempts == ATTEMPTS || !in_time {
                return Err(failure.error);
            }
            self.surroundings.wait(wait).await;
            back_off = back_off.saturating_mul(2);
            attempts = attempts.saturating_add(1);
        }
    }

    /// Asks once, when its turn has come.
    async fn attempt(&self, url: Url, end: Duration) -> Result<Option<Vec<u8>>, Failure> {
        let now = self.surroundings.elapsed();
        let turn = self.pace.turn(now, end.saturating_sub(now));
        let wait = turn.map_err(|retry_after| LiveError::Busy { retry_after })?;
        if !wait.is_zero() {
            self.surroundings.wait(wait).await;
        }
        let left = end.saturating_sub(self.surroundings.elapsed());
        let request = self.client.get(url).timeout(left.min(self.attempt));
        let response = request.send().await?;
        match response.status() {
            StatusCode::OK => Ok(Some(whole(response).await?)),
            StatusCode::NOT_FOUND => {
                let said = whole(response).await?;
                if is_its_own(&said) { Ok(None) } else { Err(LiveError::NotThere.into()) }
            }
            status => Err(self.refused(status, response.headers())),
        }
    }

    fn refused(&self, status: StatusCode, headers: &HeaderMap) -> Failure {
        let patience = patience(headers, self.surroundings.wall_clock());
        let code = status.as_u16();
        let (error, may_pass) = match status {
            StatusCode::TOO_MANY_REQUESTS => (LiveError::Throttled { retry_after: patience }, true),
            StatusCode::SERVICE_UNAVAILABLE if patience.is_some() => {
                (LiveError::Throttled { retry_after: patience }, true)
            }
            status if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT => {
                (LiveError::Trouble { status: code }, true)
            }
            _ => (LiveError::Refused { status: code }, false),
        };
        Failure { error, may_pass, patience }
    }

    /// Between the half and the whole of that time.
    fn by_chance(&self, time: Duration) -> Duration {
        let less = time.saturating_mul(u32::from(self.surroundings.chance())) / 512;
        time.saturating_sub(less)
    }
}

/// What was decided before anything was sent will not change.
impl From<LiveError> for Failure {
    fn from(error: LiveError) -> Self {
        Self { error, may_pass: false, patience: None }
    }
}

/// No answer, or half of one.
impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        let may_pass = !error.is_builder();
        Self { error: LiveError::Unreachable(error.without_url()), may_pass, patience: None }
    }
}

/// The whole answer, unless it is too long to be one.
async fn whole(mut response: Response) -> Result<Vec<u8>, Failure> {
    let mut answer = Vec::new();
    while let Some(piece) = response.chunk().await? {
        if answer.len().saturating_add(piece.len()) > MOST {
            return Err(LiveError::TooLong.into());
        }
        answer.extend_from_slice(&piece);
    }
    Ok(answer)
}

/// Whether it is the directory that says it, which is in JSON, and not something in front of it or
/// in its place.
fn is_its_own(answer: &[u8]) -> bool {
    serde_json::from_slice::<HashMap<String, IgnoredAny>>(answer).is_ok()
}

/// How long the directory asks to wait: so many seconds, or until a time; within reason.
fn patience(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let asked = if text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty() {
        // what does not fit is long enough
        Duration::from_secs(text.parse().unwrap_or(u64::MAX))
    } else {
        let until = httpdate::parse_http_date(text).ok()?;
        until.duration_since(now).unwrap_or_default()
    };
    Some(asked.min(MOST_PATIENCE))
}

/// TLS by one provider and the machine's own authorities, whatever else is compiled in.
fn tls() -> Result<ClientConfig, LiveError> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let failed = |error| LiveError::SetUp(Box::new(error));
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(failed)?;
    Ok(config.with_platform_verifier().map_err(failed)?.with_no_client_auth())
}
