//! A stand-in that misbehaves below HTTP: it keeps silent, hangs up, or trickles.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What is done with a request, one a connection.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Answers with this status and this JSON.
    Answer(u16, String),
    /// Reads the request and never answers.
    Silence,
    /// Reads the request and hangs up.
    HangUp,
    /// Answers that there will be an answer, and then gives a byte now and then.
    Trickle,
}

/// A stand-in that does these things in this order, and then keeps silent.
pub(crate) struct Wire {
    pub(crate) uri: String,
    heads: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Wire {
    pub(crate) async fn start(acts: Vec<Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let uri = format!("http://{}", listener.local_addr().unwrap());
        let heads = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&heads);
        let task = tokio::spawn(async move {
            let mut acts = acts.into_iter();
            let mut kept = Vec::new();
            while let Ok((stream, _)) = listener.accept().await {
                let act = acts.next().unwrap_or(Act::Silence);
                kept.push(Aborted(tokio::spawn(serve(stream, act, Arc::clone(&seen)))));
            }
        });
        Self { uri, heads, task }
    }

    /// The heads of the requests so far.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Ends with who waits for it.
struct Aborted(JoinHandle<()>);

impl Drop for Aborted {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn serve(mut stream: TcpStream, act: Act, heads: Arc<Mutex<Vec<String>>>) {
    let Some(head) = read(&mut stream).await else { return };
    heads.lock().unwrap().push(head);
    match act {
        Act::HangUp => {}
        Act::Silence => std::future::pending().await,
        Act::Answer(status, body) => {
            let length = body.len();
            let text = format!(
                "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\n\
                 content-length: {length}\r\nconnection: close\r\n\r\n{body}"
            );
            let _ = stream.write_all(text.as_bytes()).await;
        }
        Act::Trickle => {
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\
                        content-length: 100000\r\n\r\n";
            let _ = stream.write_all(head.as_bytes()).await;
            let mut beat = tokio::time::interval(std::time::Duration::from_millis(10));
            while stream.write_all(b" ").await.is_ok() {
                beat.tick().await;
            }
        }
    }
}

/// A request: its head, after its body has come too.
async fn read(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().unwrap())
            });
            if bytes.len() >= end + 4 + length.unwrap_or(0_usize) {
                return Some(head);
            }
        }
        let mut buffer = [0; 4096];
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => bytes.extend_from_slice(&buffer[..count]),
        }
    }
}
