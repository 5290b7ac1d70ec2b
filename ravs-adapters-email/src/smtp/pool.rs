//! Connections that wait for the next email.
//!
//! Not the pool of `lettre`: what is cancelled there goes back to it in the middle of a dialogue,
//! and the next email would read the answer to the last; and it waits for ever for an answer.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout};

use super::connection::Connection;

/// How long a connection waits before it is of no use: servers close them after minutes.
const LONGEST_IDLE: Duration = Duration::from_secs(30);
/// How long one may take to say that it is still there, at most; never more than this part of the
/// time that an email has.
const LONGEST_SILENCE: Duration = Duration::from_secs(2);
const SILENT_PART: u32 = 4;

/// Connections that wait, and how many there may be at a time.
pub(super) struct Pool {
    turns: Semaphore,
    patience: Duration,
    idle: Mutex<Vec<(Connection, Instant)>>,
}

impl Pool {
    /// For that many connections, over which an email goes within `deadline`.
    pub(super) fn new(size: usize, deadline: Duration) -> Self {
        let patience = LONGEST_SILENCE.min(deadline / SILENT_PART);
        Self { turns: Semaphore::new(size), patience, idle: Mutex::default() }
    }

    /// Waits until another connection may be used. It may be until that is dropped.
    pub(super) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        self.turns.acquire().await.ok() // never closed
    }

    /// A connection that waits and still answers. Where one says nothing, the others, which have
    /// waited for longer, are not asked: to each of them that time could be lost too.
    pub(super) async fn idle(&self) -> Option<Connection> {
        while let Some((mut connection, since)) = self.pop() {
            if since.elapsed() >= LONGEST_IDLE {
                continue;
            }
            match timeout(self.patience, connection.answers()).await {
                Ok(true) => return Some(connection),
                Ok(false) => {}
                Err(_) => {
                    self.waiting().clear();
                    return None;
                }
            }
        }
        None
    }

    /// Has a connection, over which an email went, wait for the next.
    pub(super) fn put_back(&self, connection: Connection) {
        self.waiting().push((connection, Instant::now()));
    }

    fn pop(&self) -> Option<(Connection, Instant)> {
        self.waiting().pop()
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<(Connection, Instant)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
