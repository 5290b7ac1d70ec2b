//! Retries: what failed is due again at its time.

use std::slice::from_ref;

use chrono::TimeDelta;
use ravs_core::port::{EffectQueue, Store};

use super::{LEASE, MOMENT, claimed, claimed_keys};
use crate::conformance::promise::Promise as _;
use crate::conformance::seed::Seed;

/// What was put back is due at its time and not one nanosecond before, as one try more.
pub async fn a_retry_is_due_at_its_time(store: &dyn Store, queue: &dyn EffectQueue) {
    let seed = Seed::new();
    let (first, second) = claimed(&seed, store, queue).await.kept();
    queue.done(&second.receipt).await.kept();
    let at = seed.now() + TimeDelta::seconds(30); // long before the lease would have ended
    queue.retry_at(&first.receipt, at).await.kept();
    assert!(queue.claim(at - MOMENT, LEASE, 10).await.kept().is_empty(), "it came too early");
    let claims = queue.claim(at, LEASE, 10).await.kept();
    assert_eq!(claimed_keys(&claims), from_ref(&first.effect.key));
    assert_eq!((claims[0].attempt, &claims[0].effect), (2, &first.effect));
    assert!(claims[0].receipt.claim > first.receipt.claim, "a new receipt");
}

/// A time that lies after the lease counts too: the lease ends with the claim.
pub async fn a_retry_outlasts_its_lease(store: &dyn Store, queue: &dyn EffectQueue) {
    let seed = Seed::new();
    let (first, second) = claimed(&seed, store, queue).await.kept();
    queue.done(&second.receipt).await.kept();
    let at = seed.now() + LEASE * 12;
    queue.retry_at(&first.receipt, at).await.kept();
    assert!(queue.claim(at - MOMENT, LEASE, 10).await.kept().is_empty(), "it came too early");
    assert_eq!(queue.claim(at, LEASE, 10).await.kept().len(), 1);
}

/// A time that has gone by means at once; tries are counted on.
pub async fn a_retry_in_the_past_is_due_at_once(store: &dyn Store, queue: &dyn EffectQueue) {
    let seed = Seed::new();
    let (mut last, second) = claimed(&seed, store, queue).await.kept();
    queue.done(&second.receipt).await.kept();
    for attempt in 2..=50 {
        queue.retry_at(&last.receipt, seed.now() - TimeDelta::days(1)).await.kept();
        let claims = queue.claim(seed.now(), LEASE, 10).await.kept();
        assert_eq!(claimed_keys(&claims), [last.effect.key.clone()]);
        assert_eq!(claims[0].attempt, attempt);
        last = claims[0].clone();
    }
}
