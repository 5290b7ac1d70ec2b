//! A queue of several lanes: everything is claimed, once, and a person's effects in their order.
#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

use std::collections::BTreeMap;

use crate::support::{Fresh, MIGRATED, application};
use crate::watched::Watched;
use chrono::TimeDelta;
use ravs_adapters_postgres::{Lanes, PostgresStore};
use ravs_core::port::{EffectQueue as _, Store as _};
use ravs_core::{Effect, EffectKey, Region, UserId};
use ravs_testkit::conformance::seed::Seed;

const LEASE: TimeDelta = TimeDelta::minutes(5);

/// Queues some effects for many people, and gives the keys of each in order.
async fn queued(seed: &Seed, store: &PostgresStore) -> BTreeMap<UserId, Vec<EffectKey>> {
    let mut effects: Vec<Effect> = Vec::new();
    for number in 0..20 {
        let lead = seed.regional_lead(Region::London, &format!("rae{number}@nhs.net"));
        store.commit(&lead.change).await.unwrap();
        effects.extend(lead.change.effects().iter().cloned());
        let again = seed.activation_email(&lead.change.users()[0].state).change;
        store.commit(&again).await.unwrap();
        effects.extend(again.effects().iter().cloned());
    }
    let mut keys = BTreeMap::<_, Vec<_>>::new();
    for effect in effects {
        keys.entry(effect.work.user()).or_default().push(effect.key);
    }
    keys
}

/// Claims until nothing is due, a few at a time.
async fn claimed(seed: &Seed, store: &PostgresStore) -> BTreeMap<UserId, Vec<EffectKey>> {
    let mut keys = BTreeMap::<_, Vec<_>>::new();
    loop {
        let claims = store.claim(seed.now(), LEASE, 7).await.unwrap();
        assert!(claims.len() <= 7);
        if claims.is_empty() {
            return keys;
        }
        for claim in claims {
            store.done(&claim.receipt).await.unwrap();
            keys.entry(claim.effect.work.user()).or_default().push(claim.effect.key);
        }
    }
}

#[tokio::test]
async fn a_persons_effects_keep_their_order_and_nothing_is_left() {
    let lanes = Lanes::new(8).unwrap();
    let fresh = Fresh::with(&MIGRATED, |builder| builder.lanes(lanes)).await;
    let seed = Seed::new();
    let queued = queued(&seed, &fresh.store).await;
    assert_eq!(claimed(&seed, &fresh.store).await, queued);
    let owner = fresh.owner().get().await.unwrap();
    let used = owner.query_one("SELECT count(DISTINCT lane) FROM ravs.effects", &[]).await.unwrap();
    assert!(used.get::<_, i64>(0) > 1);
}

// What was queued in one lane is found when there are more.
#[tokio::test]
async fn there_can_be_more_lanes_later() {
    let fresh = Fresh::new().await;
    let seed = Seed::new();
    let queued = queued(&seed, &fresh.store).await;
    let pool = application(fresh.database.url(), 2);
    let wider = PostgresStore::builder(pool).lanes(Lanes::new(64).unwrap()).build();
    assert_eq!(claimed(&seed, &wider).await, queued);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_workers_share_the_lanes() {
    let lanes = Lanes::new(4).unwrap();
    let fresh = Fresh::with(&MIGRATED, |builder| builder.lanes(lanes)).await;
    ravs_testkit::concurrency::delivery::many_delivery_workers(Watched::of(fresh), 2).await;
}
