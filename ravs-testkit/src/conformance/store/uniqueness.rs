//! What there is one of: an organisation for a code, a user for an address and for a subject.

use ravs_core::command::Found;
use ravs_core::port::Store;
use ravs_core::{Region, Subject};

use crate::conformance::promise::{Promise as _, There as _};
use crate::conformance::seed::{Scene, Seed, body};

const NOMINEES: [&str; 2] = ["new.a@nhs.net", "new.b@nhs.net"];

/// A code that an Invited, Active or Deactivated organisation holds is taken, in every region.
pub async fn a_code_has_one_organisation_that_is_not_closed(store: &dyn Store) {
    let seed = Seed::new();
    let elsewhere = seed.regional_lead(Region::SouthWest, "sam@nhs.net");
    store.commit(&elsewhere.change).await.kept();
    let rival = || seed.onboarding(&elsewhere.answer, &body("RRV", "Rival"), NOMINEES).change;
    let scene = Scene::invited(&seed, store, "RRV").await.kept();
    store.commit(&rival()).await.conflicts("an Invited organisation holds the code");
    scene.enter(&seed, store, scene.ada).await.kept();
    store.commit(&rival()).await.conflicts("an Active organisation holds the code");
    scene.deactivate(&seed, store).await.kept();
    store.commit(&rival()).await.conflicts("a Deactivated organisation holds the code");
    let holder = store.unclosed_organisation(&super::code("RRV")).await.kept();
    assert_eq!(holder.there("the organisation that holds the code").id(), scene.id);
}

/// The store does not judge closings: the code stays taken until one is written down.
pub async fn a_closing_that_has_come_frees_no_code(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::active(&seed, store, "RRV").await.kept();
    let closing = scene.deactivate(&seed, store).await.kept().state().closing();
    seed.clock.set(closing.there("the closing").instant());
    let change = seed.onboarding(&scene.lead, &body("RRV", "Again"), NOMINEES).change;
    store.commit(&change).await.conflicts("what is stored as Deactivated holds the code");
}

/// One commit writes a closing down and gives the code to the next organisation.
pub async fn a_closing_and_its_successor_go_together(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::active(&seed, store, "RRV").await.kept();
    let closing = scene.deactivate(&seed, store).await.kept().state().closing();
    seed.clock.set(closing.there("the closing").instant());
    let unclosed = Some(scene.roster(store).await.kept());
    let found = Found { body: Some(body("RRV", "Again")), unclosed, known: Vec::new() };
    let next = seed.onboarding_of(&scene.lead, &found, NOMINEES.map(Seed::nominee).into());
    store.commit(&next.change).await.kept();
    let holder = store.unclosed_organisation(&super::code("RRV")).await.kept();
    assert_eq!(holder.there("the new organisation").id(), next.answer.id());
    let old = store.organisation(scene.id).await.kept().there("the old organisation");
    assert_eq!(old, next.change.organisations()[0].state);
}

/// A withdrawn invitation frees its code at once; both organisations stay.
pub async fn a_withdrawn_invitation_frees_its_code(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::invited(&seed, store, "RRV").await.kept();
    let change = seed.withdrawal(&scene.lead, &scene.roster(store).await.kept()).change;
    store.commit(&change).await.kept();
    assert!(store.unclosed_organisation(&super::code("RRV")).await.kept().is_none());
    let next = seed.onboarding(&scene.lead, &body("RRV", "Again"), NOMINEES);
    store.commit(&next.change).await.kept();
    let holder = store.unclosed_organisation(&super::code("RRV")).await.kept();
    assert_eq!(holder.there("the new organisation").id(), next.answer.id());
    assert!(store.organisation(scene.id).await.kept().is_some(), "the old one is gone");
}

/// An address has one user, however it is spelled.
pub async fn an_address_has_one_user(store: &dyn Store) {
    let seed = Seed::new();
    let first = seed.regional_lead(Region::London, "Rae.Lead@nhs.net");
    store.commit(&first.change).await.kept();
    for spelled in ["Rae.Lead@nhs.net", "rae.lead@NHS.NET"] {
        let second = seed.regional_lead(Region::London, spelled).change;
        store.commit(&second).await.conflicts("the address is somebody's");
    }
    let found = store.users_by_email(&[super::email("rae.lead@nhs.net")]).await.kept();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].id(), first.answer.user());
}

/// A subject has one user, and is not folded: another spelling is another subject.
pub async fn a_subject_has_one_user(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::invited(&seed, store, "RRV").await.kept();
    let (ada, _) = scene.place(store, scene.ada).await.kept();
    let (ben, _) = scene.place(store, scene.ben).await.kept();
    let subject = |text| Subject::new(text).ok().there("a subject of the suite's own");
    store.commit(&seed.link(&ada, &subject("00uAbc")).change).await.kept();
    let taken = seed.link(&ben, &subject("00uAbc")).change;
    store.commit(&taken).await.conflicts("the subject is somebody's");
    store.commit(&seed.link(&ben, &subject("00uabc")).change).await.kept();
    for (text, user) in [("00uAbc", scene.ada), ("00uabc", scene.ben)] {
        let found = store.user_by_subject(&subject(text)).await.kept().there("the user");
        assert_eq!(found.id(), user, "who is `{text}`?");
    }
}
