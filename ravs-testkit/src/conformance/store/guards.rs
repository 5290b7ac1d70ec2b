//! Guards: what a decision was made on without changing it still has that version.

use ravs_core::port::Store;

use super::day;
use crate::conformance::promise::Promise as _;
use crate::conformance::seed::{Scene, Seed};

/// An entry is decided on the organisation, and conflicts once that has moved.
pub async fn an_organisation_that_moved_conflicts(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::active(&seed, store, "RRV").await.kept();
    let (ben, place) = scene.place(store, scene.ben).await.kept();
    let entry = seed.entry(&ben, &place).change;
    scene.deactivate(&seed, store).await.kept();
    store.commit(&entry).await.conflicts("the organisation it was decided on has moved");
    let (_, after) = scene.place(store, scene.ben).await.kept();
    assert_eq!(after.membership, place.membership, "the refused entry was written");
}

/// A recording is decided on the clinician's membership, and conflicts once that has moved.
pub async fn a_membership_that_moved_conflicts(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::clinical(&seed, store, "RRV").await.kept();
    let roster = scene.roster(store).await.kept();
    let recording = seed.recording(scene.ada, &roster, &scene.ben_email, day(1)).change;
    scene.enter(&seed, store, scene.ben).await.kept();
    let after = scene.organisation(store).await.kept();
    assert_eq!(after.version(), roster.organisation.version(), "a later entry moves no more");
    store.commit(&recording).await.conflicts("the membership it was decided on has moved");
    assert!(store.records(scene.id, None, 10).await.kept().is_empty());
}

/// What a regional lead does conflicts once their access has moved.
pub async fn a_regional_lead_who_moved_conflicts(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::invited(&seed, store, "RRV").await.kept();
    let before = scene.organisation(store).await.kept();
    let change = seed.vaccines(&scene.lead, &before, &["MMR"]).change;
    store.commit(&seed.stop(&scene.lead).change).await.kept();
    store.commit(&change).await.conflicts("the regional lead it was decided on has moved");
    assert_eq!(scene.organisation(store).await.kept(), before);
}

/// A guard that holds moves nothing.
pub async fn a_guard_is_no_write(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::clinical(&seed, store, "RRV").await.kept();
    let before = scene.roster(store).await.kept();
    for on in [1, 2] {
        let change = seed.recording(scene.ada, &before, &scene.ben_email, day(on)).change;
        assert!(change.guards().len() >= 3, "a recording guards what it was decided on");
        store.commit(&change).await.kept();
    }
    let after = scene.roster(store).await.kept();
    assert_eq!(after.organisation, before.organisation);
    for user in [scene.ada, scene.ben] {
        assert_eq!(after.by_user(user), before.by_user(user));
    }
}
