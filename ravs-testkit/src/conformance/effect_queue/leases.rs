//! Leases: what is claimed is one worker's, until its time is over.

use ravs_core::port::{EffectQueue, Store};

use super::{LEASE, MOMENT, claimed, claimed_keys, queued};
use crate::conformance::promise::Promise as _;
use crate::conformance::seed::Seed;

/// What one has claimed no other gets, up to the last moment of the lease.
pub async fn a_claim_hides_an_effect(store: &dyn Store, queue: &dyn EffectQueue) {
    let seed = Seed::new();
    claimed(&seed, store, queue).await.kept();
    for now in [seed.now(), seed.now() + LEASE - MOMENT, seed.now() - LEASE * 10] {
        let again = queue.claim(now, LEASE, 10).await.kept();
        assert_eq!(claimed_keys(&again), [], "claimed twice at {now}");
    }
}

/// When the lease ends it comes back: one try more, under a new receipt.
pub async fn a_lease_that_ends_gives_back(store: &dyn Store, queue: &dyn EffectQueue) {
    let seed = Seed::new();
    let (first, second) = claimed(&seed, store, queue).await.kept();
    queue.done(&second.receipt).await.kept();
    let mut before = first;
    for attempt in 2..=4 {
        seed.clock.advance(LEASE);
        let claims = queue.claim(seed.now(), LEASE, 10).await.kept();
        assert_eq!(claimed_keys(&claims), [before.effect.key.clone()]);
        assert_eq!(claims[0].attempt, attempt);
        assert_eq!(claims[0].effect, before.effect);
        assert!(claims[0].receipt.claim > before.receipt.claim, "a new receipt");
        before = claims[0].clone();
    }
}

/// Each claim has the lease it was made with.
pub async fn each_claim_has_its_own_lease(store: &dyn Store, queue: &dyn EffectQueue) {
    let seed = Seed::new();
    let keys = queued(&seed, store, 2).await.kept();
    queue.claim(seed.now(), LEASE * 3, 1).await.kept();
    queue.claim(seed.now(), LEASE, 1).await.kept();
    seed.clock.advance(LEASE);
    let claims = queue.claim(seed.now(), LEASE * 9, 10).await.kept();
    assert_eq!(claimed_keys(&claims), keys[1..]);
    seed.clock.advance(LEASE * 2);
    let claims = queue.claim(seed.now(), LEASE, 10).await.kept();
    assert_eq!(claimed_keys(&claims), keys[..1]);
}

/// A worker that is late may still settle what nobody has claimed since.
pub async fn a_late_worker_still_settles(store: &dyn Store, queue: &dyn EffectQueue) {
    let seed = Seed::new();
    let (first, second) = claimed(&seed, store, queue).await.kept();
    seed.clock.advance(LEASE * 2);
    queue.done(&first.receipt).await.kept();
    queue.retry_at(&second.receipt, seed.now() + LEASE).await.kept();
    let claims = queue.claim(seed.now(), LEASE, 10).await.kept();
    assert_eq!(claimed_keys(&claims), [], "one is done, and one not yet due");
}
