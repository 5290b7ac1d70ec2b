//! The threads that hold SQLite's connections, and the work they are given.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::{Builder, JoinHandle, current};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, unbounded};
use ravs_core::port::PortError;
use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::error::failed;

/// How long to wait for somebody who looks at the file with a tool of their own; counted from
/// when the work was asked for, so that the last one in the queue waits no longer than the first.
pub(crate) const PATIENCE: Duration = Duration::from_secs(2);

/// How long to wait at least, however late it is.
const LITTLE_PATIENCE: Duration = Duration::from_millis(10);

type Work = Box<dyn FnOnce(&mut Connection) + Send>;

/// Threads that share one queue of work, each with a connection of its own. Dropping it has them
/// finish what is queued, close their connections and end.
#[derive(Debug)]
pub(crate) struct Threads {
    queue: Option<Sender<Work>>,
    running: Vec<JoinHandle<()>>,
}

impl Threads {
    /// Starts a thread for each connection.
    pub(crate) fn start(name: &str, connections: Vec<Connection>) -> io::Result<Self> {
        let (queue, work) = unbounded::<Work>();
        let mut threads = Self { queue: Some(queue), running: Vec::new() };
        for connection in connections {
            let work = work.clone();
            let thread = Builder::new().name(name.to_owned());
            threads.running.push(thread.spawn(move || carry_out(&work, connection))?);
        }
        Ok(threads)
    }

    /// Has a thread do something. Once it has begun it is done to its end, even where the caller
    /// no longer waits for it; what nobody waits for any more does not begin.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Connection) -> Result<T, PortError> + Send + 'static,
    ) -> Result<T, PortError> {
        let lost = || PortError::unavailable("the thread that holds the database is gone");
        let (answer, answered) = oneshot::channel();
        let asked = Instant::now();
        let work: Work = Box::new(move |connection| {
            if !answer.is_closed() {
                let patience = PATIENCE.saturating_sub(asked.elapsed()).max(LITTLE_PATIENCE);
                let ready = connection.busy_timeout(patience).map_err(failed);
                let outcome = ready.and_then(|()| act(connection));
                drop(answer.send(outcome)); // the caller may have gone meanwhile
            }
        });
        let queue = self.queue.as_ref().ok_or_else(lost)?;
        queue.send(work).map_err(|_| lost())?;
        answered.await.unwrap_or_else(|_| Err(lost()))
    }

    /// Has a thread do something that nobody waits for, after what is queued by now.
    pub(crate) fn leave(&self, act: impl FnOnce(&mut Connection) + Send + 'static) {
        if let Some(queue) = &self.queue {
            drop(queue.send(Box::new(act))); // a thread that is gone tells whoever waits for it
        }
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.queue = None;
        let others = |thread: &JoinHandle<()>| thread.thread().id() != current().id();
        for thread in self.running.drain(..).filter(others) {
            drop(thread.join()); // a thread that panicked has closed its connection too
        }
    }
}

/// A panic ends the piece of work it is in, which was not done, and nothing else. Where even that
/// cannot be undone, the thread ends; its callers are told that it is gone.
fn carry_out(queue: &Receiver<Work>, mut connection: Connection) {
    for work in queue {
        let outcome = catch_unwind(AssertUnwindSafe(|| work(&mut connection)));
        let undone = connection.is_autocommit() || connection.execute_batch("ROLLBACK").is_ok();
        if outcome.is_err() && !undone {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::sync::{Arc, mpsc};
    use std::task::Poll;

    use ravs_core::port::PortErrorKind;
    use tokio::runtime::Builder;

    use super::*;

    fn threads() -> Threads {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE t (a INTEGER)").unwrap();
        Threads::start("test", vec![connection]).unwrap()
    }

    fn wait<T>(future: impl Future<Output = T>) -> T {
        Builder::new_current_thread().build().unwrap().block_on(future)
    }

    fn count(threads: &Threads) -> i64 {
        let count = |connection: &mut Connection| {
            let count = connection.query_row("SELECT count(*) FROM t", [], |row| row.get(0));
            count.map_err(crate::error::failed)
        };
        wait(threads.run(count)).unwrap()
    }

    #[test]
    fn a_panic_is_unavailable_and_undone_and_the_thread_goes_on() {
        let threads = threads();
        let outcome: Result<(), _> = wait(threads.run(|connection| {
            connection.execute_batch("BEGIN; INSERT INTO t VALUES (1)").unwrap();
            panic!("on purpose")
        }));
        assert_eq!(outcome.unwrap_err().kind(), &PortErrorKind::Unavailable);
        assert_eq!(count(&threads), 0, "what it had begun is undone");
    }

    #[test]
    fn a_thread_that_is_gone_is_unavailable() {
        let gone = Threads::start("test", Vec::new()).unwrap();
        let outcome = wait(gone.run(|_| Ok(())));
        assert_eq!(outcome.unwrap_err().kind(), &PortErrorKind::Unavailable);
    }

    #[test]
    fn what_nobody_waits_for_does_not_begin() {
        let threads = threads();
        let (open, gate) = mpsc::channel::<()>();
        wait(async {
            let mut busy = Box::pin(threads.run(move |_| {
                gate.recv().unwrap();
                Ok(())
            }));
            let mut dropped = Box::pin(threads.run(|connection| {
                connection.execute_batch("INSERT INTO t VALUES (1)").unwrap();
                Ok(())
            }));
            poll_fn(|task| {
                assert!(busy.as_mut().poll(task).is_pending());
                assert!(dropped.as_mut().poll(task).is_pending());
                Poll::Ready(())
            })
            .await;
            drop(dropped);
            open.send(()).unwrap();
            busy.await.unwrap();
        });
        assert_eq!(count(&threads), 0);
    }

    #[test]
    fn what_has_begun_is_done_although_nobody_waits() {
        let threads = threads();
        let ((begin, begun), (open, gate)) = (mpsc::channel(), mpsc::channel::<()>());
        wait(async {
            let mut work = Box::pin(threads.run(move |connection| {
                begin.send(()).unwrap();
                gate.recv().unwrap();
                connection.execute_batch("INSERT INTO t VALUES (1)").unwrap();
                Ok(())
            }));
            let begins = poll_fn(|task| Poll::Ready(work.as_mut().poll(task).is_pending())).await;
            assert!(begins);
            begun.recv().unwrap();
        });
        open.send(()).unwrap();
        assert_eq!(count(&threads), 1);
    }

    #[test]
    fn they_can_be_dropped_on_one_of_them() {
        let last = Arc::new(threads());
        let own = Arc::clone(&last);
        let ((begin, begun), (open, gate)) = (mpsc::channel(), mpsc::channel::<()>());
        let (end, ended) = mpsc::channel();
        last.leave(move |_| {
            begin.send(()).unwrap();
            gate.recv().unwrap();
            drop(own);
            end.send(()).unwrap();
        });
        begun.recv().unwrap();
        drop(last);
        open.send(()).unwrap();
        ended.recv_timeout(Duration::from_secs(30)).unwrap();
    }

    #[test]
    fn dropping_them_waits_for_their_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.db");
        let connection = Connection::open(&path).unwrap();
        connection.pragma_update(None, "journal_mode", "WAL").unwrap();
        connection.execute_batch("CREATE TABLE t (a INTEGER)").unwrap();
        assert!(path.with_extension("db-wal").exists());
        drop(Threads::start("test", vec![connection]).unwrap());
        assert!(!path.with_extension("db-wal").exists(), "its connection is open");
    }
}
