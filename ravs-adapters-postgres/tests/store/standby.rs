//! Reads that tolerate a little age go to the standby, all others to the primary.
#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

use crate::support::{as_application, migrate};
use chrono::TimeDelta;
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
    let reading = of(standby.server().url("postgres"));
    // A page has to come within a second, and to connect may take a while.
    drop(reading.get().await.unwrap());
    let store = PostgresStore::builder(of(primary.url("postgres"))).standby(reading).build();
    let seed = Seed::new();

    // Everything that is committed from here on reaches the standby and waits there.
    let owner = pool(&standby.server().url("postgres"), &settings).unwrap().get().await.unwrap();
    owner.batch_execute("SELECT pg_wal_replay_pause()").await.unwrap();
    let scene = Scene::active(&seed, &store, "RRV").await.unwrap();
    assert!(store.organisation(scene.id).await.unwrap().is_some());
    assert!(store.standing(scene.ada, scene.id).await.unwrap().is_some());
    assert_eq!(listed(&store, &scene, &seed).await, 0);
    // What is done about it cannot wait for a standby that has come to a halt.
    scene.deactivate(&seed, &store).await.unwrap();
    let due = seed.now() + TimeDelta::days(100);
    assert_eq!(store.due_closings(due, 10).await.unwrap(), [scene.id]);

    // Where it does not answer, the primary does.
    drop(owner);
    standby.server().kill().unwrap();
    assert_eq!(listed(&store, &scene, &seed).await, 1);
}

// A standby of which nobody hears is waited for once, and not with every page.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_standby_that_is_silent_is_felt_once() {
    let primary = Server::launch(Options::new(Durability::None)).unwrap();
    migrate(primary.url("postgres"), false).await.unwrap();
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = format!("postgres://ravs@127.0.0.1:{}/ravs", silent.local_addr().unwrap().port());
    let settings = PoolSettings::new().size(2);
    let store =
        PostgresStore::builder(pool(&as_application(&primary.url("postgres")), &settings).unwrap())
            .standby(pool(&nobody, &settings).unwrap())
            .build();
    let seed = Seed::new();
    let scene = Scene::active(&seed, &store, "RRV").await.unwrap();
    silent.set_nonblocking(true).unwrap();
    let asked = || std::iter::from_fn(|| silent.accept().ok()).count();
    assert_eq!(listed(&store, &scene, &seed).await, 1);
    assert_eq!(asked(), 1, "the standby is asked first");
    for _ in 0..5 {
        assert_eq!(listed(&store, &scene, &seed).await, 1);
    }
    assert_eq!(asked(), 0, "it rests");
}
