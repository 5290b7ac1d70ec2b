//! A change set is saved once, by its id, however often it is committed.

use ravs_core::port::Store;
use ravs_core::{Actor, Notice, Stream, command};

use super::whole_history;
use crate::conformance::promise::Promise as _;
use crate::conformance::seed::{Scene, Seed};

/// Committing a change set again is no error, and saves nothing twice.
pub async fn a_change_set_is_saved_once(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::active(&seed, store, "RRV").await.kept();
    let roster = scene.roster(store).await.kept();
    let change = seed.deactivation(&scene.lead, &roster).change;
    store.commit(&change).await.kept();
    let after = scene.roster(store).await.kept();
    let history = whole_history(store, Stream::Organisation(scene.id)).await.kept();
    store.commit(&change).await.kept();
    assert_eq!(scene.organisation(store).await.kept(), after.organisation);
    let again = whole_history(store, Stream::Organisation(scene.id)).await.kept();
    assert_eq!(again, history, "its events were written twice");
}

/// Committing it again once it has been overtaken is no conflict, and takes nothing back.
pub async fn a_repeat_undoes_nothing(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::active(&seed, store, "RRV").await.kept();
    let first = seed.deactivation(&scene.lead, &scene.roster(store).await.kept()).change;
    store.commit(&first).await.kept();
    let second = seed.reactivation(&scene.lead, &scene.roster(store).await.kept());
    store.commit(&second.change).await.kept();
    store.commit(&first).await.kept();
    assert_eq!(scene.organisation(store).await.kept(), second.answer, "the repeat was written");
}

/// A change set made again under an id that is saved is not saved again, whatever it says: so
/// an effect carried out twice notes once that it was dropped.
pub async fn the_id_decides_and_not_the_content(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::invited(&seed, store, "RRV").await.kept();
    let notice = Notice::WelcomeUser { user: scene.ada, organisation: scene.id };
    let key = ravs_core::EffectKey::from_stored("welcome_user.of-the-suite".to_owned());
    let before = whole_history(store, Stream::Organisation(scene.id)).await.kept();
    let mut noted = Vec::new();
    for _ in 0..2 {
        seed.tick();
        let change = command::drop_email(seed.context(Actor::System), &key, &notice);
        store.commit(&change).await.kept();
        noted.push(change.events()[0].clone());
    }
    assert_ne!(noted[0].id, noted[1].id, "the suite's change sets differ");
    let after = whole_history(store, Stream::Organisation(scene.id)).await.kept();
    let new: Vec<_> = after.into_iter().skip(before.len()).map(|entry| entry.event).collect();
    assert_eq!(new, noted[..1], "the email was noted as dropped more than once");
}
