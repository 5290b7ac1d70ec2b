//! Where the browser comes back to: as little of a web server as does it.

use std::io;
use std::time::Duration;

use thiserror::Error;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;
use url::{Host, Url};

/// The longest request that is read, in bytes.
const LONGEST: usize = 16 * 1024;

/// How long a browser may take to send one.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why nobody can come back to a URL.
#[derive(Debug, Error)]
pub(super) enum NoDoor {
    /// It leads elsewhere.
    #[error("the redirect URL has to be of this machine: write it like `http://localhost:8765/`")]
    NotHere,
    /// Its port cannot be had.
    #[error("the port of the redirect URL cannot be had")]
    NoPort(#[source] io::Error),
}

/// Where a browser comes back to.
pub(super) struct Door {
    listener: TcpListener,
    path: String,
}

/// A browser that has come back, and waits for an answer.
pub(super) struct Visitor {
    query: String,
    stream: TcpStream,
}

impl Door {
    /// At the port of this URL, which is of this machine.
    ///
    /// # Errors
    /// [`NoDoor`].
    pub(super) async fn open(url: &str) -> Result<Self, NoDoor> {
        let url: Url = url.parse().map_err(|_| NoDoor::NotHere)?;
        let here = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        if !here || url.scheme() != "http" {
            return Err(NoDoor::NotHere);
        }
        let addresses = url.socket_addrs(|| None).map_err(NoDoor::NoPort)?;
        let listener = TcpListener::bind(&*addresses).await.map_err(NoDoor::NoPort)?;
        Ok(Self { listener, path: url.path().to_owned() })
    }

    /// The first browser that comes to the path of the URL. Others are told that there is
    /// nothing, and one that says nothing holds nobody up.
    ///
    /// # Errors
    /// The machine takes no more connections.
    pub(super) async fn visitor(&self) -> io::Result<Visitor> {
        let mut coming = JoinSet::new();
        loop {
            tokio::select! {
                connection = self.listener.accept() => {
                    let (stream, _) = connection?;
                    let path = self.path.clone();
                    coming.spawn(async move { timeout(PATIENCE, let_in(stream, &path)).await });
                }
                Some(visitor) = coming.join_next() => {
                    if let Ok(Ok(Ok(Some(visitor)))) = visitor {
                        return Ok(visitor);
                    }
                }
            }
        }
    }
}

impl Visitor {
    /// The query that they came with.
    pub(super) fn query(&self) -> &str {
        &self.query
    }

    /// Shows them a text. Who has gone meanwhile has read nothing, and that is that.
    pub(super) async fn tell(mut self, text: &str) {
        let _ = timeout(PATIENCE, respond(&mut self.stream, "200 OK", text)).await;
    }
}

/// Whoever asks for the path; others are answered here.
async fn let_in(mut stream: TcpStream, path: &str) -> io::Result<Option<Visitor>> {
    let head = head(&mut stream).await?;
    let mut words = head.lines().next().unwrap_or_default().split(' ');
    let (method, target) = (words.next(), words.next().unwrap_or_default());
    let (asked, query) = target.split_once('?').unwrap_or((target, ""));
    if method == Some("GET") && asked == path {
        return Ok(Some(Visitor { query: query.to_owned(), stream }));
    }
    respond(&mut stream, "404 Not Found", "There is nothing here.").await?;
    Ok(None)
}

/// A request up to its empty line.
async fn head(stream: &mut TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let mut some = [0; 1024];
        let count = stream.read(&mut some).await?;
        if count == 0 || head.len() + count > LONGEST {
            return Err(io::ErrorKind::InvalidData.into());
        }
        head.extend_from_slice(some.get(..count).unwrap_or_default());
    }
    String::from_utf8(head).map_err(|_| io::ErrorKind::InvalidData.into())
}

async fn respond(stream: &mut TcpStream, status: &str, text: &str) -> io::Result<()> {
    let length = text.len();
    let answer = format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: \
         {length}\r\ncache-control: no-store\r\nreferrer-policy: no-referrer\r\nconnection: \
         close\r\n\r\n{text}"
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn door() -> (Door, std::net::SocketAddr) {
        let door = Door::open("http://127.0.0.1:0/signed-in").await.unwrap();
        let address = door.listener.local_addr().unwrap();
        (door, address)
    }

    async fn says(stream: &mut TcpStream, text: &str) {
        stream.write_all(text.as_bytes()).await.unwrap();
    }

    async fn hears(mut stream: TcpStream) -> String {
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        text
    }

    #[tokio::test]
    async fn who_comes_to_the_path_is_let_in_whoever_else_is_there() {
        let (door, address) = door().await;
        let connect = || async { TcpStream::connect(address).await.unwrap() };
        // One that says nothing, one that asks for something else, one that never ends.
        let (_silent, mut other, mut endless) = (connect().await, connect().await, connect().await);
        says(&mut other, "GET /favicon.ico HTTP/1.1\r\n\r\n").await;
        says(&mut endless, &format!("GET /{}", "a".repeat(LONGEST))).await;
        let mut browser = connect().await;
        says(&mut browser, "GET /signed-in?code=a&state=b HTTP/1.1\r\nhost: x\r\n\r\n").await;
        let visitor = door.visitor().await.unwrap();
        assert_eq!(visitor.query(), "code=a&state=b");
        visitor.tell("Good.").await;
        let heard = hears(browser).await;
        assert!(heard.starts_with("HTTP/1.1 200 OK\r\n") && heard.ends_with("\r\n\r\nGood."));
    }

    #[tokio::test]
    async fn whoever_asks_for_something_else_is_told_that_there_is_nothing() {
        let (door, address) = door().await;
        for request in ["GET /signed-in/x?code=a", "POST /signed-in?code=a", "GET /", ""] {
            let mut other = TcpStream::connect(address).await.unwrap();
            says(&mut other, &format!("{request} HTTP/1.1\r\n\r\n")).await;
            let told = tokio::select! {
                _ = door.visitor() => panic!("nobody is let in by `{request}`"),
                told = hears(other) => told,
            };
            assert!(told.starts_with("HTTP/1.1 404 "), "{request}: {told}");
        }
    }

    #[tokio::test]
    async fn a_door_is_on_this_machine() {
        for url in ["https://localhost:1/", "http://ravs.example/", "http://10.0.0.1:1/", "x"] {
            assert!(matches!(Door::open(url).await, Err(NoDoor::NotHere)), "{url}");
        }
        let (_door, address) = door().await;
        let taken = Door::open(&format!("http://{address}/")).await;
        assert!(matches!(taken, Err(NoDoor::NoPort(_))));
    }
}
