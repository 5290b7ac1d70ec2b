//! Answers that are lost, servers that stay away, statements that hang: a caller is told the
//! truth, and a change is saved once or not at all.
#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

mod ground;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use ravs_adapters_postgres::{Builder, StatementMode};
use ravs_core::command::{Nominee, Onboard};
use ravs_core::port::{EffectQueue as _, PortErrorKind, Store as _};
use ravs_core::{Code, Failure, OrganisationId};
use ravs_testkit::identity_of;
use ravs_testserver::postgres::Replication;
use ravs_testserver::proxy::{Fault, Proxy};
use ravs_trials::host::Host;
use ravs_trials::newcomer::{adding, change};
use ravs_trials::stage::{LEADS, as_application};
use ravs_trials::workers::Worker;
use tokio_postgres::Client;

use ground::{
    PATIENCE, assert_unclear, assert_whole, connect, impatient, once, soon_unclear, stage, times,
    wait_for,
};

const WORKERS: u64 = 4;
const FAULTS: [Fault; 3] = [Fault::Before, Fault::During, Fault::After];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_answer_is_lost_is_found_out() {
    let (server, database, stage) = stage().await;
    let proxy = Proxy::start(&server.url("postgres")).await.unwrap();
    let url = as_application(&proxy.url(database.name()));
    let owner = connect(database.url()).await;
    for mode in [StatementMode::Prepared, StatementMode::Unnamed] {
        let store = stage.host_at(&url, |builder| builder.statements(mode)).unwrap().store;
        for fault in FAULTS {
            let change = change(&format!("{mode:?}.{fault:?}@nhs.net")).unwrap();
            let loss = proxy.lose(fault, "COMMIT");
            store.commit(&change).await.unwrap();
            loss.happened().await.unwrap();
            assert_eq!(times(&owner, &change).await, once(&change), "{mode:?} {fault:?}");
        }
    }
}

// A read whose answer is lost is read again; nobody notices.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wire_that_is_cut_again_and_again_loses_nothing() {
    let (server, database, stage) = stage().await;
    let proxy = Proxy::start(&server.url("postgres")).await.unwrap();
    let through = as_application(&proxy.url(database.name()));
    let stage = stage.reached_at(&through);
    let worker = Path::new(env!("CARGO_BIN_EXE_worker"));
    let workers: Vec<Worker> =
        (0..WORKERS).map(|seed| Worker::load(worker, &stage, seed).unwrap()).collect();
    for round in 0..21 {
        proxy.lose(FAULTS[round % 3], "COMMIT").happened().await.unwrap();
        stage.ear.wait_for_more(5).await.unwrap();
        if round % 3 == 0 {
            proxy.cut_all().await;
        }
    }
    for worker in workers {
        tokio::task::block_in_place(|| worker.finish()).unwrap();
    }
    assert_whole(&stage, &database).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_dies_before_it_commits_and_stays_away_leaves_it_unclear() {
    let (server, database, stage) = stage().await;
    let store = soon_unclear(&stage);
    let change = change("new@nhs.net").unwrap();
    let owner = connect(database.url()).await;
    owner.batch_execute("BEGIN; LOCK TABLE ravs.effects IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let committing = tokio::spawn({
        let (store, change) = (store.clone(), change.clone());
        async move { store.commit(&change).await }
    });
    let waits = "SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'";
    // in a transaction of one's own, the others' doings are seen as they were
    wait_for(&connect(database.url()).await, waits).await;
    tokio::task::block_in_place(|| server.kill()).unwrap();
    assert_unclear(&committing.await.unwrap().unwrap_err());

    tokio::task::block_in_place(|| server.start()).unwrap();
    let owner = connect(database.url()).await;
    assert_eq!(times(&owner, &change).await, [0; 3]);
    store.commit(&change).await.unwrap();
    store.commit(&change).await.unwrap();
    assert_eq!(times(&owner, &change).await, once(&change));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_dies_after_it_committed_and_stays_away_leaves_it_unclear() {
    let (server, database, stage) = stage().await;
    let standby = server.standby(Replication::Synchronous).await.unwrap();
    // A commit is on disk, and not acknowledged before the standby has it too.
    tokio::task::block_in_place(|| standby.server().kill()).unwrap();
    let store = soon_unclear(&stage);
    let change = change("new@nhs.net").unwrap();
    let committing = tokio::spawn({
        let (store, change) = (store.clone(), change.clone());
        async move { store.commit(&change).await }
    });
    let owner = connect(database.url()).await;
    wait_for(&owner, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'").await;
    tokio::task::block_in_place(|| server.kill()).unwrap();
    assert_unclear(&committing.await.unwrap().unwrap_err());

    tokio::task::block_in_place(|| server.start()).unwrap();
    let owner = connect(database.url()).await;
    assert_eq!(times(&owner, &change).await, once(&change), "it had been saved");
    // Here, and nowhere else: it could still be lost with this machine.
    assert_unclear(&store.commit(&change).await.unwrap_err());
    assert!(store.is_committed(change.id()).await.unwrap_err().is_retryable());

    tokio::task::block_in_place(|| standby.server().start()).unwrap();
    let began = Instant::now();
    while let Err(error) = store.commit(&change).await {
        assert_unclear(&error);
        assert!(began.elapsed() < PATIENCE, "the standby is back, and nobody knows");
    }
    assert!(store.is_committed(change.id()).await.unwrap());
    assert_eq!(times(&owner, &change).await, once(&change));
    tokio::task::block_in_place(|| server.kill()).unwrap();
    let promoted = standby.promote().await.unwrap();
    let owner = connect(&promoted.url(database.name())).await;
    assert_eq!(times(&owner, &change).await, once(&change), "what was acknowledged is kept");
}

// Nothing was parked, and its request is lost before the server has it: nothing is unparked.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_not_done_is_not_said_to_be_done() {
    let (server, database, stage) = stage().await;
    let proxy = Proxy::start(&server.url("postgres")).await.unwrap();
    let url = as_application(&proxy.url(database.name()));
    let unnamed = |builder: Builder| builder.statements(StatementMode::Unnamed);
    let store = stage.host_at(&url, unnamed).unwrap().store;
    let change = change("new@nhs.net").unwrap();
    store.commit(&change).await.unwrap();
    let now = Utc::now();
    let lease = TimeDelta::minutes(5);
    for fault in FAULTS {
        let claims = store.claim(now, lease, 100).await.unwrap();
        let [claim, ..] = &claims[..] else { panic!("{fault:?}: nothing is left to claim") };
        let key = &claim.effect.key;
        let loss = proxy.lose(fault, "parked_why = NULL");
        assert!(!store.unpark(key, now).await.unwrap(), "{fault:?}: it was never parked");
        loss.happened().await.unwrap();

        let loss = proxy.lose(fault, "parked_why = $4");
        store.park(&claim.receipt, now, "given up").await.unwrap();
        loss.happened().await.unwrap();
        assert_eq!(store.parked(10).await.unwrap().len(), 1, "{fault:?}");

        let loss = proxy.lose(fault, "parked_why = NULL");
        assert!(store.unpark(key, now).await.unwrap(), "{fault:?}: it was parked");
        loss.happened().await.unwrap();

        // Another worker has it by now.
        let others = store.claim(now, lease, 1).await.unwrap();
        assert_eq!(others[0].effect.key, *key);
        let loss = proxy.lose(fault, "SET status = 'Done'");
        assert!(store.done(&claim.receipt).await.unwrap_err().is_conflict(), "{fault:?}");
        loss.happened().await.unwrap();
        for other in others.iter().chain(&claims[1..]) {
            let late = now - lease - lease;
            store.retry_at(&other.receipt, late).await.unwrap();
        }
    }
}

/// From now on the database answers so many commits with 40001, when they commit.
async fn refuse_commits(owner: &Client, times: u32) {
    let statements = format!(
        "DROP SCHEMA IF EXISTS refusing CASCADE;
         CREATE SCHEMA refusing;
         CREATE SEQUENCE refusing.commits;
         CREATE FUNCTION refusing.refuse() RETURNS trigger SECURITY DEFINER LANGUAGE plpgsql AS $$
         BEGIN
             IF nextval('refusing.commits') <= {times} THEN
                 RAISE EXCEPTION 'not this time' USING ERRCODE = '40001';
             END IF;
             RETURN NULL;
         END $$;
         CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON ravs.change_sets
             DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refusing.refuse()"
    );
    owner.batch_execute(&statements).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_refused_for_its_order_is_a_conflict_and_services_decide_again() {
    let (_server, database, stage) = stage().await;
    let owner = connect(database.url()).await;
    let host = stage.host().unwrap();
    refuse_commits(&owner, 1).await;
    let change = change("new@nhs.net").unwrap();
    let error = host.store.commit(&change).await.unwrap_err();
    assert!(error.is_conflict(), "{error}");
    assert_eq!(times(&owner, &change).await, [0; 3]);
    host.store.commit(&change).await.unwrap();
    assert_eq!(times(&owner, &change).await, once(&change));

    refuse_commits(&owner, 5).await;
    let desk = host.ravs.support_desk();
    desk.add_regional_lead(&adding("other@nhs.net")).await.unwrap();
    let asked = owner.query_one("SELECT last_value FROM refusing.commits", &[]).await.unwrap();
    assert_eq!(asked.get::<_, i64>(0), 6, "five were refused");

    // and not for ever
    refuse_commits(&owner, 1_000).await;
    match desk.add_regional_lead(&adding("third@nhs.net")).await.unwrap_err() {
        Failure::Failed(error) => assert!(error.is_conflict() && error.is_retryable(), "{error}"),
        other => panic!("{other}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_are_ended_by_the_server_lose_nothing() {
    let (_server, database, stage) = stage().await;
    let worker = Path::new(env!("CARGO_BIN_EXE_worker"));
    let workers: Vec<Worker> =
        (0..WORKERS).map(|seed| Worker::load(worker, &stage, seed).unwrap()).collect();
    let owner = connect(database.url()).await;
    let end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let mut ended = 0;
    for _ in 0..20 {
        stage.ear.wait_for_more(12).await.unwrap();
        ended += owner.query_one(end, &[]).await.unwrap().get::<_, i64>(0);
    }
    for worker in workers {
        tokio::task::block_in_place(|| worker.finish()).unwrap();
    }
    assert!(ended >= 20, "{ended}");
    eprintln!("{ended} connections ended");
    assert_whole(&stage, &database).await;
}

/// A backend of the server that stands still, until this is dropped.
struct Stopped(i32);

impl Stopped {
    fn new(backend: i32) -> Self {
        signal("-STOP", backend);
        Self(backend)
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        signal("-CONT", self.0);
    }
}

fn signal(which: &str, process: i32) {
    let sent = Command::new("kill").args([which, &process.to_string()]).status();
    assert!(sent.unwrap().success());
}

// The second try is refused for a reason that says nothing of the first, which comes late: to say
// conflict would have the caller decide again, and do it twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_try_that_comes_late_is_not_taken_for_a_conflict() {
    let (server, database, stage) = stage().await;
    let owner = connect(database.url()).await;
    let backends = "FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    wait_for(&owner, &format!("SELECT (count(*) = 0)::int::bigint {backends}")).await;
    let proxy = Proxy::start(&server.url("postgres")).await.unwrap();
    let through = as_application(&proxy.url(database.name()));
    let set = |builder: Builder| builder.deadline(Duration::from_millis(500)).settle_for(PATIENCE);
    let store = stage.host_at(&through, set).unwrap().store;
    store.commit(&change("first@nhs.net").unwrap()).await.unwrap();
    refuse_commits(&owner, 1).await;

    let backend = owner.query_one(&format!("SELECT pid {backends}"), &[]).await.unwrap().get(0);
    let stopped = Stopped::new(backend);
    let change = change("late@nhs.net").unwrap();
    store.commit(&change).await.unwrap();
    drop(stopped);
    let over = format!("SELECT (count(*) = 0)::int::bigint {backends} AND pid = {backend}");
    wait_for(&owner, &over).await;
    assert_eq!(times(&owner, &change).await, once(&change));
}

async fn onboarded(host: &Host, code: &str) -> OrganisationId {
    let nominee = |email: &str| Nominee {
        first_name: "Ann".into(),
        last_name: "Brown".into(),
        email: email.into(),
    };
    let command = Onboard {
        ods_code: code.into(),
        vaccines: vec!["Flu".into()],
        nominees: vec![nominee("ann@nhs.net"), nominee("ben@nhs.net")],
    };
    let desk = host.ravs.regional_desk(&identity_of(LEADS[0].0)).await.unwrap();
    let id = desk.onboard(&command).await.unwrap().organisation;
    host.ravs.enter(&identity_of("ann@nhs.net"), id).await.unwrap();
    id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_that_hangs_is_given_up_in_time_and_takes_nothing_along() {
    let (_server, database, stage) = stage().await;
    let host = impatient(&stage);
    let (hangs, works) = (onboarded(&host, "T001").await, onboarded(&host, "T002").await);
    let desk = host.ravs.regional_desk(&identity_of(LEADS[0].0)).await.unwrap();
    let owner = connect(database.url()).await;
    let lock = "BEGIN; SELECT FROM ravs.organisations WHERE id = '{}' FOR UPDATE";
    owner.batch_execute(&lock.replace("{}", &hangs.to_string())).await.unwrap();

    // more often than there are connections
    for _ in 0..5 {
        let began = Instant::now();
        match desk.deactivate(hangs).await.unwrap_err() {
            Failure::Failed(error) => assert_eq!(*error.kind(), PortErrorKind::Unavailable),
            other => panic!("{other}"),
        }
        let took = began.elapsed();
        assert!(took < Duration::from_secs(5), "{took:?}");
        // reads wait for nobody, nor do other organisations
        assert_eq!(desk.show(hangs).await.unwrap().organisation, hangs);
    }
    desk.deactivate(works).await.unwrap();

    owner.batch_execute("ROLLBACK").await.unwrap();
    let idle = "SELECT (count(*) = 0)::int::bigint FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'";
    wait_for(&owner, idle).await;
    // one of those given up on may have come through meanwhile: which is why it was unclear
    match desk.deactivate(hangs).await {
        Ok(_) => {}
        Err(failure) => assert_eq!(failure.code(), Some(Code::AlreadyDeactivated), "{failure}"),
    }
    assert_whole(&stage, &database).await;
}
