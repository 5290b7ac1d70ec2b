//! Optimistic versions: what has moved since it was read is not written over.

use ravs_core::port::Store;
use ravs_core::{Place, Region, Subject};

use super::day;
use crate::conformance::promise::{Promise as _, There as _};
use crate::conformance::seed::{Scene, Seed, body, read};

/// What is read has the version that was committed, which grows with each change.
pub async fn a_version_is_the_one_that_was_committed(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::invited(&seed, store, "RRV").await.kept();
    let before = scene.organisation(store).await.kept();
    let change = seed.vaccines(&scene.lead, &before, &["MMR"]).change;
    store.commit(&change).await.kept();
    let after = store.organisation(scene.id).await.kept().there("the organisation");
    assert_eq!(after.version(), before.version().next());
    let (_, place) = scene.place(store, scene.ada).await.kept();
    assert_eq!(place.membership.version().number(), 1, "a membership nobody has changed");
}

/// Of two changes of an organisation decided on one version, the second is a conflict.
pub async fn a_stale_organisation_conflicts(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::invited(&seed, store, "RRV").await.kept();
    let before = scene.organisation(store).await.kept();
    let first = seed.vaccines(&scene.lead, &before, &["MMR"]).change;
    let second = seed.vaccines(&scene.lead, &before, &["MenB"]).change;
    store.commit(&first).await.kept();
    store.commit(&second).await.conflicts("the organisation has moved");
    let after = scene.organisation(store).await.kept();
    assert!(after.vaccines().contains(&read("MMR")), "the first change is gone");
    assert!(!after.vaccines().contains(&read("MenB")), "the refused change was written");
}

/// Of two entries of a member decided on one version, the second is a conflict, although neither
/// moves the organisation.
pub async fn a_stale_membership_conflicts(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::active(&seed, store, "RRV").await.kept();
    let (ben, place) = scene.place(store, scene.ben).await.kept();
    let [first, second] = [(); 2].map(|()| {
        seed.tick();
        seed.entry(&ben, &place).change
    });
    store.commit(&first).await.kept();
    store.commit(&second).await.conflicts("the membership has moved");
    let (_, after) = scene.place(store, scene.ben).await.kept();
    assert_eq!(after.membership, first.memberships()[0].state, "the second entry was written");
}

/// Of two links of a user decided on one version, the second is a conflict.
pub async fn a_stale_user_conflicts(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::invited(&seed, store, "RRV").await.kept();
    let (ada, _) = scene.place(store, scene.ada).await.kept();
    let subject = |text| Subject::new(text).ok().there("a subject of the suite's own");
    store.commit(&seed.link(&ada, &subject("one")).change).await.kept();
    let second = seed.link(&ada, &subject("two")).change;
    store.commit(&second).await.conflicts("the user has moved");
    assert!(store.user_by_subject(&subject("two")).await.kept().is_none());
    assert_eq!(store.users(&[scene.ada]).await.kept()[0].subject(), Some(&subject("one")));
}

/// Of two stops of a regional lead decided on one version, the second is a conflict.
pub async fn a_stale_regional_lead_conflicts(store: &dyn Store) {
    let seed = Seed::new();
    let lead = seed.regional_lead(Region::London, "rae@nhs.net");
    store.commit(&lead.change).await.kept();
    let [first, second] = [(); 2].map(|()| seed.stop(&lead.answer).change);
    store.commit(&first).await.kept();
    store.commit(&second).await.conflicts("the regional lead has moved");
}

/// Of two edits of a record decided on one revision, the second is a conflict.
pub async fn a_stale_record_conflicts(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::clinical(&seed, store, "RRV").await.kept();
    let roster = scene.roster(store).await.kept();
    let made = seed.recording(scene.ada, &roster, &scene.ada_email, day(1));
    store.commit(&made.change).await.kept();
    let [first, second] = [2, 3].map(|to| seed.edit(scene.ada, &roster, &made.answer, day(to)));
    store.commit(&first.change).await.kept();
    store.commit(&second.change).await.conflicts("the record has a newer revision");
    let after = store.record(scene.id, made.answer.id()).await.kept().there("the record");
    assert_eq!(after, first.answer, "the refused edit was written");
}

/// A state that has come back is not the version it was.
pub async fn a_state_that_came_back_is_another_version(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::active(&seed, store, "RRV").await.kept();
    let before = scene.roster(store).await.kept();
    let stale = seed.deactivation(&scene.lead, &before).change;
    scene.deactivate(&seed, store).await.kept();
    let change = seed.reactivation(&scene.lead, &scene.roster(store).await.kept()).change;
    store.commit(&change).await.kept();
    store.commit(&stale).await.conflicts("it was deactivated and reactivated in between");
}

/// A new organisation under an id that is taken is a conflict.
pub async fn a_new_organisation_that_exists_conflicts(store: &dyn Store) {
    let seed = Seed::new();
    let lead = seed.regional_lead(Region::London, "rae@nhs.net");
    store.commit(&lead.change).await.kept();
    let twin = seed.twin();
    let nominees = [["a@nhs.net", "b@nhs.net"], ["c@nhs.net", "d@nhs.net"]];
    let first = seed.onboarding(&lead.answer, &body("RRV", "First"), nominees[0]);
    let second = twin.onboarding(&lead.answer, &body("RCF", "Second"), nominees[1]);
    assert_eq!(first.answer.id(), second.answer.id(), "twins give the same ids");
    assert_ne!(first.change.id(), second.change.id(), "twins decide different change sets");
    store.commit(&first.change).await.kept();
    store.commit(&second.change).await.conflicts("that organisation exists");
    let stored = store.organisation(first.answer.id()).await.kept().there("the organisation");
    assert_eq!(stored.name(), "First");
}

/// A new regional lead who is one already is a conflict.
pub async fn a_new_regional_lead_who_exists_conflicts(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::invited(&seed, store, "RRV").await.kept();
    let (ada, _) = scene.place(store, scene.ada).await.kept();
    let first = seed.regional_lead_again(Region::London, &ada, None);
    let second = seed.regional_lead_again(Region::SouthWest, &ada, None);
    store.commit(&first.change).await.kept();
    store.commit(&second.change).await.conflicts("this user is a regional lead");
    let stored = store.regional_lead(scene.ada).await.kept().there("the regional lead");
    assert_eq!(stored.region(), Region::London);
}

/// A new record under an id that is taken is a conflict.
pub async fn a_new_record_that_exists_conflicts(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::clinical(&seed, store, "RRV").await.kept();
    let (roster, twin) = (scene.roster(store).await.kept(), seed.twin());
    let first = seed.recording(scene.ada, &roster, &scene.ada_email, day(1));
    let second = twin.recording(scene.ada, &roster, &scene.ada_email, day(2));
    assert_eq!(first.answer.id(), second.answer.id(), "twins give the same ids");
    store.commit(&first.change).await.kept();
    store.commit(&second.change).await.conflicts("that record exists");
}

/// A change of something that was never committed is a conflict.
pub async fn a_change_of_something_unknown_conflicts(store: &dyn Store) {
    let seed = Seed::new();
    let lead = seed.regional_lead(Region::London, "rae@nhs.net");
    store.commit(&lead.change).await.kept();
    let nominees = ["a@nhs.net", "b@nhs.net"];
    let onboarded = seed.onboarding(&lead.answer, &body("RRV", "Never"), nominees);
    let unknown = onboarded.answer;
    let change = seed.vaccines(&lead.answer, &unknown, &["MMR"]).change;
    store.commit(&change).await.conflicts("that organisation is not stored");
    let (user, membership) =
        (&onboarded.change.users()[0].state, &onboarded.change.memberships()[0].state);
    let place = Place { organisation: unknown.clone(), membership: membership.clone() };
    let change = seed.entry(user, &place).change;
    store.commit(&change).await.conflicts("that membership is not stored");
    assert!(store.organisation(unknown.id()).await.kept().is_none());
}
