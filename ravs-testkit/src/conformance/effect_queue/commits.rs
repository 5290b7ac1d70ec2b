//! What commits queue: their effects, with them, once.

use ravs_core::command::Found;
use ravs_core::port::{EffectQueue, Store};

use super::{LEASE, claimed_keys, keys_of};
use crate::conformance::promise::{Promise as _, assert_same};
use crate::conformance::seed::{Scene, Seed, body, whole_life};

/// Effects of every kind are claimed as they were committed.
pub async fn effects_read_back_as_committed(store: &dyn Store, queue: &dyn EffectQueue) {
    let mut seed = Seed::new();
    let life = whole_life(&mut seed, store).await.kept();
    let effects: Vec<_> = life.iter().flat_map(|change| change.effects()).cloned().collect();
    let mut kinds: Vec<&str> = effects.iter().map(|effect| effect.work.name()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds.len(), 8, "the life has one of everything: {kinds:?}");
    let claims = queue.claim(seed.now(), LEASE, 1_000).await.kept();
    let claimed: Vec<_> = claims.into_iter().map(|claim| claim.effect).collect();
    assert_same(&claimed, &effects);
}

/// A commit that is refused queues nothing.
pub async fn a_refused_commit_queues_nothing(store: &dyn Store, queue: &dyn EffectQueue) {
    let seed = Seed::new();
    let scene = Scene::invited(&seed, store, "RRV").await.kept();
    let before = queue.claim(seed.now(), LEASE, 100).await.kept();
    assert_eq!(before.len(), 6, "a lead and two nominees, an account and a welcome each");
    let found = Found { body: Some(body("RCF", "Half")), ..Found::default() };
    let nominees = ["new@nhs.net", scene.ben_email.as_str()].map(Seed::nominee);
    let refused = seed.onboarding_of(&scene.lead, &found, nominees.into()).change;
    assert!(!refused.effects().is_empty(), "an onboarding has effects");
    store.commit(&refused).await.conflicts("a nominee's address is somebody's");
    let claims = queue.claim(seed.now(), LEASE, 100).await.kept();
    assert_eq!(claimed_keys(&claims), [], "what was refused is queued");
}

/// A change set committed again queues nothing again, be its effects waiting or done.
pub async fn a_repeated_commit_queues_once(store: &dyn Store, queue: &dyn EffectQueue) {
    let seed = Seed::new();
    let lead = seed.regional_lead(ravs_core::Region::London, "rae@nhs.net").change;
    store.commit(&lead).await.kept();
    store.commit(&lead).await.kept();
    let claims = queue.claim(seed.now(), LEASE, 100).await.kept();
    assert_eq!(claimed_keys(&claims), keys_of(lead.effects()), "while they wait");
    for claim in &claims {
        queue.done(&claim.receipt).await.kept();
    }
    store.commit(&lead).await.kept();
    let claims = queue.claim(seed.now() + LEASE * 100, LEASE, 100).await.kept();
    assert_eq!(claimed_keys(&claims), [], "once they are done");
}
