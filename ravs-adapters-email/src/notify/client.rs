//! Requests to Notify.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use ravs_core::port::{Clock, PortError};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, DATE, HeaderMap, HeaderValue};
use reqwest::{RequestBuilder, Response, StatusCode, redirect, retry};
use rustls::ClientConfig;
use rustls_platform_verifier::BuilderVerifierExt as _;
use secrecy::ExposeSecret as _;
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::answer::Refused;
use super::api_key::ApiKey;
use super::refusal::{NotifyRefusal, NotifySilence};
use super::token::token;

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(2);
/// The longest answer that is read: a page of 250 emails with their texts is less.
const LONGEST_ANSWER: usize = 4 * 1024 * 1024;

/// An HTTP client that follows nobody, repeats nothing and reads no proxy from the environment.
pub(super) fn http(timeout: Duration) -> Result<reqwest::Client, Box<dyn std::error::Error>> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()?
        .with_no_client_auth();
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .no_proxy()
        .connect_timeout(CONNECT)
        .timeout(timeout)
        .pool_idle_timeout(Duration::from_secs(20))
        .user_agent(concat!("ravs-adapters-email/", env!("CARGO_PKG_VERSION")))
        .build()?;
    Ok(client)
}

/// What makes requests in the name of a service.
pub(super) struct Client {
    http: reqwest::Client,
    base: Url,
    key: ApiKey,
    clock: Arc<dyn Clock>,
}

impl Client {
    pub(super) fn new(
        http: reqwest::Client,
        base: Url,
        key: ApiKey,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { http, base, key, clock }
    }

    /// Asks, and reads the answer.
    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<T, PortError> {
        let mut url = self.url(path)?;
        url.query_pairs_mut().extend_pairs(query);
        let answer = self.answer(self.http.get(url)).await?;
        serde_json::from_slice(&answer).map_err(|_| NotifySilence::NotRead.into_port_error())
    }

    /// Has something done. That it was accepted is all that is read of the answer.
    pub(super) async fn post(&self, path: &str, body: &impl Serialize) -> Result<(), PortError> {
        let body = serde_json::to_vec(body).map_err(|error| {
            PortError::rejected("the email cannot be written as JSON").caused_by(error)
        })?;
        let request = self.http.post(self.url(path)?);
        let request = request.header(CONTENT_TYPE, "application/json").body(body);
        self.answer(request).await.map(drop)
    }

    fn url(&self, path: &str) -> Result<Url, PortError> {
        self.base
            .join(path)
            .map_err(|error| PortError::rejected("the base URL takes no path").caused_by(error))
    }

    /// The body of a good answer.
    async fn answer(&self, request: RequestBuilder) -> Result<Vec<u8>, PortError> {
        let now = self.clock.now();
        let token = token(&self.key, now);
        let bearer = HeaderValue::from_str(&format!("Bearer {}", token.expose_secret()));
        let mut bearer = bearer
            .map_err(|error| PortError::rejected("the API key makes no token").caused_by(error))?;
        bearer.set_sensitive(true);
        let request = request.header(AUTHORIZATION, bearer).header(ACCEPT, "application/json");
        let silent = |error: reqwest::Error| NotifySilence::of(&error).into_port_error();
        let response = request.send().await.map_err(silent)?;
        let status = response.status();
        let theirs = their_time(response.headers());
        let body = match body(response).await {
            Ok(body) => body,
            // It was accepted, whatever it says beside.
            Err(_) if status == StatusCode::CREATED => Vec::new(),
            Err(silence) => return Err(silence.into_port_error()),
        };
        if status.is_success() {
            return Ok(body);
        }
        let name = serde_json::from_slice(&body).ok().and_then(Refused::name);
        Err(NotifyRefusal::new(status.as_u16(), name).into_port_error(now, theirs))
    }
}

async fn body(mut response: Response) -> Result<Vec<u8>, NotifySilence> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| NotifySilence::of(&error))? {
        if body.len() + chunk.len() > LONGEST_ANSWER {
            return Err(NotifySilence::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn their_time(headers: &HeaderMap) -> Option<DateTime<Utc>> {
    let date = headers.get(DATE)?.to_str().ok()?;
    httpdate::parse_http_date(date).ok().map(DateTime::from)
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("base", &self.base.as_str()).finish_non_exhaustive()
    }
}
