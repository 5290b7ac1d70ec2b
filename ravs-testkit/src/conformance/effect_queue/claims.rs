//! Claims: what is due, and in which order.

use chrono::TimeDelta;
use ravs_core::port::{EffectQueue, Store};

use super::{LEASE, claimed_keys, queued};
use crate::conformance::promise::Promise as _;
use crate::conformance::seed::Seed;

/// An empty queue gives nothing.
pub async fn an_empty_queue_gives_nothing(_store: &dyn Store, queue: &dyn EffectQueue) {
    let seed = Seed::new();
    assert!(queue.claim(seed.now(), LEASE, 10).await.kept().is_empty());
    assert!(queue.parked(10).await.kept().is_empty());
}

/// What was never tried is due whatever the clock says.
pub async fn a_new_effect_is_due_by_any_clock(store: &dyn Store, queue: &dyn EffectQueue) {
    let seed = Seed::new();
    let keys = queued(&seed, store, 2).await.kept();
    let long_before = seed.now() - TimeDelta::days(10_000);
    let claims = queue.claim(long_before, LEASE, 10).await.kept();
    assert_eq!(claimed_keys(&claims), keys);
}

/// Effects come in the order in which they were queued, over commits and within one.
pub async fn effects_come_in_the_order_of_queueing(store: &dyn Store, queue: &dyn EffectQueue) {
    let seed = Seed::new();
    let keys = queued(&seed, store, 12).await.kept();
    let claims = queue.claim(seed.now(), LEASE, 100).await.kept();
    assert_eq!(claimed_keys(&claims), keys);
}

/// The order is that of the commits, whatever the clocks that they were decided by.
pub async fn a_clock_that_ran_backwards_changes_no_order(
    store: &dyn Store,
    queue: &dyn EffectQueue,
) {
    let seed = Seed::new();
    let mut keys = queued(&seed, store, 2).await.kept();
    for number in 0..4 {
        seed.clock.advance(TimeDelta::hours(-1));
        let email = format!("lead{number}@nhs.net");
        let change = seed.regional_lead(ravs_core::Region::London, &email).change;
        store.commit(&change).await.kept();
        keys.extend(super::keys_of(change.effects()));
    }
    let claims = queue.claim(seed.now(), LEASE, 100).await.kept();
    assert_eq!(claimed_keys(&claims), keys);
}

/// No more come than are asked for, and the next ask goes on from there.
pub async fn no_more_come_than_are_asked_for(store: &dyn Store, queue: &dyn EffectQueue) {
    let seed = Seed::new();
    let keys = queued(&seed, store, 5).await.kept();
    for expected in [&keys[..2], &keys[2..4], &keys[4..], &[]] {
        let claims = queue.claim(seed.now(), LEASE, 2).await.kept();
        assert_eq!(claimed_keys(&claims), expected);
    }
}

/// What was never tried goes before what was put back, however long that has been due; and of
/// what was put back or left, the longest due goes first.
pub async fn new_ones_go_before_those_tried(store: &dyn Store, queue: &dyn EffectQueue) {
    let seed = Seed::new();
    let keys = queued(&seed, store, 4).await.kept();
    let claims = queue.claim(seed.now(), LEASE, 10).await.kept();
    let now = seed.now();
    // the third is left, and comes back when its lease ends, between the others
    queue.retry_at(&claims[0].receipt, now + LEASE + TimeDelta::minutes(2)).await.kept();
    queue.retry_at(&claims[1].receipt, now + LEASE - TimeDelta::minutes(1)).await.kept();
    queue.retry_at(&claims[3].receipt, now + LEASE + TimeDelta::minutes(1)).await.kept();
    let change = seed.regional_lead(ravs_core::Region::London, "new@nhs.net").change;
    store.commit(&change).await.kept();
    let mut expected = super::keys_of(change.effects());
    expected.extend([1, 2, 3, 0].map(|place: usize| keys[place].clone()));
    let later = now + LEASE + TimeDelta::hours(1);
    let found = queue.claim(later, LEASE, 10).await.kept();
    assert_eq!(claimed_keys(&found), expected);
}

/// A claim says that it is the first try, and the first claim.
pub async fn tries_are_counted_from_one(store: &dyn Store, queue: &dyn EffectQueue) {
    let seed = Seed::new();
    let (first, second) = super::claimed(&seed, store, queue).await.kept();
    for claim in [first, second] {
        assert_eq!((claim.attempt, claim.receipt.claim), (1, 1));
        assert_eq!(claim.receipt.key, claim.effect.key);
    }
}
