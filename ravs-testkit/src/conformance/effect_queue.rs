//! What every [`EffectQueue`] keeps, case by case.
//!
//! Each case is a function of a fresh, empty store and the queue that its commits fill, and
//! panics where a promise is broken.

pub mod claims;
pub mod commits;
pub mod leases;
pub mod parking;
pub mod receipts;
pub mod retries;
pub mod workers;

use chrono::TimeDelta;
use ravs_core::port::{Claim, EffectQueue, PortError, Store};
use ravs_core::{EffectKey, Region};

use super::Running;
use super::seed::Seed;

/// A case, for a program that runs the suite itself.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// Its name: `leases::a_claim_hides_an_effect`.
    pub name: &'static str,
    /// Runs it on a fresh, empty store and its queue; panics where a promise is broken.
    pub run: for<'a> fn(&'a dyn Store, &'a dyn EffectQueue) -> Running<'a>,
}

/// Every case, in the order of the files.
#[must_use]
pub fn all() -> &'static [Case] {
    crate::__effect_queue_cases! { __list_of_cases (__effect_queue_case) }
}

/// The lease of every claim here.
const LEASE: TimeDelta = TimeDelta::minutes(5);

/// A moment: the smallest time that is kept.
const MOMENT: TimeDelta = TimeDelta::nanoseconds(1);

/// Queues so many effects, one a commit, and gives their keys in order.
async fn queued(seed: &Seed, store: &dyn Store, count: usize) -> Result<Vec<EffectKey>, PortError> {
    let lead = seed.regional_lead(Region::London, "rae@nhs.net");
    store.commit(&lead.change).await?;
    let user = &lead.change.users()[0].state;
    let mut keys: Vec<EffectKey> = keys_of(lead.change.effects());
    while keys.len() < count {
        let asked = seed.activation_email(user).change;
        store.commit(&asked).await?;
        keys.extend(keys_of(asked.effects()));
    }
    Ok(keys)
}

/// Queues two effects, which one commit has at the least, and claims them.
async fn claimed(
    seed: &Seed,
    store: &dyn Store,
    queue: &dyn EffectQueue,
) -> Result<(Claim, Claim), PortError> {
    let keys = queued(seed, store, 2).await?;
    let claims = queue.claim(seed.now(), LEASE, 10).await?;
    match <[Claim; 2]>::try_from(claims) {
        Ok([first, second]) => Ok((first, second)),
        Err(claims) => panic!("{} were queued, and {} claimed", keys.len(), claims.len()),
    }
}

fn keys_of(effects: &[ravs_core::Effect]) -> Vec<EffectKey> {
    effects.iter().map(|effect| effect.key.clone()).collect()
}

fn claimed_keys(claims: &[Claim]) -> Vec<EffectKey> {
    claims.iter().map(|claim| claim.effect.key.clone()).collect()
}
