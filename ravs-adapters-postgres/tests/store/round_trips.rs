//! Every read is one round trip and every commit two, whatever the number of rows: counted on the
//! wire, once the statements are prepared.
#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

use std::fmt::Debug;

use crate::support::{MIGRATED, application};
use crate::wire::Wire;
use chrono::TimeDelta;
use ravs_adapters_postgres::{PostgresStore, StatementMode};
use ravs_core::port::{EffectQueue as _, OrganisationFilter, PageRequest, PortError, Store as _};
use ravs_core::{ChangeSet, OrganisationStatus, Stream};
use ravs_testkit::conformance::seed::{Scene, Seed, whole_life};
use ravs_testserver::postgres::{Database, Server};

struct Counted {
    store: PostgresStore,
    wire: Wire,
    database: Database,
}

impl Counted {
    async fn new(mode: StatementMode) -> Self {
        let database = Server::shared().unwrap().database(&MIGRATED).await.unwrap();
        let wire = Wire::to(database.url()).await;
        let pool = application(&wire.url(database.url()), 1);
        let store = PostgresStore::builder(pool).statements(mode).build();
        Self { store, wire, database }
    }

    /// Does something twice, and gives the round trips of the second time: the first prepares.
    async fn count<T: Debug>(&self, what: impl AsyncFn() -> Result<T, PortError>) -> usize {
        what().await.unwrap();
        let before = self.wire.round_trips();
        what().await.unwrap();
        self.wire.round_trips() - before
    }

    /// Commits, and gives the round trips.
    async fn commit(&self, change: &ChangeSet) -> usize {
        let before = self.wire.round_trips();
        self.store.commit(change).await.unwrap();
        self.wire.round_trips() - before
    }
}

async fn every_read(counted: &Counted) {
    let (seed, store) = (Seed::new(), &counted.store);
    let scene = Scene::clinical(&seed, store, "RRV").await.unwrap();
    let place = scene.place(store, scene.ada).await.unwrap();
    let roster = scene.roster(store).await.unwrap();
    let recording =
        seed.recording(scene.ada, &roster, &scene.ada_email, "2026-01-05".parse().unwrap());
    store.commit(&recording.change).await.unwrap();
    let (id, user, now) = (scene.id, scene.ada, seed.now());
    let emails = [scene.ada_email.clone(), scene.ben_email.clone()];
    let code = place.1.organisation.ods_code().clone();
    let region = scene.lead.region();
    let page = PageRequest { after: None, limit: 10 };
    let subject = ravs_core::Subject::new("somebody").unwrap();
    let days = "2026-01-01".parse().unwrap();
    let range = ravs_core::ReportRange::new(days, days).unwrap();

    assert_eq!(counted.count(async || store.organisation(id).await).await, 1);
    assert_eq!(counted.count(async || store.unclosed_organisation(&code).await).await, 1);
    for status in [None].into_iter().chain(OrganisationStatus::ALL.map(Some)) {
        for invited_by in [None, Some(scene.lead.user())] {
            let filter = OrganisationFilter { status, invited_by };
            let list = async || store.organisations(region, &filter, &page, now).await;
            assert_eq!(counted.count(list).await, 1, "{filter:?}");
        }
    }
    assert_eq!(counted.count(async || store.due_closings(now, 10).await).await, 1);
    assert_eq!(counted.count(async || store.standing(user, id).await).await, 1);
    assert_eq!(counted.count(async || store.places(user).await).await, 1);
    assert_eq!(counted.count(async || store.roster(id).await).await, 1);
    assert_eq!(counted.count(async || store.members(id, &emails).await).await, 1);
    assert_eq!(counted.count(async || store.users(&[user]).await).await, 1);
    assert_eq!(counted.count(async || store.users_after(None, 1).await).await, 1);
    assert_eq!(counted.count(async || store.users_after(Some(user), 1).await).await, 1);
    assert_eq!(counted.count(async || store.users_by_email(&emails).await).await, 1);
    assert_eq!(counted.count(async || store.user_by_subject(&subject).await).await, 1);
    assert_eq!(counted.count(async || store.regional_lead(user).await).await, 1);
    assert_eq!(counted.count(async || store.record(id, recording.answer.id()).await).await, 1);
    assert_eq!(counted.count(async || store.records(id, None, 10).await).await, 1);
    assert_eq!(counted.count(async || store.records_given(id, range).await).await, 1);
    for stream in [Stream::Organisation(id), Stream::Person(user)] {
        assert_eq!(counted.count(async || store.history(stream, None, 10).await).await, 1);
    }
    assert_eq!(counted.count(async || store.parked(10).await).await, 1);
}

async fn every_commit(counted: &Counted) {
    let store = &counted.store;
    // Once to prepare, in a life with everything in it; then the same life is counted.
    let life = whole_life(&mut Seed::new(), store).await.unwrap();
    crate::support::empty(&counted.database).await;
    assert!(life.len() > 10);
    for (number, change) in life.iter().enumerate() {
        assert_eq!(counted.commit(change).await, 2, "{:?}", change.events());
        if number == 0 {
            store.commit(change).await.unwrap();
        }
        // A repeat is refused by its id, no later; then it sees to it that what it found is kept.
        assert_eq!(counted.commit(change).await, 3);
    }
    let (now, lease) = (Seed::new().now() + TimeDelta::days(1000), TimeDelta::minutes(5));
    let claim = async || store.claim(now, lease, 3).await;
    assert_eq!(counted.count(claim).await, 1);
    let claims = store.claim(now, lease, 4).await.unwrap();
    let [one, two, three, four] = <[_; 4]>::try_from(claims).unwrap();
    store.done(&one.receipt).await.unwrap();
    store.retry_at(&two.receipt, now).await.unwrap();
    let before = counted.wire.round_trips();
    store.done(&three.receipt).await.unwrap();
    assert_eq!(counted.wire.round_trips() - before, 1);
    store.park(&four.receipt, now, "no answer").await.unwrap();
    assert!(store.unpark(&four.receipt.key, now).await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_is_one_round_trip() {
    every_read(&Counted::new(StatementMode::Prepared).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_without_a_name_is_one_round_trip_too() {
    every_read(&Counted::new(StatementMode::Unnamed).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_is_two_round_trips() {
    every_commit(&Counted::new(StatementMode::Prepared).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_without_names_is_two_round_trips_too() {
    every_commit(&Counted::new(StatementMode::Unnamed).await).await;
}
