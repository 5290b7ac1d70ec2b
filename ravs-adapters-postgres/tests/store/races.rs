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
use ravs_testkit::concurrency::{arrivals, delivery, leads, life};
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

macro_rules! races {
    ($($module:ident::$case:ident in $rounds:literal rounds;)+) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $case() {
                $module::$case(raced().await, $rounds).await;
            }
        )+
    };
}

races! {
    leads::two_leads_remove_each_other in 20 rounds; // R-U9
    leads::a_level_changes_while_its_owner_enters in 20 rounds; // R-U7
    life::deactivating_reactivating_and_recording in 20 rounds; // R-L2
    life::first_entries in 20 rounds; // R-L1
    life::an_entry_and_a_withdrawal in 20 rounds; // R-O7
    life::two_sweeps_and_an_onboarding in 20 rounds; // R-L6, R-O4
    arrivals::two_regions_onboard_one_body in 20 rounds; // R-O4
    arrivals::one_address_at_two_organisations in 20 rounds; // R-O5
    arrivals::one_address_where_one_is_the_limit in 20 rounds; // R-U4
    arrivals::two_nominations_of_one_address in 20 rounds; // R-O8
    arrivals::two_subjects_of_one_address in 20 rounds; // R-S1
    delivery::many_delivery_workers in 5 rounds; // R-N4
}
