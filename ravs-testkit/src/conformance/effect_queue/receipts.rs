//! Receipts: one that has been overtaken settles nothing.

use std::slice::from_ref;

use ravs_core::EffectKey;
use ravs_core::port::{EffectQueue, Receipt, Store};

use super::{LEASE, claimed, claimed_keys};
use crate::conformance::promise::Promise as _;
use crate::conformance::seed::Seed;

/// Once another has claimed an effect, the first one's word counts for nothing, and the other's
/// does.
pub async fn an_overtaken_receipt_settles_nothing(store: &dyn Store, queue: &dyn EffectQueue) {
    let seed = Seed::new();
    let (mine, other) = claimed(&seed, store, queue).await.kept();
    queue.done(&other.receipt).await.kept();
    seed.clock.advance(LEASE);
    let theirs = queue.claim(seed.now(), LEASE, 10).await.kept();
    assert_eq!(claimed_keys(&theirs), from_ref(&mine.effect.key));
    let now = seed.now();
    queue.done(&mine.receipt).await.conflicts("it was claimed by another");
    queue.retry_at(&mine.receipt, now).await.conflicts("it was claimed by another");
    queue.park(&mine.receipt, now, "mine").await.conflicts("it was claimed by another");
    assert!(queue.parked(10).await.kept().is_empty());
    assert!(queue.claim(now, LEASE, 10).await.kept().is_empty(), "it is still the other's");
    queue.done(&theirs[0].receipt).await.kept();
    assert!(queue.claim(now + LEASE * 10, LEASE, 10).await.kept().is_empty(), "it is done");
}

/// A receipt settles once: what was put back is nobody's until it is claimed again.
pub async fn a_receipt_settles_once(store: &dyn Store, queue: &dyn EffectQueue) {
    let seed = Seed::new();
    let (back, parked) = claimed(&seed, store, queue).await.kept();
    let now = seed.now();
    queue.retry_at(&back.receipt, now + LEASE).await.kept();
    queue.park(&parked.receipt, now, "given up").await.kept();
    for receipt in [&back.receipt, &parked.receipt] {
        queue.done(receipt).await.conflicts("it was settled before");
        queue.retry_at(receipt, now).await.conflicts("it was settled before");
        queue.park(receipt, now, "again").await.conflicts("it was settled before");
    }
    assert_eq!(queue.parked(10).await.kept().len(), 1);
    assert!(queue.claim(now, LEASE, 10).await.kept().is_empty());
    let claims = queue.claim(now + LEASE, LEASE, 10).await.kept();
    assert_eq!(claimed_keys(&claims), [back.effect.key]);
}

/// What is done never comes back, and cannot be put back.
pub async fn what_is_done_never_comes_back(store: &dyn Store, queue: &dyn EffectQueue) {
    let seed = Seed::new();
    let (first, second) = claimed(&seed, store, queue).await.kept();
    for claim in [&first, &second] {
        queue.done(&claim.receipt).await.kept();
        queue.retry_at(&claim.receipt, seed.now()).await.conflicts("it is done");
        queue.park(&claim.receipt, seed.now(), "late").await.conflicts("it is done");
        assert!(!queue.unpark(&claim.effect.key, seed.now()).await.kept(), "it is done");
    }
    assert!(queue.claim(seed.now() + LEASE * 100, LEASE, 10).await.kept().is_empty());
    assert!(queue.parked(10).await.kept().is_empty());
}

/// A receipt of nothing that was ever queued, or of a claim that never was, settles nothing.
pub async fn an_unknown_receipt_settles_nothing(store: &dyn Store, queue: &dyn EffectQueue) {
    let seed = Seed::new();
    let (first, _) = claimed(&seed, store, queue).await.kept();
    let of_nothing = EffectKey::from_stored("open_account.nobody.never".to_owned());
    let never = first.receipt.claim + 1;
    let unknown = [
        Receipt { key: of_nothing, claim: 1 },
        Receipt { key: first.effect.key.clone(), claim: never },
    ];
    for receipt in &unknown {
        queue.done(receipt).await.conflicts("there is no such claim");
        queue.retry_at(receipt, seed.now()).await.conflicts("there is no such claim");
        queue.park(receipt, seed.now(), "why").await.conflicts("there is no such claim");
    }
    queue.done(&first.receipt).await.kept();
}
