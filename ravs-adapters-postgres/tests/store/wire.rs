//! A wire to the server that counts round trips.
//!
//! It holds the server's answers back until the client has said all it had to say without them:
//! whatever the client says afterwards is another round trip.
#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

/// How long somebody is silent who has said everything.
const SILENCE: Duration = Duration::from_millis(40);

pub(crate) struct Wire {
    port: u16,
    turns: Arc<AtomicUsize>,
}

impl Wire {
    /// A wire to the server of this URL.
    pub(crate) async fn to(url: &str) -> Self {
        let server: tokio_postgres::Config = url.parse().unwrap();
        let server = server.get_ports()[0];
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let turns = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&turns);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(("127.0.0.1", server)).await.unwrap();
                tokio::spawn(pass(client, server, Arc::clone(&counted)));
            }
        });
        Self { port, turns }
    }

    /// The same database, through the wire.
    pub(crate) fn url(&self, url: &str) -> String {
        let config: tokio_postgres::Config = url.parse().unwrap();
        url.replace(&format!(":{}", config.get_ports()[0]), &format!(":{}", self.port))
    }

    pub(crate) fn round_trips(&self) -> usize {
        self.turns.load(Ordering::SeqCst)
    }
}

async fn pass(mut client: TcpStream, mut server: TcpStream, turns: Arc<AtomicUsize>) {
    loop {
        let mut said = vec![0; 1];
        // The first byte of a turn, however long that takes.
        if client.read_exact(&mut said).await.is_err() {
            return;
        }
        turns.fetch_add(1, Ordering::SeqCst);
        rest(&mut client, &mut said).await;
        if server.write_all(&said).await.is_err() {
            return;
        }
        let mut answer = vec![0; 1];
        if server.read_exact(&mut answer).await.is_err() {
            return;
        }
        rest(&mut server, &mut answer).await;
        if client.write_all(&answer).await.is_err() {
            return;
        }
    }
}

/// Everything until silence.
async fn rest(from: &mut TcpStream, said: &mut Vec<u8>) {
    let mut more = [0; 64 * 1024];
    while let Ok(Ok(length)) = timeout(SILENCE, from.read(&mut more)).await {
        if length == 0 {
            return;
        }
        said.extend_from_slice(&more[..length]);
    }
}
