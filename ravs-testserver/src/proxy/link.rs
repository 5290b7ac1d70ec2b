//! One connection of a client, and one to the server for it.

use std::io;
use std::sync::Mutex;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::watch;

use super::framing::{Answers, Requests};
use super::{Armed, Fault, locked};

/// How much is read at once.
const CHUNK: usize = 64 * 1024;

/// How far back a pattern may have begun: the longest that is matched across two reads.
const MEMORY: usize = 4 * 1024;

/// What becomes of the server's answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Course {
    Pass,
    /// The client gets nothing any more.
    Lose,
    /// Nor is its connection open.
    Cut,
}

/// Passes bytes both ways, until one side ends or a fault has happened. Both connections are
/// closed when this returns.
pub(super) async fn run(client: TcpStream, server: TcpStream, armed: &Mutex<Vec<Armed>>) {
    // Small packets are the protocol's nature; a failure costs time only.
    let _ = client.set_nodelay(true).and_then(|()| server.set_nodelay(true));
    let (client_read, client_write) = client.into_split();
    let (server_read, server_write) = server.into_split();
    let (course, told) = watch::channel(Course::Pass);
    let (ready, answered) = watch::channel(0);
    let wire = Wire { client: client_read, server: server_write, course, answered };
    let requests = wire.pass_requests(armed);
    let answers = pass_answers(server_read, client_write, told, ready);
    tokio::pin!(requests, answers);
    tokio::select! {
        passed = &mut requests => match passed {
            Ok(Some(lost)) => drop(lost.happened.send(true)),
            // A client that has said all it has to say may still listen.
            Ok(None) => drop(answers.await),
            Err(_) => {}
        },
        // The server has ended, and with it all that was asked of it.
        _ = &mut answers => {
            if let Ok(Some(lost)) = requests.await {
                lost.happened.send_replace(true);
            }
        }
    }
}

/// The way from the client to the server.
struct Wire {
    client: OwnedReadHalf,
    server: OwnedWriteHalf,
    course: watch::Sender<Course>,
    /// How often the server has said that it is ready: once for the start, once a request.
    answered: watch::Receiver<u64>,
}

impl Wire {
    /// Gives what was lost, when something was; then the server is done with it.
    async fn pass_requests(mut self, armed: &Mutex<Vec<Armed>>) -> io::Result<Option<Armed>> {
        let mut requests = Requests::default();
        let mut complete = 0;
        let mut seen = Vec::new();
        let mut chunk = vec![0; CHUNK];
        loop {
            let size = tokio::select! {
                size = self.client.read(&mut chunk) => size?,
                () = ended(self.answered.clone()) => return Ok(None),
            };
            if size == 0 {
                self.server.shutdown().await?;
                return Ok(None);
            }
            let bytes = chunk.get(..size).unwrap_or_default();
            let started = requests.have_started();
            let ends = requests.ends(bytes);
            seen.extend_from_slice(bytes);
            let lost = started.then(|| take_match(armed, &seen, size)).flatten();
            if let Some((lost, matched)) = lost {
                if lost.fault != Fault::Before {
                    let before = ends.iter().filter(|&&end| end < matched).count() as u64;
                    let end = ends.into_iter().find(|&end| end >= matched);
                    // Where the server ends in the middle, nothing more comes of it either.
                    let _ = self.lose(lost.fault, bytes, end, &mut requests).await;
                    // The first time was for the start.
                    let answer = complete + before + 2;
                    let _ = self.answered.wait_for(|&answered| answered >= answer).await;
                }
                return Ok(Some(lost));
            }
            self.server.write_all(bytes).await?;
            complete += ends.len() as u64;
            seen.drain(..seen.len().saturating_sub(MEMORY));
        }
    }

    /// Hands the server a request whose answer is lost: what was read, up to the request's end,
    /// and what of the request is still to come.
    async fn lose(
        &mut self,
        fault: Fault,
        bytes: &[u8],
        mut end: Option<usize>,
        requests: &mut Requests,
    ) -> io::Result<()> {
        self.course.send_replace(Course::Lose);
        self.server.write_all(bytes.get(..end.unwrap_or(bytes.len())).unwrap_or_default()).await?;
        let mut chunk = vec![0; CHUNK];
        while end.is_none() {
            let size = self.client.read(&mut chunk).await?;
            if size == 0 {
                break;
            }
            let bytes = chunk.get(..size).unwrap_or_default();
            end = requests.ends(bytes).into_iter().next();
            let request = bytes.get(..end.unwrap_or(size)).unwrap_or_default();
            self.server.write_all(request).await?;
        }
        if fault == Fault::During {
            self.course.send_replace(Course::Cut);
        }
        Ok(())
    }
}

async fn pass_answers(
    mut server: OwnedReadHalf,
    client: OwnedWriteHalf,
    mut told: watch::Receiver<Course>,
    ready: watch::Sender<u64>,
) -> io::Result<()> {
    let mut client = Some(client);
    let mut answers = Answers::default();
    let mut chunk = vec![0; CHUNK];
    loop {
        if *told.borrow_and_update() == Course::Cut {
            client = None;
        }
        let size = tokio::select! {
            size = server.read(&mut chunk) => size?,
            Ok(()) = told.changed() => continue,
        };
        if size == 0 {
            return Ok(());
        }
        let bytes = chunk.get(..size).unwrap_or_default();
        if let Some(client) = client.as_mut().filter(|_| *told.borrow() == Course::Pass) {
            client.write_all(bytes).await?;
        }
        ready.send_modify(|count| *count += answers.ready(bytes));
    }
}

/// Waits until nobody counts answers any more.
async fn ended(mut answered: watch::Receiver<u64>) {
    while answered.changed().await.is_ok() {}
}

/// Takes the first fault whose pattern ends in the last `fresh` bytes of `seen`, and says after
/// how many of these.
fn take_match(armed: &Mutex<Vec<Armed>>, seen: &[u8], fresh: usize) -> Option<(Armed, usize)> {
    let mut armed = locked(armed);
    let (index, matched) = armed
        .iter()
        .enumerate()
        .find_map(|(index, armed)| Some((index, match_end(&armed.pattern, seen, fresh)?)))?;
    Some((armed.remove(index), matched))
}

fn match_end(pattern: &[u8], seen: &[u8], fresh: usize) -> Option<usize> {
    if pattern.is_empty() {
        // Every request holds nothing.
        return Some(1);
    }
    let old = seen.len() - fresh;
    let start = old.saturating_sub(pattern.len() - 1);
    let at = seen.get(start..)?.windows(pattern.len()).position(|window| window == pattern)?;
    Some(start + at + pattern.len() - old)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_found_across_two_reads_but_not_in_the_past() {
        assert_eq!(match_end(b"COMMIT", b"Q....COMMIT\0", 12), Some(11));
        assert_eq!(match_end(b"COMMIT", b"Q....COMMIT\0", 3), Some(2));
        assert_eq!(match_end(b"COMMIT", b"Q....COMMIT\0", 1), None);
        assert_eq!(match_end(b"COMMIT", b"Q....COMM", 9), None);
        assert_eq!(match_end(b"", b"Q", 1), Some(1));
    }
}
