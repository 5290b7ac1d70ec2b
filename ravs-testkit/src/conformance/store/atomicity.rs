//! A change set is saved together or not at all.

use std::pin::pin;
use std::task::Poll;

use ravs_core::command::Found;
use ravs_core::port::Store;
use ravs_core::{Region, Stream};

use super::{day, email, first_page, whole_history};
use crate::conformance::promise::{Promise as _, There as _};
use crate::conformance::seed::{Scene, Seed, body};

/// Nothing is left of an onboarding one of whose nominees is somebody else's address.
pub async fn a_conflict_leaves_nothing(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::invited(&seed, store, "RRV").await.kept();
    let nominees = ["new@nhs.net", scene.ben_email.as_str()];
    let refused = seed.onboarding(&scene.lead, &body("RCF", "Half"), nominees);
    store.commit(&refused.change).await.conflicts("a nominee's address is somebody's");
    let id = refused.answer.id();
    assert!(store.organisation(id).await.kept().is_none(), "the organisation was written");
    assert!(store.roster(id).await.kept().is_none());
    assert!(store.unclosed_organisation(&super::code("RCF")).await.kept().is_none());
    let page = first_page(store, scene.lead.region(), seed.now()).await.kept();
    assert!(page.iter().all(|listed| listed.id() != id), "the organisation is listed");
    let found = store.users_by_email(&[email("new@nhs.net")]).await.kept();
    assert!(found.is_empty(), "a user was written");
    for write in refused.change.memberships() {
        let (user, at) = (write.state.user(), write.state.organisation());
        assert!(store.standing(user, at).await.kept().is_none(), "a membership was written");
        assert!(store.places(user).await.kept().is_empty(), "a membership was written");
    }
    for event in refused.change.events() {
        let history = whole_history(store, event.stream).await.kept();
        assert!(history.is_empty(), "an event was written");
    }
}

/// A conflict in what comes last undoes what comes first: a closing is not written down without
/// the onboarding it came with.
pub async fn a_conflict_leaves_what_was_there(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::active(&seed, store, "RRV").await.kept();
    let closing = scene.deactivate(&seed, store).await.kept().state().closing();
    seed.clock.set(closing.there("the closing").instant());
    let before = scene.roster(store).await.kept();
    let history = whole_history(store, Stream::Organisation(scene.id)).await.kept();
    let (body, unclosed) = (Some(body("RRV", "Again")), Some(before.clone()));
    let found = Found { body, unclosed, known: Vec::new() };
    let nominees = ["new@nhs.net", scene.ben_email.as_str()].map(Seed::nominee);
    let refused = seed.onboarding_of(&scene.lead, &found, nominees.into()).change;
    store.commit(&refused).await.conflicts("a nominee's address is somebody's");
    assert_eq!(scene.organisation(store).await.kept(), before.organisation);
    let after = whole_history(store, Stream::Organisation(scene.id)).await.kept();
    assert_eq!(after, history, "the history tells what was refused");
    let due = store.due_closings(seed.now(), 10).await.kept();
    assert_eq!(due, [scene.id], "its closing is no longer due");
    let holder = store.unclosed_organisation(&super::code("RRV")).await.kept();
    assert_eq!(holder.there("the organisation that holds the code").id(), scene.id);
}

/// A guard that does not hold leaves neither the record nor its event.
pub async fn a_guard_that_fails_leaves_nothing(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::clinical(&seed, store, "RRV").await.kept();
    let roster = scene.roster(store).await.kept();
    let refused = seed.recording(scene.ada, &roster, &scene.ben_email, day(1));
    scene.enter(&seed, store, scene.ben).await.kept();
    let history = whole_history(store, Stream::Organisation(scene.id)).await.kept();
    store.commit(&refused.change).await.conflicts("the clinician's membership has moved");
    assert!(store.record(scene.id, refused.answer.id()).await.kept().is_none());
    let after = whole_history(store, Stream::Organisation(scene.id)).await.kept();
    assert_eq!(after, history, "the history tells what was refused");
}

/// A change set that was refused is not remembered as saved: once nothing stands against it, it
/// is saved.
pub async fn what_was_refused_can_be_committed_later(store: &dyn Store) {
    let seed = Seed::new();
    let lead = seed.regional_lead(Region::London, "rae@nhs.net");
    store.commit(&lead.change).await.kept();
    let nominees = ["a@nhs.net", "b@nhs.net"];
    let onboarded = seed.onboarding(&lead.answer, &body("RRV", "Later"), nominees);
    let vaccines = seed.vaccines(&lead.answer, &onboarded.answer, &["MMR"]);
    store.commit(&vaccines.change).await.conflicts("that organisation is not stored yet");
    store.commit(&onboarded.change).await.kept();
    store.commit(&vaccines.change).await.kept();
    let stored = store.organisation(onboarded.answer.id()).await.kept();
    assert_eq!(stored.there("the organisation"), vaccines.answer.organisation);
}

/// A commit whose future is dropped is done or not done, never half; repeating it settles which.
pub async fn a_dropped_commit_is_whole_or_nothing(store: &dyn Store) {
    let seed = Seed::new();
    let lead = seed.regional_lead(Region::London, "rae@nhs.net");
    store.commit(&lead.change).await.kept();
    for polls in 0..12 {
        let nominees = ["a", "b"].map(|name| format!("{name}.{polls}@nhs.net"));
        let body = body(&format!("ABC{polls}"), "Dropped");
        let onboarded = seed.onboarding(&lead.answer, &body, [&nominees[0], &nominees[1]]);
        dropped_after(polls, store.commit(&onboarded.change)).await;
        let (id, stream) = (onboarded.answer.id(), Stream::Organisation(onboarded.answer.id()));
        if let Some(roster) = store.roster(id).await.kept() {
            let history = whole_history(store, stream).await.kept();
            assert_eq!(roster.organisation, onboarded.answer);
            assert_eq!(roster.members.len(), 2, "half of it is there");
            assert_eq!(history.len(), 3, "half of it is there");
        }
        store.commit(&onboarded.change).await.kept();
        let roster = store.roster(id).await.kept().there("what was committed again");
        assert_eq!(roster.organisation, onboarded.answer);
        assert_eq!(roster.members.len(), 2);
        assert_eq!(whole_history(store, stream).await.kept().len(), 3, "invited, and two added");
    }
}

/// Polls a future so many times, letting others run in between, and drops it.
async fn dropped_after(polls: usize, future: impl Future) {
    let mut future = pin!(future);
    for _ in 0..polls {
        let done = std::future::poll_fn(|task| Poll::Ready(future.as_mut().poll(task).is_ready()));
        if done.await {
            return;
        }
        tokio::task::yield_now().await;
    }
}
