//! Connections that wait for the next email.
//!
//! Not the pool of `lettre`: what is cancelled there goes back to it in the middle of a dialogue,
//! and the next email would read the answer to the last; and it waits for ever for an answer.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

use super::connection::Connection;

/// How long a connection waits before it is of no use: servers close them after minutes.
const LONGEST_IDLE: Duration = Duration::from_secs(30);

/// Connections that wait, and how many there may be at a time.
pub(super) struct Pool {
    turns: Semaphore,
    idle: Mutex<Vec<(Connection, Instant)>>,
}

impl Pool {
    pub(super) fn new(size: usize) -> Self {
        Self { turns: Semaphore::new(size), idle: Mutex::default() }
    }

    /// Waits until another connection may be used. It may be until that is dropped.
    pub(super) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        self.turns.acquire().await.ok() // never closed
    }

    /// A connection that waits and still answers.
    pub(super) async fn idle(&self) -> Option<Connection> {
        while let Some((mut connection, since)) = self.pop() {
            if since.elapsed() < LONGEST_IDLE && connection.answers().await {
                return Some(connection);
            }
        }
        None
    }

    /// Has a connection, over which an email went, wait for the next.
    pub(super) fn put_back(&self, connection: Connection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push((connection, Instant::now()));
    }

    fn pop(&self) -> Option<(Connection, Instant)> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }
}
