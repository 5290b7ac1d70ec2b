//! Many workers at once: each effect is one worker's.

use std::collections::BTreeSet;

use ravs_core::port::{EffectQueue, PortError, Receipt, Store};
use ravs_core::{ChangeSet, EffectKey};

use super::{LEASE, queued};
use crate::conformance::promise::Promise as _;
use crate::conformance::race::{Busy, RIVALS, together};
use crate::conformance::seed::Seed;

/// How often a worker finds nothing to claim before it goes home.
const IDLE: usize = 20;

/// Many workers carry out everything, each effect exactly once.
pub async fn each_effect_is_claimed_once(store: &dyn Store, queue: &dyn EffectQueue) {
    let seed = Seed::new();
    let mut expected = queued(&seed, store, 60).await.kept();
    let now = seed.now();
    let work = || async move {
        let (mut mine, mut idle) = (Vec::<EffectKey>::new(), 0);
        while idle < IDLE && mine.len() <= 60 {
            let claims = queue.claim(now, LEASE, 3).await?;
            idle = if claims.is_empty() { idle + 1 } else { 0 };
            for claim in claims {
                queue.done(&claim.receipt).await?;
                mine.push(claim.effect.key);
            }
        }
        Ok::<_, PortError>(mine)
    };
    let mut done = Vec::new();
    for worker in together(RIVALS, |_| work()) {
        done.extend(worker.kept());
    }
    done.sort();
    expected.sort();
    assert_eq!(done, expected, "what was carried out (left) and what was queued (right)");
}

/// Workers who meet at the end of a lease get different receipts, and one alone can settle.
pub async fn a_lease_that_ends_goes_to_one(store: &dyn Store, queue: &dyn EffectQueue) {
    let seed = Seed::new();
    let keys = queued(&seed, store, 8).await.kept();
    let first = queue.claim(seed.now(), LEASE, 100).await.kept();
    assert_eq!(first.len(), keys.len());
    for round in 0..8 {
        seed.clock.advance(LEASE);
        let now = seed.now();
        let mut receipts = Vec::<Receipt>::new();
        for worker in together(RIVALS, |_| queue.claim(now, LEASE, 100)) {
            receipts.extend(worker.kept().into_iter().map(|claim| claim.receipt));
        }
        let claimed: BTreeSet<_> = receipts.iter().map(|receipt| receipt.key.clone()).collect();
        assert_eq!(receipts.len(), claimed.len(), "an effect went to two in round {round}");
        let left = queue.claim(now, LEASE, 100).await.kept();
        assert_eq!(claimed.len() + left.len(), keys.len(), "an effect went to nobody");
    }
}

/// Commits while workers are at it: nothing that they queue is passed over or done twice.
pub async fn nothing_is_passed_over(store: &dyn Store, queue: &dyn EffectQueue) {
    let seed = Seed::new();
    let mut expected = queued(&seed, store, 2).await.kept();
    let now = seed.now();
    let rounds = 10;
    let changes: Vec<Vec<_>> = (0..RIVALS / 2)
        .map(|committer| {
            let email = |number| format!("lead{committer}.{number}@nhs.net");
            let lead = |number| seed.regional_lead(ravs_core::Region::London, &email(number));
            (0..rounds).map(|number| lead(number).change).collect()
        })
        .collect();
    for change in changes.iter().flatten() {
        expected.extend(super::keys_of(change.effects()));
    }
    let (changes, busy, most) = (&changes, &Busy::new(changes.len()), expected.len());
    let run = |rival: usize| async move {
        let mut done = Vec::<EffectKey>::new();
        match changes.get(rival) {
            Some(mine) => {
                let _busy = busy.one();
                for change in mine {
                    committed(store, change).await?;
                }
            }
            None => {
                while busy.is_anybody() && done.len() <= most {
                    for claim in queue.claim(now, LEASE, 5).await? {
                        queue.done(&claim.receipt).await?;
                        done.push(claim.effect.key);
                    }
                }
            }
        }
        Ok::<_, PortError>(done)
    };
    let mut done = Vec::new();
    for rival in together(RIVALS, run) {
        done.extend(rival.kept());
    }
    for claim in queue.claim(now, LEASE, 10_000).await.kept() {
        queue.done(&claim.receipt).await.kept();
        done.push(claim.effect.key);
    }
    done.sort();
    expected.sort();
    assert_eq!(done, expected, "what was carried out (left) and what was queued (right)");
}

/// Commits, again where the store asks for it.
async fn committed(store: &dyn Store, change: &ChangeSet) -> Result<(), PortError> {
    let mut outcome = store.commit(change).await;
    for _ in 0..200 {
        match outcome {
            Err(error) if error.is_retryable() => outcome = store.commit(change).await,
            settled => return settled,
        }
    }
    outcome
}
