//! Reads that tolerate a little age go to the standby, all others to the primary.
#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

use crate::support::{as_application, migrate};
use ravs_adapters_postgres::{PoolSettings, PostgresStore, pool};
use ravs_core::port::{OrganisationFilter, PageRequest, Store};
use ravs_testkit::conformance::seed::{Scene, Seed};
use ravs_testserver::postgres::{Durability, Options, Replication, Server};

async fn listed(store: &PostgresStore, scene: &Scene, seed: &Seed) -> usize {
    let (filter, page) = (OrganisationFilter::default(), PageRequest { after: None, limit: 10 });
    let region = scene.lead.region();
    store.organisations(region, &filter, &page, seed.now()).await.unwrap().organisations.len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_are_read_from_the_standby_while_it_answers() {
    let primary = Server::launch(Options::new(Durability::None)).unwrap();
    migrate(primary.url("postgres"), false).await.unwrap();
    let standby = primary.standby(Replication::Synchronous).await.unwrap();
    let settings = PoolSettings::new().size(2);
    let of = |url: String| pool(&as_application(&url), &settings).unwrap();
    let store = PostgresStore::builder(of(primary.url("postgres")))
        .standby(of(standby.server().url("postgres")))
        .build();
    let seed = Seed::new();

    // Everything that is committed from here on reaches the standby and waits there.
    let owner = pool(&standby.server().url("postgres"), &settings).unwrap().get().await.unwrap();
    owner.batch_execute("SELECT pg_wal_replay_pause()").await.unwrap();
    let scene = Scene::active(&seed, &store, "RRV").await.unwrap();
    assert!(store.organisation(scene.id).await.unwrap().is_some());
    assert!(store.standing(scene.ada, scene.id).await.unwrap().is_some());
    assert_eq!(listed(&store, &scene, &seed).await, 0);

    // Where it does not answer, the primary does.
    drop(owner);
    standby.server().kill().unwrap();
    assert_eq!(listed(&store, &scene, &seed).await, 1);
}
