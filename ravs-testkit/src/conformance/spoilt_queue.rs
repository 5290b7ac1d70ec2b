//! What an [`EffectQueue`] does with an effect that does not load, because a careless hand broke it
//! or a newer version queued it: it holds up nothing else.
//!
//! For a queue whose tests can put such an effect there; that is a stated capability,
//! [`SpoilEffect`]. One that cannot hold such an effect at all has no need of these cases.

use async_trait::async_trait;
use chrono::TimeDelta;
use ravs_core::EffectKey;
use ravs_core::port::{Claim, EffectQueue, ParkedEffect, PortError, PortErrorKind, Store};
use serde_json::json;

use super::Running;
use super::promise::Promise as _;
use super::seed::{Scene, Seed};
use crate::MemoryStore;

const LEASE: TimeDelta = TimeDelta::minutes(5);

/// Breaks what is queued, as a careless hand would.
#[async_trait]
pub trait SpoilEffect: Send + Sync {
    /// Makes what is stored of an effect one that does not load, wherever it is in the queue.
    async fn spoil_effect(&self, key: &EffectKey);
}

/// A case, for a program that runs the suite itself.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// Its name: `a_spoilt_effect_holds_up_nothing_else`.
    pub name: &'static str,
    /// Runs it on a fresh, empty store and its queue; panics where a promise is broken.
    pub run: for<'a> fn(&'a dyn Store, &'a dyn EffectQueue, &'a dyn SpoilEffect) -> Running<'a>,
}

/// Every case.
#[must_use]
pub fn all() -> &'static [Case] {
    crate::__spoilt_queue_cases! { __list_of_cases (__spoilt_queue_case) }
}

/// A spoilt effect holds up none of those queued with it; it waits for its lease, and is corrupt
/// where it is all that is due.
pub async fn a_spoilt_effect_holds_up_nothing_else(
    store: &dyn Store,
    queue: &dyn EffectQueue,
    spoil: &dyn SpoilEffect,
) {
    let seed = Seed::new();
    let claims = all_claimed(&seed, store, queue).await;
    let [first, others @ ..] = &claims[..] else { panic!("nothing is queued") };
    spoil.spoil_effect(&first.effect.key).await;
    let again = seed.now() + LEASE;
    let claimed = queue.claim(again, LEASE, claims.len()).await.kept();
    let keys = |claims: &[Claim]| -> Vec<EffectKey> {
        claims.iter().map(|claim| claim.effect.key.clone()).collect()
    };
    assert_eq!(keys(&claimed), keys(others));
    for claim in &claimed {
        queue.done(&claim.receipt).await.kept();
    }
    assert_eq!(queue.claim(again, LEASE, 10).await.kept(), [], "it waits for its lease");
    is_corrupt(queue.claim(again + LEASE, LEASE, 10).await);
}

/// A spoilt effect that is parked hides none of the others, and is corrupt where it is all there
/// is.
pub async fn a_spoilt_parked_effect_hides_no_other(
    store: &dyn Store,
    queue: &dyn EffectQueue,
    spoil: &dyn SpoilEffect,
) {
    let seed = Seed::new();
    let claims = all_claimed(&seed, store, queue).await;
    let mut parked = Vec::new();
    for Claim { effect, receipt, .. } in claims {
        let (parked_at, why) = (seed.tick(), "given up".to_owned());
        queue.park(&receipt, parked_at, &why).await.kept();
        parked.push(ParkedEffect { effect, why, parked_at });
    }
    let [first, others @ ..] = &parked[..] else { panic!("nothing is parked") };
    spoil.spoil_effect(&first.effect.key).await;
    assert_eq!(queue.parked(parked.len()).await.kept(), others);
    for other in others {
        spoil.spoil_effect(&other.effect.key).await;
    }
    is_corrupt(queue.parked(parked.len()).await);
}

/// Several effects, each claimed.
async fn all_claimed(seed: &Seed, store: &dyn Store, queue: &dyn EffectQueue) -> Vec<Claim> {
    Scene::active(seed, store, "RRV").await.kept();
    let claims = queue.claim(seed.now(), LEASE, 100).await.kept();
    assert!(claims.len() > 2, "{} are queued", claims.len());
    claims
}

#[track_caller]
fn is_corrupt<T: std::fmt::Debug>(outcome: Result<T, PortError>) {
    match outcome {
        Err(error) if matches!(error.kind(), PortErrorKind::Corrupt { .. }) => {
            assert!(!error.is_retryable());
        }
        other => panic!("nothing of what is there loads: that is corrupt, not {other:?}"),
    }
}

#[async_trait]
impl SpoilEffect for MemoryStore {
    async fn spoil_effect(&self, key: &EffectKey) {
        self.overwrite_effect(key, &json!({ "key": key.as_str() }));
    }
}
