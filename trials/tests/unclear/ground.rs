//! The ground of these trials: a server with its stage, and what is asked of the database.

use std::time::{Duration, Instant};

use ravs_adapters_postgres::{Builder, PostgresStore};
use ravs_core::ChangeSet;
use ravs_core::port::{PortError, PortErrorKind};
use ravs_testserver::postgres::{Database, Durability, Options, Server};
use ravs_trials::host::Host;
use ravs_trials::ledger::{Findings, reckon};
use ravs_trials::stage::{Stage, as_application, migrated};
use tokio_postgres::{Client, NoTls};

pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) async fn stage() -> (Server, Database, Stage) {
    let server = Server::launch(Options::new(Durability::Full)).unwrap();
    let database = server.database(&migrated()).await.unwrap();
    let stage = Stage::set(&as_application(database.url())).await.unwrap();
    (server, database, stage)
}

pub(crate) async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// Waits until a query counts something.
pub(crate) async fn wait_for(client: &Client, query: &str) {
    let began = Instant::now();
    while client.query_one(query, &[]).await.unwrap().get::<_, i64>(0) == 0 {
        assert!(began.elapsed() < PATIENCE, "never: {query}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// How often a change set, its events and its effects are there.
pub(crate) async fn times(owner: &Client, change: &ChangeSet) -> [i64; 3] {
    let query = "SELECT
        (SELECT count(*) FROM ravs.change_sets WHERE id = $1),
        (SELECT count(*) FROM ravs.person_events WHERE change_set_id = $1),
        (SELECT count(*) FROM ravs.effects WHERE key LIKE '%.' || $1::text)";
    let row = owner.query_one(query, &[change.id().as_uuid()]).await.unwrap();
    [row.get(0), row.get(1), row.get(2)]
}

pub(crate) fn once(change: &ChangeSet) -> [i64; 3] {
    [1, change.events().len(), change.effects().len()].map(|n| i64::try_from(n).unwrap())
}

pub(crate) fn assert_unclear(error: &PortError) {
    assert_eq!(*error.kind(), PortErrorKind::Unavailable);
    assert!(error.is_retryable());
    let said = error.to_string();
    assert!(said.contains("whether the change was saved could not be found out"), "{said}");
}

/// A store that does not try for long to find out.
pub(crate) fn soon_unclear(stage: &Stage) -> PostgresStore {
    let set = |builder: Builder| builder.settle_for(Duration::from_millis(800));
    stage.host_at(&stage.url, set).unwrap().store
}

/// A host that does not wait for long either.
pub(crate) fn impatient(stage: &Stage) -> Host {
    let set = |builder: Builder| {
        builder.deadline(Duration::from_millis(500)).settle_for(Duration::from_millis(800))
    };
    stage.host_at(&stage.url, set).unwrap()
}

pub(crate) async fn assert_whole(stage: &Stage, database: &Database) {
    let (findings, extent) = reckon(stage, database.url()).await.unwrap();
    eprintln!("{extent:?}\n{}", stage.ear.told());
    assert_eq!(findings, Findings::default());
}
