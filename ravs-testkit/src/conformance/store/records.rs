//! Vaccination records: each is its organisation's, for ever.

use std::slice::from_ref;

use chrono::{DateTime, TimeDelta, Utc};
use ravs_core::port::{RecordKey, Store};
use ravs_core::{RecordId, ReportRange};
use uuid::Uuid;

use super::day;
use crate::conformance::promise::{Promise as _, There as _};
use crate::conformance::seed::{Scene, Seed};

/// A record is there for its own organisation and for no other (R-R2).
pub async fn a_record_is_its_organisations_own(store: &dyn Store) {
    let seed = Seed::new();
    let here = Scene::clinical(&seed, store, "AAA").await.kept();
    let there = Scene::clinical(&seed, store, "BBB").await.kept();
    let roster = here.roster(store).await.kept();
    let made = seed.recording(here.ada, &roster, &here.ben_email, day(1));
    store.commit(&made.change).await.kept();
    let id = made.answer.id();
    let read = store.record(here.id, id).await.kept().there("the record");
    assert_eq!(read, made.answer);
    assert!(store.record(there.id, id).await.kept().is_none(), "another organisation reads it");
    assert!(store.records(there.id, None, 10).await.kept().is_empty());
    assert_eq!(store.records(here.id, None, 10).await.kept(), [made.answer]);
    let nothing = RecordId::from_uuid(Uuid::from_u128(404));
    assert!(store.record(here.id, nothing).await.kept().is_none());
}

/// Records come by the time they were made, whatever the order of the commits, then by id.
pub async fn records_come_by_the_time_they_were_made(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::clinical(&seed, store, "RRV").await.kept();
    let roster = scene.roster(store).await.kept();
    let (start, mut made) = (seed.now(), Vec::new());
    for after in [7, 3, 3, 3, 9, 0, 3, 1] {
        seed.clock.set(start + TimeDelta::nanoseconds(after));
        let recorded = seed.recording(scene.ada, &roster, &scene.ben_email, day(1));
        store.commit(&recorded.change).await.kept();
        made.push(recorded.answer);
    }
    made.sort_by_key(|record| (record.recorded_at(), record.id()));
    assert_eq!(store.records(scene.id, None, 10).await.kept(), made);
    let range = ReportRange::new(day(1), day(1)).ok().there("a range");
    assert_eq!(store.records_given(scene.id, range).await.kept(), made, "and so in a range");
}

/// Pages are full while there are records left, and put together they are all of them, each once
/// with all its revisions, also where some were made at one time; a key need not be that of a
/// record.
pub async fn records_are_paged_by_key(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::clinical(&seed, store, "RRV").await.kept();
    let elsewhere = Scene::clinical(&seed, store, "RJ1").await.kept();
    let start = seed.now();
    for here in [&scene, &elsewhere] {
        let roster = here.roster(store).await.kept();
        for after in [2, 0, 2, 2, 5] {
            seed.clock.set(start + TimeDelta::nanoseconds(after));
            let made = seed.recording(here.ada, &roster, &here.ben_email, day(1));
            store.commit(&made.change).await.kept();
            let edited = seed.edit(here.ada, &roster, &made.answer, day(2));
            store.commit(&edited.change).await.kept();
        }
    }
    let all = store.records(scene.id, None, 10).await.kept();
    assert_eq!(all.len(), 5);
    assert!(all.is_sorted_by_key(RecordKey::of), "they are not in the order of their keys");
    for limit in 1..=6 {
        let mut after = None;
        for expected in all.chunks(limit) {
            let page = store.records(scene.id, after, limit).await.kept();
            assert_eq!(page, expected, "in pages of {limit}, from after {after:?}");
            after = page.last().map(RecordKey::of);
        }
        assert!(store.records(scene.id, after, limit).await.kept().is_empty());
    }
    assert!(store.records(scene.id, None, 0).await.kept().is_empty());
    assert_eq!(store.records(scene.id, None, usize::MAX).await.kept(), all);
    let at = |after| start + TimeDelta::nanoseconds(after);
    for (recorded_at, id, left) in [
        (at(-1), Uuid::max(), 5),
        (at(0), Uuid::nil(), 5),
        (at(0), Uuid::max(), 4),
        (at(2), Uuid::nil(), 4),
        (at(2), Uuid::max(), 1),
        (at(3), Uuid::nil(), 1),
        (at(5), Uuid::max(), 0),
        (DateTime::<Utc>::MIN_UTC, Uuid::max(), 5),
        (DateTime::<Utc>::MAX_UTC, Uuid::nil(), 0),
    ] {
        let key = RecordKey { recorded_at, id: RecordId::from_uuid(id) };
        let rest = store.records(scene.id, Some(key), 10).await.kept();
        assert_eq!(rest, all[all.len() - left..], "from after {key:?}");
    }
}

/// A range gives what was given on its days, its first and last among them.
pub async fn a_range_includes_its_first_and_last_day(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::clinical(&seed, store, "RRV").await.kept();
    let roster = scene.roster(store).await.kept();
    for on in [5, 1, 3, 2, 4] {
        seed.tick();
        let change = seed.recording(scene.ada, &roster, &scene.ben_email, day(on)).change;
        store.commit(&change).await.kept();
    }
    let given = async |first, last| {
        let range = ReportRange::new(day(first), day(last)).ok().there("a range");
        let records = store.records_given(scene.id, range).await.kept();
        records.iter().map(|record| record.current().details.given_on).collect::<Vec<_>>()
    };
    assert_eq!(given(2, 4).await, [day(3), day(2), day(4)], "from the second to the fourth");
    assert_eq!(given(5, 5).await, [day(5)], "one day");
    assert!(given(6, 20).await.is_empty(), "days without any");
    assert_eq!(store.records(scene.id, None, 10).await.kept().len(), 5, "all of them");
}

/// An edit moves a record from one range to another, and not within the list.
pub async fn a_range_goes_by_the_current_revision(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::clinical(&seed, store, "RRV").await.kept();
    let roster = scene.roster(store).await.kept();
    let mut made = Vec::new();
    for _ in 0..2 {
        seed.tick();
        let recorded = seed.recording(scene.ada, &roster, &scene.ben_email, day(1));
        store.commit(&recorded.change).await.kept();
        made.push(recorded.answer);
    }
    seed.tick();
    let edited = seed.edit(scene.ada, &roster, &made[0], day(9));
    store.commit(&edited.change).await.kept();
    let on = |on| ReportRange::new(day(on), day(on)).ok().there("a range");
    assert_eq!(store.records_given(scene.id, on(1)).await.kept(), [made[1].clone()]);
    assert_eq!(store.records_given(scene.id, on(9)).await.kept(), from_ref(&edited.answer));
    let all = store.records(scene.id, None, 10).await.kept();
    assert_eq!(all, [edited.answer, made[1].clone()], "in the order in which they were made");
}

/// Every revision is kept, in order.
pub async fn every_revision_is_kept(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::clinical(&seed, store, "RRV").await.kept();
    let roster = scene.roster(store).await.kept();
    let made = seed.recording(scene.ada, &roster, &scene.ben_email, day(1));
    store.commit(&made.change).await.kept();
    for on in [2, 1, 2, 3] {
        seed.tick();
        let id = made.answer.id();
        let before = store.record(scene.id, id).await.kept().there("the record");
        let edited = seed.edit(scene.ada, &roster, &before, day(on));
        store.commit(&edited.change).await.kept();
        let after = store.record(scene.id, id).await.kept().there("the record");
        assert_eq!(after, edited.answer, "after the edit to day {on}");
    }
    let read = store.record(scene.id, made.answer.id()).await.kept().there("the record");
    let days: Vec<_> = read.revisions().map(|revision| revision.details.given_on).collect();
    assert_eq!(days, [1, 2, 1, 2, 3].map(day));
}
