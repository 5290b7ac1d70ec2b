//! Row-level security, where it is switched on: the application's role sees what was recorded at
//! an organisation, and its history, only in a transaction that names the organisation.
#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

use std::collections::BTreeSet;

use crate::support::{Fresh, MIGRATED, SECURED, application};
use deadpool_postgres::Transaction;
use ravs_adapters_postgres::PostgresStore;
use ravs_core::port::Store as _;
use ravs_core::{RecordId, Stream};
use ravs_testkit::conformance::seed::{Scene, Seed};
use ravs_testserver::postgres::Template;
use tokio_postgres::Error;
use uuid::Uuid;

/// Two organisations, each with one record of two revisions, and the record.
struct Two {
    fresh: Fresh,
    places: [(Scene, RecordId); 2],
}

impl Two {
    async fn on(template: &Template) -> Self {
        let fresh = Fresh::with(template, |builder| builder).await;
        let seed = Seed::new();
        let first = place(&seed, &fresh.store, "AAA").await;
        let second = place(&seed, &fresh.store, "BBB").await;
        Self { fresh, places: [first, second] }
    }
}

async fn place(seed: &Seed, store: &PostgresStore, code: &str) -> (Scene, RecordId) {
    let scene = Scene::clinical(seed, store, code).await.unwrap();
    let roster = scene.roster(store).await.unwrap();
    let day = |text: &str| text.parse().unwrap();
    let made = seed.recording(scene.ada, &roster, &scene.ada_email, day("2026-01-05"));
    store.commit(&made.change).await.unwrap();
    seed.tick();
    let edited = seed.edit(scene.ada, &roster, &made.answer, day("2026-01-04"));
    store.commit(&edited.change).await.unwrap();
    (scene, made.answer.id())
}

const PROTECTED: [&str; 3] = ["records", "record_revisions", "organisation_events"];

/// The organisations of the rows that are seen of each table.
async fn seen(transaction: &Transaction<'_>) -> Result<Vec<BTreeSet<Uuid>>, Error> {
    let mut seen = Vec::new();
    for table in PROTECTED {
        let text = format!("SELECT organisation_id FROM ravs.{table}");
        let rows = transaction.query(&text, &[]).await?;
        seen.push(rows.iter().map(|row| row.get(0)).collect());
    }
    Ok(seen)
}

/// What is seen after these statements, in one transaction of the application's.
async fn seen_after(two: &Two, statements: &str) -> Result<Vec<BTreeSet<Uuid>>, Error> {
    let pool = application(two.fresh.database.url(), 1);
    let mut client = pool.get().await.unwrap();
    let transaction = client.transaction().await.unwrap();
    transaction.batch_execute(statements).await?;
    seen(&transaction).await
}

fn naming(id: &str) -> String {
    format!("SELECT set_config('ravs.organisation', '{id}', true)")
}

fn nothing() -> Vec<BTreeSet<Uuid>> {
    vec![BTreeSet::new(); PROTECTED.len()]
}

#[tokio::test]
async fn nothing_is_seen_unless_an_organisation_is_named() {
    let two = Two::on(&SECURED).await;
    assert_eq!(seen_after(&two, "").await.unwrap(), nothing());
    assert_eq!(seen_after(&two, &naming("")).await.unwrap(), nothing());
    let another = "00000000-0000-4000-8000-0000000000ff";
    assert_eq!(seen_after(&two, &naming(another)).await.unwrap(), nothing());
}

#[tokio::test]
async fn without_row_security_everything_is_seen() {
    let two = Two::on(&MIGRATED).await;
    let both: BTreeSet<Uuid> = two.places.iter().map(|(scene, _)| *scene.id.as_uuid()).collect();
    assert_eq!(seen_after(&two, "").await.unwrap(), vec![both; PROTECTED.len()]);
}

#[tokio::test]
async fn of_the_named_one_its_own_is_seen_and_no_more() {
    let two = Two::on(&SECURED).await;
    for (scene, _) in &two.places {
        let own = BTreeSet::from([*scene.id.as_uuid()]);
        let seen = seen_after(&two, &naming(&scene.id.to_string())).await.unwrap();
        assert_eq!(seen, vec![own; PROTECTED.len()]);
    }
    // by way of another table, or of its key
    let (first, second) = (&two.places[0].0, &two.places[1].0);
    let mut client = application(two.fresh.database.url(), 1).get().await.unwrap();
    let transaction = client.transaction().await.unwrap();
    transaction.batch_execute(&naming(&first.id.to_string())).await.unwrap();
    for text in [
        "SELECT 1 FROM ravs.records WHERE organisation_id = $1",
        "SELECT 1 FROM ravs.organisations AS o JOIN ravs.record_revisions AS r
            ON r.organisation_id = o.id WHERE o.id = $1",
        "SELECT 1 FROM ravs.organisation_events WHERE organisation_id = $1 OR true
            AND organisation_id = $1",
    ] {
        let others = transaction.query(text, &[second.id.as_uuid()]).await.unwrap();
        assert!(others.is_empty(), "{text}");
        let own = transaction.query(text, &[first.id.as_uuid()]).await.unwrap();
        assert!(!own.is_empty(), "{text}");
    }
}

#[tokio::test]
async fn the_name_ends_with_its_transaction() {
    let two = Two::on(&SECURED).await;
    let mut client = application(two.fresh.database.url(), 1).get().await.unwrap();
    for _ in 0..2 {
        let transaction = client.transaction().await.unwrap();
        assert_eq!(seen(&transaction).await.unwrap(), nothing());
        let name = naming(&two.places[0].0.id.to_string());
        transaction.batch_execute(&name).await.unwrap();
        assert_ne!(seen(&transaction).await.unwrap(), nothing());
        transaction.commit().await.unwrap();
    }
}

#[tokio::test]
async fn the_stores_own_reads_see_what_they_are_about() {
    let two = Two::on(&SECURED).await;
    let store = &two.fresh.store;
    for (scene, record) in &two.places {
        let read = store.record(scene.id, *record).await.unwrap().unwrap();
        assert_eq!(read.revisions().count(), 2);
        assert_eq!(store.records(scene.id, None, 10).await.unwrap(), vec![read]);
        let history = store.history(Stream::Organisation(scene.id), None, 100).await.unwrap();
        assert!(history.len() > 3, "{}", history.len());
    }
    let (first, second) = (&two.places[0], &two.places[1]);
    assert_eq!(store.record(first.0.id, second.1).await.unwrap(), None);
}

#[tokio::test]
async fn no_statement_of_the_application_switches_it_off() {
    let two = Two::on(&SECURED).await;
    // as a role that has logged in itself, and can be nobody else
    let become_it = "SET LOCAL SESSION AUTHORIZATION ravs_application;";
    let owner = two.fresh.owner();
    for statement in [
        "SET LOCAL row_security = off",
        "ALTER TABLE ravs.records DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE ravs.record_revisions NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY history_of_one_organisation ON ravs.organisation_events",
        "ALTER POLICY records_of_one_organisation ON ravs.records USING (true)",
        "CREATE POLICY mine ON ravs.records FOR SELECT USING (true)",
        "ALTER ROLE ravs_application BYPASSRLS",
        "SET LOCAL ROLE postgres",
        "COPY ravs.records TO PROGRAM 'true'",
        "CREATE FUNCTION ravs.mine() RETURNS bigint LANGUAGE sql SECURITY DEFINER
            AS 'SELECT count(*) FROM ravs.records'",
    ] {
        let mut client = owner.get().await.unwrap();
        let transaction = client.transaction().await.unwrap();
        transaction.batch_execute(become_it).await.unwrap();
        let seen = match transaction.batch_execute(statement).await {
            Ok(()) => seen(&transaction).await,
            Err(error) => Err(error),
        };
        let code = seen.as_ref().err().and_then(Error::code).map(|code| code.code());
        assert_eq!(code, Some("42501"), "{statement}: {seen:?}");
    }
}

#[tokio::test]
async fn it_is_switched_on_and_off_by_the_migrations() {
    let two = Two::on(&SECURED).await;
    let owner = two.fresh.owner();
    let migrations = ravs_adapters_postgres::Migrations::new(Default::default());
    migrations.run(&owner).await.unwrap();
    assert_eq!(seen_after(&two, "").await.unwrap(), nothing(), "left as it is unless told");
    migrations.clone().row_security(false).run(&owner).await.unwrap();
    assert_ne!(seen_after(&two, "").await.unwrap(), nothing());
    migrations.row_security(true).run(&owner).await.unwrap();
    assert_eq!(seen_after(&two, "").await.unwrap(), nothing());
}
