//! The server dies, and processes die, in the middle of everything; nothing acknowledged is lost,
//! nothing is half there.
//!
//! `RAVS_CRASHES` says how many times, 20 unless told otherwise.
#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

use std::path::Path;

use ravs_testserver::postgres::{Database, Durability, Options, Server};
use ravs_trials::ledger::{Extent, Findings, reckon};
use ravs_trials::stage::{Stage, as_application, migrated};
use ravs_trials::workers::Worker;

const WORKERS: u64 = 4;
/// How many changes are acknowledged between two crashes.
const CHANGES: usize = 40;

fn worker() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_worker"))
}

fn crashes() -> u64 {
    let asked = std::env::var("RAVS_CRASHES");
    asked.ok().and_then(|crashes| crashes.parse().ok()).unwrap_or(20)
}

async fn stage() -> (Server, Database, Stage) {
    let server = Server::launch(Options::new(Durability::Full)).unwrap();
    let database = server.database(&migrated()).await.unwrap();
    let stage = Stage::set(&as_application(database.url())).await.unwrap();
    (server, database, stage)
}

/// Everything adds up, and there was something to add up.
async fn assert_whole(stage: &Stage, database: &Database) -> Extent {
    let (findings, extent) = reckon(stage, database.url()).await.unwrap();
    eprintln!("{extent:?}\n{}", stage.ear.told());
    assert_eq!(findings, Findings::default());
    assert!(extent.organisations > 0 && extent.mails > 0 && extent.effects > 0, "{extent:?}");
    extent
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_is_killed_and_nothing_acknowledged_is_lost() {
    let (server, database, stage) = stage().await;
    let workers: Vec<Worker> =
        (0..WORKERS).map(|seed| Worker::load(worker(), &stage, seed).unwrap()).collect();
    for crash in 0..crashes() {
        stage.ear.wait_for_more(CHANGES).await.unwrap_or_else(|why| panic!("{crash}: {why}"));
        tokio::task::block_in_place(|| {
            server.kill().unwrap();
            server.start().unwrap();
        });
    }
    stage.ear.wait_for_more(CHANGES).await.unwrap();
    for worker in workers {
        tokio::task::block_in_place(|| worker.finish()).unwrap();
    }
    let extent = assert_whole(&stage, &database).await;
    let fewest = usize::try_from(crashes()).unwrap() * CHANGES;
    assert!(extent.acknowledged >= fewest, "{extent:?}");
    assert!(!stage.ear.told().failed.is_empty(), "no command met a crash");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_are_killed_and_nothing_is_half_done() {
    let (_server, database, stage) = stage().await;
    let mut workers: Vec<Worker> =
        (0..WORKERS).map(|seed| Worker::load(worker(), &stage, seed).unwrap()).collect();
    for crash in 0..crashes() {
        stage.ear.wait_for_more(CHANGES).await.unwrap_or_else(|why| panic!("{crash}: {why}"));
        // one at the end of its life, one that has just begun, and so on
        let dying = usize::try_from(crash).unwrap() % workers.len();
        let next = Worker::load(worker(), &stage, WORKERS + crash).unwrap();
        let killed = std::mem::replace(&mut workers[dying], next);
        tokio::task::block_in_place(|| killed.kill()).unwrap();
    }
    stage.ear.wait_for_more(CHANGES).await.unwrap();
    for worker in workers {
        tokio::task::block_in_place(|| worker.finish()).unwrap();
    }
    assert_whole(&stage, &database).await;
}
