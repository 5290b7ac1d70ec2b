//! Commits that the disk does not take.

use ravs_core::Region;
use ravs_core::port::{PortError, Store as _};
use ravs_testkit::conformance::seed::{Scene, Seed, body};
use rusqlite::Connection;
use tokio::runtime::Builder;

use crate::error::failed;
use crate::{Options, SqliteStore};

/// Sets how many pages the file may have.
async fn allow(store: &SqliteStore, pages: u32) {
    let allow = move |connection: &mut Connection| {
        connection
            .pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))
            .map_err(failed)
    };
    store.shared.writer.run(allow).await.unwrap();
}

#[test]
fn a_full_disk_is_unavailable_and_leaves_nothing_by_half() {
    let folder = tempfile::tempdir().unwrap();
    let store = Options::new().open(folder.path().join("ravs.db")).unwrap();
    let runtime = Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let seed = Seed::new();
        let scene = Scene::invited(&seed, &store, "RRV").await.unwrap();
        allow(&store, 1).await; // no more than there are
        let (refused, error) = until_refused(&seed, &scene, &store).await;
        assert_eq!(error.to_string(), "unavailable: the disk is full");
        let id = refused.organisations()[0].state.id();
        assert!(store.roster(id).await.unwrap().is_none());
        for write in refused.users() {
            assert!(store.users(&[write.state.id()]).await.unwrap().is_empty());
        }
        allow(&store, 1_000_000).await;
        store.commit(&refused).await.unwrap();
        assert_eq!(store.roster(id).await.unwrap().unwrap().members.len(), 2);
    });
}

/// Onboards one body after the other until the disk is full.
async fn until_refused(
    seed: &Seed,
    scene: &Scene,
    store: &SqliteStore,
) -> (ravs_core::ChangeSet, PortError) {
    for number in 0..200 {
        let body = body(&format!("ABC{number:03}"), &"Long Name ".repeat(200));
        let nominees = ["a", "b"].map(|name| format!("{name}{number}@nhs.net"));
        let change = seed.onboarding(&scene.lead, &body, [&nominees[0], &nominees[1]]).change;
        if let Err(error) = store.commit(&change).await {
            return (change, error);
        }
    }
    panic!("the disk is never full")
}

#[test]
fn a_panic_of_the_writer_is_unavailable_and_the_next_commit_goes_through() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("ravs.db")).unwrap();
    let runtime = Builder::new_current_thread().build().unwrap();
    let lead = Seed::new().regional_lead(Region::London, "rae@nhs.net").change;
    let change = lead.clone();
    let panicked = store.shared.writer.run(move |connection| {
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        assert!(super::is_new(connection, change.id())?, "panics on purpose");
        assert!(super::is_new(connection, change.id())?, "panics on purpose");
        Ok(())
    });
    assert!(runtime.block_on(panicked).unwrap_err().is_retryable());
    runtime.block_on(store.commit(&lead)).unwrap();
    let stored = runtime.block_on(store.regional_lead(lead.regional_leads()[0].state.user()));
    assert!(stored.unwrap().is_some());
}
