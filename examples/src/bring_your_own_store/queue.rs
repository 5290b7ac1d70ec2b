//! The queue of effects: each waits, is claimed for a time, and is settled by whoever holds the
//! last receipt.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use ravs_core::port::{Claim, EffectQueue, ParkedEffect, PortError, Receipt};
use ravs_core::{Effect, EffectKey};

use super::{Content, Shelf};

/// An effect that is not carried out yet.
#[derive(Clone, Debug)]
pub(super) struct Queued {
    effect: Effect,
    state: State,
    /// How often it was tried since it was queued or unparked.
    attempts: u32,
    /// How often it was claimed: the number on the last receipt.
    claims: u64,
}

#[derive(Clone, Debug)]
enum State {
    /// Due since then; never tried, it is due whatever the clock says.
    Due(Option<DateTime<Utc>>),
    /// Somebody's until then.
    Claimed(DateTime<Utc>),
    /// Given up on then, for that reason.
    Parked(DateTime<Utc>, String),
}

impl Queued {
    pub(super) fn new(effect: Effect) -> Self {
        Self { effect, state: State::Due(None), attempts: 0, claims: 0 }
    }

    /// Since when it has been due, where it is: what was never tried comes first.
    fn due_since(&self, now: DateTime<Utc>) -> Option<Option<DateTime<Utc>>> {
        match self.state {
            State::Due(since) => Some(since),
            State::Claimed(until) => Some(Some(until)),
            State::Parked(..) => None,
        }
        .filter(|since| since.is_none_or(|since| since <= now))
    }

    fn claim(&mut self, until: DateTime<Utc>) -> Claim {
        self.state = State::Claimed(until);
        self.attempts += 1;
        self.claims += 1;
        let receipt = Receipt { key: self.effect.key.clone(), claim: self.claims };
        Claim { effect: self.effect.clone(), attempt: self.attempts, receipt }
    }
}

impl Content {
    /// Where the effect is of which this is the last receipt.
    fn claimed(&self, receipt: &Receipt) -> Result<usize, PortError> {
        let holds = |queued: &Queued| {
            queued.effect.key == receipt.key
                && queued.claims == receipt.claim
                && matches!(queued.state, State::Claimed(_))
        };
        let place = self.queue.iter().position(holds);
        place.ok_or_else(|| PortError::conflict("this claim has been overtaken"))
    }
}

#[async_trait]
impl EffectQueue for Shelf {
    async fn claim(
        &self,
        now: DateTime<Utc>,
        lease: TimeDelta,
        limit: usize,
    ) -> Result<Vec<Claim>, PortError> {
        let mut content = self.content();
        let queue = content.queue.iter_mut();
        let mut due: Vec<_> =
            queue.filter_map(|queued| Some((queued.due_since(now)?, queued))).collect();
        due.sort_by_key(|(since, _)| *since); // stable: otherwise they stay as they were queued
        Ok(due.into_iter().take(limit).map(|(_, queued)| queued.claim(now + lease)).collect())
    }

    async fn done(&self, receipt: &Receipt) -> Result<(), PortError> {
        let mut content = self.content();
        let place = content.claimed(receipt)?;
        content.queue.remove(place);
        Ok(())
    }

    async fn retry_at(&self, receipt: &Receipt, at: DateTime<Utc>) -> Result<(), PortError> {
        let mut content = self.content();
        let place = content.claimed(receipt)?;
        content.queue[place].state = State::Due(Some(at));
        Ok(())
    }

    async fn park(&self, receipt: &Receipt, at: DateTime<Utc>, why: &str) -> Result<(), PortError> {
        let mut content = self.content();
        let place = content.claimed(receipt)?;
        content.queue[place].state = State::Parked(at, why.to_owned());
        Ok(())
    }

    async fn parked(&self, limit: usize) -> Result<Vec<ParkedEffect>, PortError> {
        let content = self.content();
        let parked = content.queue.iter().filter_map(|queued| match &queued.state {
            State::Parked(at, why) => {
                let (effect, why) = (queued.effect.clone(), why.clone());
                Some(ParkedEffect { effect, why, parked_at: *at })
            }
            State::Due(_) | State::Claimed(_) => None,
        });
        let mut parked: Vec<ParkedEffect> = parked.collect();
        parked.sort_by_key(|parked| parked.parked_at);
        parked.truncate(limit);
        Ok(parked)
    }

    async fn unpark(&self, key: &EffectKey, at: DateTime<Utc>) -> Result<bool, PortError> {
        let mut content = self.content();
        let parked = |queued: &&mut Queued| {
            queued.effect.key == *key && matches!(queued.state, State::Parked(..))
        };
        let Some(queued) = content.queue.iter_mut().find(parked) else { return Ok(false) };
        queued.state = State::Due(Some(at));
        queued.attempts = 0;
        Ok(true)
    }
}
