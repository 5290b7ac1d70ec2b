//! A pool of connections, for hosts that have none yet.

mod hosts;

use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime, Timeouts};
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::config::SslMode;
use tokio_postgres::{Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use hosts::EachHost;

/// How a pool is set up.
#[derive(Clone, Debug)]
#[must_use]
pub struct PoolSettings {
    size: usize,
    wait: Duration,
    roots: Option<RootCertStore>,
}

impl PoolSettings {
    /// Ten connections, five seconds to wait for one, no TLS.
    pub fn new() -> Self {
        Self { size: 10, wait: Duration::from_secs(5), roots: None }
    }

    /// The most connections.
    pub fn size(mut self, size: usize) -> Self {
        self.size = size;
        self
    }

    /// How long to wait for a connection that is free, and for one that is being made.
    pub fn wait(mut self, wait: Duration) -> Self {
        self.wait = wait;
        self
    }

    /// TLS to servers whose certificates these authorities have signed, and that bear the name
    /// in the URL. Every connection is then encrypted, or is not made.
    pub fn tls(mut self, authorities: RootCertStore) -> Self {
        self.roots = Some(authorities);
        self
    }
}

impl Default for PoolSettings {
    fn default() -> Self {
        Self::new()
    }
}

/// Why there is no pool.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The URL cannot be read. What it holds is not repeated.
    #[error("this is not the URL of a PostgreSQL database")]
    InvalidUrl,
    /// The URL asks for TLS, and no authorities are given to check it by.
    #[error(
        "the URL has `sslmode=require`: give the authorities that sign the server's certificate"
    )]
    NoAuthorities,
    /// TLS cannot be set up.
    #[error("TLS cannot be set up")]
    Tls(#[source] rustls::Error),
    /// The pool cannot be built.
    #[error("the pool cannot be built")]
    Pool(#[source] deadpool_postgres::BuildError),
}

/// A pool for this URL. Nothing is connected yet.
///
/// Several hosts can be named (`postgres://a,b/ravs?target_session_attrs=read-write`): then the
/// one that can be written to is used, also after a fail-over. The one that answered last is tried
/// first, and where it is silent for a third of a second, the next beside it.
///
/// # Errors
/// [`ConnectError`], before anything is connected.
///
/// ```
/// use ravs_adapters_postgres::{PoolSettings, pool};
///
/// let pool = pool("postgres://ravs@localhost/ravs", &PoolSettings::new().size(8))?;
/// assert_eq!(pool.status().max_size, 8);
/// # Ok::<(), ravs_adapters_postgres::ConnectError>(())
/// ```
pub fn pool(url: &str, settings: &PoolSettings) -> Result<Pool, ConnectError> {
    let mut config: Config = url.parse().map_err(|_| ConnectError::InvalidUrl)?;
    let manager = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = match &settings.roots {
        Some(roots) => {
            config.ssl_mode(SslMode::Require);
            Manager::from_connect(config, EachHost::new(tls(roots.clone())?), manager)
        }
        None if config.get_ssl_mode() == SslMode::Require => {
            return Err(ConnectError::NoAuthorities);
        }
        None => Manager::from_connect(config, EachHost::new(NoTls), manager),
    };
    let wait = Some(settings.wait);
    Pool::builder(manager)
        .max_size(settings.size)
        .timeouts(Timeouts { wait, create: wait, recycle: wait })
        .runtime(Runtime::Tokio1)
        .build()
        .map_err(ConnectError::Pool)
}

fn tls(roots: RootCertStore) -> Result<MakeRustlsConnect, ConnectError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(ConnectError::Tls)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}
