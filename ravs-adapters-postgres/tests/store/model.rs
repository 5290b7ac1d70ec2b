//! The services on PostgreSQL against the model (see `ravs_testkit::model`), also with commits
//! that fail before, within and after.
//!
//! `RAVS_MODEL_CASES` says how many sequences.
#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::{Fresh, MIGRATED};
use crate::watched::Watched;
use chrono::DateTime;
use ravs_adapters_postgres::StatementMode;
use ravs_core::command::AddRegionalLead;
use ravs_core::{Ports, Ravs, Region, Settings};
use ravs_testkit::World;
use ravs_testkit::faulty::{FaultPoint, FaultyStore};
use ravs_testkit::model::{Check, Dropped, StoreUnderTest as _, cases, check};
use ravs_testkit::strategies::commands::Faults;
use tokio::runtime::{Builder, Runtime};

/// So many commits that were dropped on the way cannot all have come to the same by chance.
const TELLING: usize = 200;

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// A store that sends its statements like this. Where they are unnamed, a commit waits for its
/// beginning and for all the rest, and for no preparations.
async fn sending(mode: StatementMode) -> Watched {
    Watched::of(Fresh::with(&MIGRATED, |builder| builder.statements(mode)).await)
}

// R-L3, R-L5, R-L6, R-V3, R-O4, R-R2, R-U9, R-U7, R-H1, R-N4, and every answer of every command.
#[test]
fn the_services_do_what_the_rulebook_says() {
    let regressions = concat!(env!("CARGO_MANIFEST_DIR"), "/proptest-regressions/model.txt");
    let how = Check { cases: cases(20), regressions: Some(regressions), faults: Faults::None };
    check(&runtime(), &how, async || Watched::of(Fresh::new().await));
}

// R-N4: a commit happens or it does not, and nothing is lost where its outcome is unclear.
#[test]
fn a_commit_that_fails_is_done_or_not_done() {
    let regressions = concat!(env!("CARGO_MANIFEST_DIR"), "/proptest-regressions/faults.txt");
    let how = Check { cases: cases(20), regressions: Some(regressions), faults: Faults::Injected };
    let modes = [StatementMode::Unnamed, StatementMode::Prepared];
    let stores = AtomicUsize::new(0);
    let dropped = check(&runtime(), &how, async || {
        sending(modes[stores.fetch_add(1, Ordering::Relaxed) % modes.len()]).await
    });
    eprintln!("on the way: {dropped:?}");
    let Dropped { done, not_done } = dropped;
    assert!(done + not_done < TELLING || (done > 0 && not_done > 0), "{dropped:?}");
}

// What the model's faults are worth here: a commit that is dropped on the way has left nothing or
// everything, and there are both.
#[test]
fn a_commit_that_is_dropped_on_the_way_has_left_nothing_or_everything() {
    runtime().block_on(async {
        let dropped = drop_commits(&sending(StatementMode::Unnamed).await, 72).await;
        eprintln!("{dropped:?}");
        assert!(dropped.done > 0 && dropped.not_done > 0, "{dropped:?}");
    });
}

/// Has regional leads added by commits that are dropped on the way.
async fn drop_commits(under_test: &Watched, times: usize) -> Dropped {
    let world = World::at(DateTime::UNIX_EPOCH);
    let faulty = FaultyStore::new(under_test.store());
    let ports =
        Ports { store: Arc::new(faulty.clone()), queue: under_test.queue(), ..world.ports() };
    let mailbox = (Region::London, "rvoc@nhs.net".parse().unwrap());
    let rvoc_mailboxes = [mailbox].into_iter().collect();
    let ravs = Ravs::new(ports, Settings { rvoc_mailboxes, ..Settings::default() });
    let mut dropped = Dropped::default();
    for number in 0..times {
        let command = AddRegionalLead {
            region: Region::London,
            requested_from: "rvoc@nhs.net".into(),
            first_name: "Rae".into(),
            last_name: "Lead".into(),
            email: format!("rae{number}@nhs.net"),
        };
        let effects = under_test.effects().await.len();
        faulty.arm(FaultPoint::Within, 0);
        ravs.support_desk().add_regional_lead(&command).await.unwrap_err();
        for change in faulty.take_dropped() {
            let is_done = under_test.is_committed(change).await;
            let email = command.email.parse().unwrap();
            let users = under_test.store().users_by_email(&[email]).await.unwrap();
            assert_eq!(users.len(), usize::from(is_done), "{command:?}");
            let queued = under_test.effects().await.len() - effects;
            assert_eq!(queued, if is_done { 2 } else { 0 }, "{command:?}");
            if is_done { dropped.done += 1 } else { dropped.not_done += 1 }
        }
    }
    dropped
}
