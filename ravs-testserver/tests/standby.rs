//! A second server that follows, and takes over.
#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

mod client;

use std::time::Duration;

use client::{connect, number};
use ravs_testserver::postgres::{Durability, Options, Replication, Server, Standby};
use tokio::time::timeout;
use tokio_postgres::error::SqlState;

async fn pair(replication: Replication) -> (Server, Standby) {
    let primary = Server::launch(Options::new(Durability::Full)).unwrap();
    let standby = primary.standby(replication).await.unwrap();
    (primary, standby)
}

#[tokio::test]
async fn a_promoted_standby_has_every_acknowledged_row_and_takes_more() {
    let (primary, standby) = pair(Replication::Synchronous).await;
    let url = standby.failover_url("postgres");
    let writer = connect(&url).await;
    writer.batch_execute("CREATE TABLE kept (n int)").await.unwrap();
    for n in 0..50 {
        writer.execute("INSERT INTO kept VALUES ($1)", &[&n]).await.unwrap();
    }

    let reader = connect(&standby.server().url("postgres")).await;
    let refused = reader.batch_execute("INSERT INTO kept VALUES (1)").await.unwrap_err();
    assert_eq!(refused.code(), Some(&SqlState::READ_ONLY_SQL_TRANSACTION));

    primary.kill().unwrap();
    let promoted = standby.promote().await.unwrap();
    // The same URL leads to the new one.
    let writer = connect(&url).await;
    assert_eq!(number(&writer, "SELECT count(*) FROM kept").await, 50);
    assert_eq!(
        number(&writer, "SELECT current_setting('port')::bigint").await,
        i64::from(promoted.port())
    );
    writer.batch_execute("INSERT INTO kept VALUES (1)").await.unwrap();
}

#[tokio::test]
async fn a_commit_waits_for_a_synchronous_standby_alone() {
    for (replication, waits) in
        [(Replication::Synchronous, true), (Replication::Asynchronous, false)]
    {
        let (primary, standby) = pair(replication).await;
        let writer = connect(&primary.url("postgres")).await;
        writer.batch_execute("CREATE TABLE kept (n int)").await.unwrap();
        standby.server().kill().unwrap();

        let watcher = connect(&primary.url("postgres")).await;
        let insert = writer.batch_execute("INSERT INTO kept VALUES (1)");
        let waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
        let seen_waiting = async { while number(&watcher, waiting).await == 0 {} };
        tokio::pin!(insert);
        let waited = timeout(Duration::from_secs(30), async {
            tokio::select! {
                done = &mut insert => { done.unwrap(); false }
                () = seen_waiting => true,
            }
        });
        assert_eq!(waited.await.unwrap(), waits, "{replication:?}");

        // It is not lost: the standby comes back, and the commit is acknowledged.
        standby.server().start().unwrap();
        if waits {
            timeout(Duration::from_secs(30), insert).await.unwrap().unwrap();
        }
        assert_eq!(number(&watcher, "SELECT count(*) FROM kept").await, 1);
    }
}

#[tokio::test]
async fn a_second_synchronous_standby_may_answer_for_the_first() {
    let (primary, first) = pair(Replication::Synchronous).await;
    let _second = primary.standby(Replication::Synchronous).await.unwrap();
    first.server().kill().unwrap();
    let writer = connect(&primary.url("postgres")).await;
    let written = writer.batch_execute("CREATE TABLE kept (n int)");
    timeout(Duration::from_secs(30), written).await.unwrap().unwrap();
}
