//! A process is killed at its work, again and again, on one and the same file.

use chrono::TimeDelta;
use ravs_adapters_sqlite::SqliteStore;
use ravs_testkit::World;
use tokio::runtime::Builder;

use crate::child::{Process, Role};
use crate::evidence::Evidence;
use crate::load;

/// How often it is killed.
const KILLS: u64 = 24;

/// Whatever was acknowledged is there, and nothing is there by half; what is left to do is done
/// in the end.
pub(crate) fn what_was_acknowledged_outlasts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ravs.db");
    let mut evidence = Evidence::default();
    for generation in 0..KILLS {
        let mut process = Process::start(Role::Work { generation }, &path);
        assert_eq!(process.line().unwrap(), "open");
        let lines = 150 + generation * 37 % 90; // somewhere in the middle of it, never at one place
        let mut is_saving = false;
        for number in 0.. {
            if number >= lines && is_saving {
                break; // a commit is under way
            }
            is_saving = evidence.hear(&process.line().unwrap());
        }
        evidence.hear_last_words(&process.kill());
        let store = SqliteStore::open(&path).unwrap();
        evidence.compare(&store, &path);
    }
    evidence.assert_telling(KILLS);
    let store = SqliteStore::open(&path).unwrap();
    carry_out_what_is_left(&store, &load::world(KILLS));
    evidence.assert_nothing_waits(&path);
}

fn carry_out_what_is_left(store: &SqliteStore, world: &World) {
    let ravs = load::quiet_service(store, world, KILLS);
    let runtime = Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        for _ in 0..100 {
            world.clock.advance(TimeDelta::days(365)); // every lease of the killed has ended
            ravs.housekeeping().deliver(1000).await.unwrap();
        }
    });
}
