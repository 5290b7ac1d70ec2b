//! A wire that can be cut at the worst moment.
//!
//! A server's answer may be lost after the server has done what was asked: the client cannot know
//! then. A [`Proxy`] stands between both and loses what it is told to lose.

mod framing;
mod link;

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio_postgres::Config;
use tokio_postgres::config::Host;

use crate::error::io;
use crate::{ServerError, url};

/// What is lost of a request and its answer. Either way the client's connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The request does not reach the server, nor does anything sent together with it.
    Before,
    /// The request reaches the server, and the connection is cut at once: the server is still at
    /// work when the client comes to know.
    During,
    /// The server has carried out the request, and its answer is lost.
    After,
}

/// A proxy on loopback in front of a server. It passes everything through, until it is told to
/// lose something.
///
/// It lives on the runtime it was started on, and ends when it is dropped. It cannot see into TLS:
/// there, everything passes.
#[derive(Debug)]
pub struct Proxy {
    server: String,
    port: u16,
    armed: Arc<Mutex<Vec<Armed>>>,
    links: Arc<Mutex<JoinSet<()>>>,
    listening: JoinHandle<()>,
}

impl Proxy {
    /// Starts one in front of the server, or the bouncer, with that URL; which database the URL
    /// names is all one. The server need not run yet.
    ///
    /// # Errors
    /// The URL cannot be read or names no host, or no port is free.
    pub async fn start(server: &str) -> Result<Self, ServerError> {
        let target = target(server)?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.map_err(io("listen on 127.0.0.1"))?;
        let port = listener.local_addr().map_err(io("listen on 127.0.0.1"))?.port();
        let server = url::with_port(server, port)?;
        let (armed, links) = (Arc::default(), Arc::new(Mutex::new(JoinSet::new())));
        let listening =
            tokio::spawn(listen(listener, target, Arc::clone(&armed), Arc::clone(&links)));
        Ok(Self { server, port, armed, links, listening })
    }

    /// The URL of a database through it.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        // It was tried when this was made.
        url::with_database(&self.server, database).unwrap_or_default()
    }

    /// Its port on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Loses, once, the next request on any connection that holds these bytes, which are matched
    /// as they are on the wire: `COMMIT` as text, a parameter in its binary form.
    ///
    /// A request goes up to the next `Sync`, so a whole pipeline is one.
    pub fn lose(&self, fault: Fault, pattern: impl Into<Vec<u8>>) -> Loss {
        let (happened, seen) = watch::channel(false);
        locked(&self.armed).push(Armed { fault, pattern: pattern.into(), happened });
        Loss { happened: seen }
    }

    /// Cuts every connection; all are closed when this returns. New ones pass.
    pub async fn cut_all(&self) {
        let mut links = std::mem::take(&mut *locked(&self.links));
        links.shutdown().await;
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.listening.abort();
        locked(&self.links).abort_all();
    }
}

/// Something that is to be lost, or was.
#[derive(Debug)]
pub struct Loss {
    happened: watch::Receiver<bool>,
}

impl Loss {
    /// Whether it was lost, and nothing more comes of it.
    #[must_use]
    pub fn has_happened(&self) -> bool {
        *self.happened.borrow()
    }

    /// Waits until it was lost and the server is done with the request: from then on, what became
    /// of it is settled.
    ///
    /// # Errors
    /// The connection or the proxy ended otherwise.
    pub async fn happened(mut self) -> Result<(), ServerError> {
        let waited = self.happened.wait_for(|happened| *happened).await;
        waited.map(drop).map_err(|_| {
            ServerError::Unusable("the proxy ended before what it was to lose was settled".into())
        })
    }
}

/// A fault that waits for its request.
#[derive(Debug)]
struct Armed {
    fault: Fault,
    pattern: Vec<u8>,
    happened: watch::Sender<bool>,
}

fn target(server: &str) -> Result<(String, u16), ServerError> {
    let config: Config = server.parse().map_err(|error| {
        ServerError::Unusable(format!("the server's URL cannot be read: {error}"))
    })?;
    match (config.get_hosts().first(), config.get_ports().first()) {
        (Some(Host::Tcp(host)), port) => Ok((host.clone(), port.copied().unwrap_or(5432))),
        _ => Err(ServerError::Unusable("the server's URL names no host".to_owned())),
    }
}

async fn listen(
    listener: TcpListener,
    target: (String, u16),
    armed: Arc<Mutex<Vec<Armed>>>,
    links: Arc<Mutex<JoinSet<()>>>,
) {
    // A connection that ended before it was accepted is no fault of ours.
    loop {
        let Ok((client, _)) = listener.accept().await else { continue };
        let (target, armed) = (target.clone(), Arc::clone(&armed));
        let mut links = locked(&links);
        while links.try_join_next().is_some() {}
        links.spawn(async move {
            // Where the server does not answer, the client's connection ends too.
            if let Ok(server) = TcpStream::connect(target).await {
                link::run(client, server, &armed).await;
            }
        });
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
