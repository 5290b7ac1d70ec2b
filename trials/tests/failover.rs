//! A primary dies under load and its standby takes over: processes go on by themselves, and with
//! synchronous replication nothing acknowledged is lost.
#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

use std::path::Path;
use std::time::{Duration, Instant};

use ravs_testserver::postgres::{Durability, Options, Replication, Server, Standby};
use ravs_trials::ledger::{Findings, reckon};
use ravs_trials::stage::{Stage, as_application, migrated};
use ravs_trials::workers::Worker;

const WORKERS: u64 = 4;
/// How many changes are acknowledged before, and after.
const CHANGES: usize = 150;

struct Pair {
    primary: Server,
    standby: Standby,
    /// The database on whichever is the primary, as its owner.
    owner: String,
    stage: Stage,
    workers: Vec<Worker>,
}

impl Pair {
    /// A primary and a standby under load.
    async fn under_load(replication: Replication) -> Self {
        let primary = Server::launch(Options::new(Durability::Full)).unwrap();
        let database = primary.database(&migrated()).await.unwrap();
        let standby = primary.standby(replication).await.unwrap();
        let owner = standby.failover_url(database.name());
        let stage = Stage::set(&as_application(&owner)).await.unwrap();
        let worker = Path::new(env!("CARGO_BIN_EXE_worker"));
        let workers =
            (0..WORKERS).map(|seed| Worker::load(worker, &stage, seed).unwrap()).collect();
        stage.ear.wait_for_more(CHANGES).await.unwrap();
        Self { primary, standby, owner, stage, workers }
    }

    /// The primary dies, and the standby takes over. Gives how long nothing was acknowledged,
    /// and what is found in the end.
    async fn fail_over(self) -> (Duration, Findings) {
        let Self { primary, standby, owner, stage, workers } = self;
        tokio::task::block_in_place(|| primary.kill().unwrap());
        let died = Instant::now();
        let promoted = standby.promote().await.unwrap();
        let took_over = died.elapsed();
        stage.ear.wait_for_more(CHANGES).await.unwrap();
        for worker in workers {
            tokio::task::block_in_place(|| worker.finish()).unwrap();
        }
        assert!(promoted.is_running().unwrap() && !primary.is_running().unwrap());
        let (findings, extent) = reckon(&stage, &owner).await.unwrap();
        let told = stage.ear.told();
        let gap = told.longest_gap();
        eprintln!("{extent:?}\n{told}\npromoted in {took_over:?}, {gap:?} without acknowledgement");
        assert!(!told.failed.is_empty(), "nobody met the fail-over");
        (gap, findings)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_synchronous_replication_nothing_acknowledged_is_lost() {
    let pair = Pair::under_load(Replication::Synchronous).await;
    let (gap, findings) = pair.fail_over().await;
    assert_eq!(findings, Findings::default());
    assert!(gap < Duration::from_secs(20), "{gap:?}");
}

// What the other test would say if replication promised less: so it can fail.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_asynchronous_replication_losses_are_seen() {
    let pair = Pair::under_load(Replication::Asynchronous).await;
    // The standby is away while more is acknowledged, and comes back when the primary is gone.
    tokio::task::block_in_place(|| pair.standby.server().kill().unwrap());
    pair.stage.ear.wait_for_more(CHANGES).await.unwrap();
    tokio::task::block_in_place(|| {
        pair.primary.kill().unwrap();
        pair.standby.server().start().unwrap();
    });
    let (_, findings) = pair.fail_over().await;
    eprintln!("{} change sets lost", findings.lost.len());
    // of those heard since, a few were acknowledged before the standby went
    assert!(findings.lost.len() > CHANGES / 2, "{findings:?}");
}
