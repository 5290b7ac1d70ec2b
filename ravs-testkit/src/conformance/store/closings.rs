//! The closings that have come and are not written down.

use chrono::{DateTime, TimeDelta, Utc};
use ravs_core::port::{PortError, Store};

use crate::conformance::promise::{Promise as _, There as _};
use crate::conformance::seed::{Scene, Seed};

/// An organisation of that code, deactivated; and the instant at which it closes.
async fn deactivated(
    seed: &Seed,
    store: &dyn Store,
    code: &str,
) -> Result<(Scene, DateTime<Utc>), PortError> {
    let scene = Scene::active(seed, store, code).await?;
    let closing = scene.deactivate(seed, store).await?.state().closing();
    Ok((scene, closing.there("the closing").instant()))
}

/// A closing is due at its instant, and not one nanosecond before.
pub async fn a_closing_is_due_at_its_instant(store: &dyn Store) {
    let seed = Seed::new();
    let (scene, closes) = deactivated(&seed, store, "RRV").await.kept();
    let before = closes - TimeDelta::nanoseconds(1);
    assert!(store.due_closings(before, 10).await.kept().is_empty(), "it is due too early");
    assert_eq!(store.due_closings(closes, 10).await.kept(), [scene.id]);
    let later = closes + TimeDelta::days(1000);
    assert_eq!(store.due_closings(later, 10).await.kept(), [scene.id], "it stays due");
}

/// The longest due come first, and no more than asked for.
pub async fn the_longest_due_come_first(store: &dyn Store) {
    let seed = Seed::new();
    let mut ids = Vec::new();
    for (code, days) in [("BBB", 40), ("AAA", 10), ("CCC", 70)] {
        let start = seed.now();
        seed.clock.advance(TimeDelta::days(days));
        let (scene, closes) = deactivated(&seed, store, code).await.kept();
        ids.push((closes, scene.id));
        seed.clock.set(start);
    }
    ids.sort_unstable();
    let expected: Vec<_> = ids.iter().map(|(_, id)| *id).collect();
    let after_all = seed.now() + TimeDelta::days(400);
    assert_eq!(store.due_closings(after_all, 10).await.kept(), expected);
    assert_eq!(store.due_closings(after_all, 2).await.kept(), expected[..2]);
    let second = ids[1].0;
    assert_eq!(store.due_closings(second, 10).await.kept(), expected[..2]);
}

/// Only what is stored as Deactivated is due: nothing reactivated, nothing written down.
pub async fn only_deactivated_ones_are_due(store: &dyn Store) {
    let seed = Seed::new();
    let invited = Scene::invited(&seed, store, "AAA").await.kept();
    let active = Scene::active(&seed, store, "BBB").await.kept();
    let (reactivated, _) = deactivated(&seed, store, "CCC").await.kept();
    let roster = reactivated.roster(store).await.kept();
    store.commit(&seed.reactivation(&reactivated.lead, &roster).change).await.kept();
    let (closed, closes) = deactivated(&seed, store, "DDD").await.kept();
    let (due, _) = deactivated(&seed, store, "EEE").await.kept();
    seed.clock.set(closes);
    let change = seed.closing(&closed.roster(store).await.kept()).change;
    store.commit(&change).await.kept();
    let change = seed.withdrawal(&invited.lead, &invited.roster(store).await.kept()).change;
    store.commit(&change).await.kept();
    let found = store.due_closings(seed.now(), 10).await.kept();
    assert_eq!(found, [due.id], "and not {:?}", [invited.id, active.id, reactivated.id, closed.id]);
}

/// An organisation deactivated for a second time is due at its second closing.
pub async fn a_second_deactivation_has_its_own_closing(store: &dyn Store) {
    let seed = Seed::new();
    let (scene, first) = deactivated(&seed, store, "RRV").await.kept();
    seed.clock.advance(TimeDelta::days(30));
    let change = seed.reactivation(&scene.lead, &scene.roster(store).await.kept()).change;
    store.commit(&change).await.kept();
    let second = scene.deactivate(&seed, store).await.kept().state().closing();
    let second = second.there("the closing").instant();
    assert!(store.due_closings(first, 10).await.kept().is_empty(), "the first closing still holds");
    assert_eq!(store.due_closings(second, 10).await.kept(), [scene.id]);
}
