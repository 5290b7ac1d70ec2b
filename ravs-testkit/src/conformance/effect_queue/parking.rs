//! Parking: what is given up on is seen, and can be tried again.

use chrono::TimeDelta;
use ravs_core::EffectKey;
use ravs_core::port::{EffectQueue, ParkedEffect, Store};

use super::{LEASE, MOMENT, claimed, claimed_keys, queued};
use crate::conformance::promise::Promise as _;
use crate::conformance::seed::Seed;

/// What is parked is not due any more, and is seen with why and when.
pub async fn what_is_parked_is_seen_and_not_due(store: &dyn Store, queue: &dyn EffectQueue) {
    let seed = Seed::new();
    let (first, second) = claimed(&seed, store, queue).await.kept();
    queue.done(&second.receipt).await.kept();
    let (parked_at, why) = (seed.tick(), "rejected: `O'Neil's` 100% \\ \u{1f489}\nsecond line");
    queue.park(&first.receipt, parked_at, why).await.kept();
    let expected = ParkedEffect { effect: first.effect, why: why.to_owned(), parked_at };
    assert_eq!(queue.parked(10).await.kept(), [expected]);
    let claims = queue.claim(seed.now() + LEASE * 1_000, LEASE, 10).await.kept();
    assert_eq!(claimed_keys(&claims), [], "what is parked is due");
}

/// The first parked comes first, and no more than are asked for.
pub async fn the_first_parked_comes_first(store: &dyn Store, queue: &dyn EffectQueue) {
    let seed = Seed::new();
    queued(&seed, store, 5).await.kept();
    let claims = queue.claim(seed.now(), LEASE, 10).await.kept();
    let mut expected = Vec::new();
    for place in [3, 0, 4, 1, 2] {
        let at = seed.tick();
        queue.park(&claims[place].receipt, at, "given up").await.kept();
        expected.push(claims[place].effect.key.clone());
    }
    for limit in [10, 5, 3, 1] {
        let parked = queue.parked(limit).await.kept();
        let keys: Vec<_> = parked.into_iter().map(|parked| parked.effect.key).collect();
        assert_eq!(keys, expected[..limit.min(5)]);
    }
}

/// What is unparked is due from its time on, its tries counted anew, under a new receipt.
pub async fn what_is_unparked_begins_anew(store: &dyn Store, queue: &dyn EffectQueue) {
    let seed = Seed::new();
    let (first, second) = claimed(&seed, store, queue).await.kept();
    queue.done(&second.receipt).await.kept();
    queue.retry_at(&first.receipt, seed.now()).await.kept();
    let claims = queue.claim(seed.now(), LEASE, 10).await.kept();
    assert_eq!(claims[0].attempt, 2);
    queue.park(&claims[0].receipt, seed.now(), "given up").await.kept();
    let at = seed.now() + TimeDelta::hours(1);
    assert!(queue.unpark(&first.effect.key, at).await.kept(), "it was parked");
    assert!(queue.parked(10).await.kept().is_empty(), "it is parked no longer");
    assert!(queue.claim(at - MOMENT, LEASE, 10).await.kept().is_empty(), "it came too early");
    let again = queue.claim(at, LEASE, 10).await.kept();
    assert_eq!(claimed_keys(&again), [first.effect.key]);
    assert_eq!(again[0].attempt, 1, "tries are counted since it was last unparked");
    for old in [&first.receipt, &claims[0].receipt] {
        queue.done(old).await.conflicts("that claim was before it was parked");
    }
    queue.done(&again[0].receipt).await.kept();
}

/// Only what is parked can be unparked.
pub async fn only_what_is_parked_is_unparked(store: &dyn Store, queue: &dyn EffectQueue) {
    let seed = Seed::new();
    let never = EffectKey::from_stored("open_account.nobody.never".to_owned());
    let keys = queued(&seed, store, 2).await.kept();
    let now = seed.now();
    assert!(!queue.unpark(&never, now).await.kept(), "no such effect");
    assert!(!queue.unpark(&keys[0], now).await.kept(), "it waits");
    let claims = queue.claim(now, LEASE, 1).await.kept();
    assert!(!queue.unpark(&keys[0], now).await.kept(), "it is claimed");
    queue.park(&claims[0].receipt, now, "given up").await.kept();
    assert!(queue.unpark(&keys[0], now).await.kept(), "it is parked");
    assert!(!queue.unpark(&keys[0], now).await.kept(), "it was parked no longer");
    let claims = queue.claim(now, LEASE, 10).await.kept();
    assert_eq!(claims.len(), 2, "each waits once");
}
