//! The client, as it is set up.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, retry};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt as _;

use super::Limits;
use crate::error::OktaError;
use crate::org_url::OrgUrl;

const CALL: &str = "setting up HTTP";

/// How long a connection is kept that nobody uses.
const IDLE: Duration = Duration::from_secs(20);

/// A client that follows no redirect, repeats nothing by itself and tells nobody where from.
pub(super) fn build(org: &OrgUrl, limits: &Limits) -> Result<Client, OktaError> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    Client::builder()
        .tls_backend_preconfigured(tls(org)?)
        .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")))
        .default_headers(headers)
        .redirect(Policy::none())
        .retry(retry::never())
        .referer(false)
        .no_proxy()
        .https_only(org.is_https())
        .connect_timeout(limits.connect)
        .pool_idle_timeout(IDLE)
        .build()
        .map_err(|error| OktaError::config(CALL, "no client can be made").caused_by(error))
}

/// TLS by the cryptography that signs the tokens too, named here: a process that also has
/// another one has no default.
fn tls(org: &OrgUrl) -> Result<ClientConfig, OktaError> {
    let failed =
        |error: rustls::Error| OktaError::config(CALL, "TLS cannot be set up").caused_by(error);
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(failed)?;
    // A stand-in on this machine needs no authorities, and a small container may have none.
    let config = if org.is_https() {
        config.with_platform_verifier().map_err(failed)?
    } else {
        config.with_root_certificates(RootCertStore::empty())
    };
    let mut config = config.with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
