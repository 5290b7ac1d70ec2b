//! The races of `ravs_testkit::concurrency` on PostgreSQL, as the application's role, on several
//! threads and connections.
//!
//! A round in which one command is over before the other has begun shows nothing. So the pool lets
//! every other exchange with the database wait a moment for the next: what races goes in step.
#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::support::{MIGRATED, as_application};
use crate::watched::Watched;
use deadpool_postgres::{Hook, Manager, ManagerConfig, Pool, RecyclingMethod};
use ravs_adapters_postgres::PostgresStore;
use ravs_testserver::postgres::Server;
use tokio::sync::Notify;
use tokio::time::timeout;
use tokio_postgres::{Config, NoTls};

async fn raced() -> Watched {
    let database = Server::shared().unwrap().database(&MIGRATED).await.unwrap();
    let pool = in_step(database.url());
    Watched::on(PostgresStore::new(pool), database)
}

/// Eight connections, that are handed out two at a time where two are wanted.
fn in_step(url: &str) -> Pool {
    let config: Config = as_application(url).parse().unwrap();
    let how = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let meeting = Arc::new((AtomicUsize::new(0), Notify::new()));
    let meet = Hook::async_fn(move |_, _| {
        let meeting = Arc::clone(&meeting);
        Box::pin(async move {
            let (step, came) = &*meeting;
            let other = came.notified();
            if step.fetch_add(1, Ordering::AcqRel) % 2 == 0 {
                // for most exchanges nobody else comes
                let _ = timeout(LONGEST_WAIT, other).await;
            } else {
                came.notify_waiters();
            }
            Ok(())
        })
    });
    let manager = Manager::from_config(config, NoTls, how);
    Pool::builder(manager).max_size(8).pre_recycle(meet).build().unwrap()
}

const LONGEST_WAIT: Duration = Duration::from_millis(3);

ravs_testkit::races! {
    rounds: 20, deliveries: 5, on: { raced().await },
}
