//! Histories: what happened, in the order in which it happened.

use chrono::TimeDelta;
use ravs_core::port::{HistoryPosition, Store};
use ravs_core::{Event, OrganisationId, OrganisationReplay, Stream, UserId};
use uuid::Uuid;

use super::{day, whole_history};
use crate::conformance::promise::{Promise as _, There as _};
use crate::conformance::seed::{Scene, Seed};

/// The events of several commits come in the order of the commits, and those of one in the order
/// they have in it, at positions that grow.
pub async fn events_come_in_the_order_of_commits(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::active(&seed, store, "RRV").await.kept();
    let stream = Stream::Organisation(scene.id);
    let mut expected: Vec<Event> = events(&whole_history(store, stream).await.kept());
    for names in [["MMR"], ["MenB"], ["Pertussis"]] {
        let organisation = scene.organisation(store).await.kept();
        let change = seed.vaccines(&scene.lead, &organisation, &names).change;
        store.commit(&change).await.kept();
        expected.extend(change.events().iter().cloned());
    }
    let history = whole_history(store, stream).await.kept();
    assert_eq!(events(&history), expected);
    assert!(history.is_sorted_by(|a, b| a.position < b.position), "positions grow");
    let onboarded: Vec<&str> = expected.iter().take(5).map(|event| event.what.name()).collect();
    let told = ["organisation_invited", "member_added", "member_added", "member_entered"];
    assert_eq!(onboarded[..4], told, "an onboarding's events in their order, then the entry's");
    assert_eq!(onboarded[4], "organisation_activated");
}

/// The order is that of the commits, not of the clocks that they were decided by.
pub async fn a_clock_that_ran_backwards_changes_no_order(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::invited(&seed, store, "RRV").await.kept();
    let (ada, _) = scene.place(store, scene.ada).await.kept();
    let stream = Stream::Person(scene.ada);
    let before = whole_history(store, stream).await.kept().len();
    let mut expected = Vec::new();
    for back in [0, 5, 2, 2, 9] {
        let now = seed.now();
        seed.clock.advance(TimeDelta::seconds(-back));
        let change = seed.activation_email(&ada).change;
        store.commit(&change).await.kept();
        expected.extend(change.events().iter().cloned());
        seed.clock.set(now);
    }
    let history = whole_history(store, stream).await.kept();
    assert_eq!(events(&history[before..]), expected);
}

/// A history can be read in pieces of any size, each from where the last one ended.
pub async fn a_history_is_read_in_pieces(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::clinical(&seed, store, "RRV").await.kept();
    let stream = Stream::Organisation(scene.id);
    let whole = whole_history(store, stream).await.kept();
    assert!(whole.len() >= 7, "two added, entered, activated, two changed");
    for limit in 1..=whole.len() {
        let (mut read, mut after) = (Vec::new(), None);
        loop {
            let piece = store.history(stream, after, limit).await.kept();
            assert!(piece.len() <= limit, "{} events where {limit} were asked for", piece.len());
            let Some(last) = piece.last() else { break };
            after = Some(last.position);
            read.extend(piece);
            assert!(read.len() <= whole.len(), "a history in pieces of {limit} does not end");
        }
        assert_eq!(read, whole, "in pieces of {limit}");
    }
}

/// A position stays an event's for ever, and after the last there is nothing.
pub async fn a_position_stays(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::active(&seed, store, "RRV").await.kept();
    let stream = Stream::Organisation(scene.id);
    let before = whole_history(store, stream).await.kept();
    let last = before.last().there("an event").position;
    assert!(store.history(stream, Some(last), 10).await.kept().is_empty());
    scene.deactivate(&seed, store).await.kept();
    let new = store.history(stream, Some(last), 10).await.kept();
    assert_eq!(new.len(), 1, "only what came since");
    let after = whole_history(store, stream).await.kept();
    assert_eq!(after[..before.len()], before);
    assert_eq!(after[before.len()..], new);
    let end = Some(HistoryPosition(u64::MAX >> 1));
    assert!(store.history(stream, end, 10).await.kept().is_empty());
}

/// Each organisation and each person has a history of their own; what is unknown has none.
pub async fn histories_are_apart(store: &dyn Store) {
    let seed = Seed::new();
    let scenes = [
        Scene::active(&seed, store, "AAA").await.kept(),
        Scene::active(&seed, store, "BBB").await.kept(),
    ];
    for scene in &scenes {
        let streams = [
            Stream::Organisation(scene.id),
            Stream::Person(scene.ada),
            Stream::Person(scene.lead.user()),
        ];
        for stream in streams {
            let history = whole_history(store, stream).await.kept();
            assert!(!history.is_empty(), "{stream:?} has no history");
            assert!(history.iter().all(|entry| entry.event.stream == stream));
        }
    }
    let nobody = Uuid::from_u128(404);
    for stream in [
        Stream::Organisation(OrganisationId::from_uuid(nobody)),
        Stream::Person(UserId::from_uuid(nobody)),
        Stream::Person(UserId::from_uuid(*scenes[0].id.as_uuid())),
    ] {
        assert!(whole_history(store, stream).await.kept().is_empty(), "{stream:?}");
    }
}

/// Replaying an organisation's history gives what is stored of it (R-H1).
pub async fn a_history_replays_to_what_is_stored(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::clinical(&seed, store, "RRV").await.kept();
    let roster = scene.roster(store).await.kept();
    let made = seed.recording(scene.ada, &roster, &scene.ben_email, day(1));
    store.commit(&made.change).await.kept();
    seed.tick();
    let edited = seed.edit(scene.ada, &roster, &made.answer, day(2));
    store.commit(&edited.change).await.kept();
    scene.deactivate(&seed, store).await.kept();
    let history = events(&whole_history(store, Stream::Organisation(scene.id)).await.kept());
    let replay = match OrganisationReplay::of(&history) {
        Ok(replay) => replay,
        Err(error) => panic!("the history that was read cannot be replayed: {error}"),
    };
    let roster = scene.roster(store).await.kept();
    assert_eq!(replay.organisation(), Some(&roster.organisation));
    assert_eq!(replay.memberships().len(), roster.members.len());
    for member in &roster.members {
        assert_eq!(replay.memberships().get(&member.user.id()), Some(&member.membership));
    }
    let records = store.records(scene.id, None, 1_000).await.kept();
    assert_eq!(records.iter().collect::<Vec<_>>(), replay.records().values().collect::<Vec<_>>());
}

fn events(history: &[ravs_core::port::HistoryEntry]) -> Vec<Event> {
    history.iter().map(|entry| entry.event.clone()).collect()
}
