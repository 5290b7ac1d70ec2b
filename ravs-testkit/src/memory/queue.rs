//! The effects that wait to be carried out.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use ravs_core::port::{Claim, EffectQueue, ParkedEffect, PortError, Receipt};
use ravs_core::{Effect, EffectKey};

use super::{MemoryStore, table};

/// Every effect ever queued, in order, with where it is.
#[derive(Debug, Default)]
pub(super) struct Queue {
    entries: Vec<Entry>,
    places: BTreeMap<EffectKey, usize>,
}

#[derive(Debug)]
struct Entry {
    json: String,
    key: EffectKey,
    state: State,
    attempts: u32,
    claims: u64,
}

#[derive(Debug)]
enum State {
    /// Nobody has tried it yet: due at once, whatever the clock says.
    New,
    Due {
        at: DateTime<Utc>,
    },
    Claimed {
        until: DateTime<Utc>,
    },
    Parked {
        at: DateTime<Utc>,
        why: String,
    },
    Done,
}

impl Entry {
    fn effect(&self) -> Result<Effect, PortError> {
        table::read(&self.json)
    }

    fn due_since(&self) -> Option<DateTime<Utc>> {
        match self.state {
            State::New => Some(DateTime::<Utc>::MIN_UTC),
            State::Due { at } => Some(at),
            State::Claimed { until } => Some(until),
            State::Parked { .. } | State::Done => None,
        }
    }
}

impl Queue {
    /// Adds an effect as JSON; one that is there by that key stays as it is.
    pub(super) fn add(&mut self, key: EffectKey, json: String) {
        if self.places.contains_key(&key) {
            return;
        }
        self.places.insert(key.clone(), self.entries.len());
        self.entries.push(Entry { json, key, state: State::New, attempts: 0, claims: 0 });
    }

    pub(super) fn all(&self) -> Vec<Effect> {
        self.entries.iter().filter_map(|entry| entry.effect().ok()).collect()
    }

    pub(super) fn queued(&self) -> Vec<Effect> {
        let open = self.entries.iter().filter(|entry| !matches!(entry.state, State::Done));
        open.filter_map(|entry| entry.effect().ok()).collect()
    }

    pub(super) fn done(&self) -> Vec<EffectKey> {
        let done = self.entries.iter().filter(|entry| matches!(entry.state, State::Done));
        done.map(|entry| entry.key.clone()).collect()
    }

    fn claim(
        &mut self,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<Claim>, PortError> {
        let mut due: Vec<(DateTime<Utc>, usize)> = self
            .entries
            .iter()
            .enumerate()
            .filter_map(|(place, entry)| Some((entry.due_since()?, place)))
            .filter(|(since, _)| *since <= now)
            .collect();
        due.sort_unstable();
        let mut claims = Vec::new();
        let mut trouble = None;
        for (_, place) in due.into_iter().take(limit) {
            let Some(entry) = self.entries.get_mut(place) else { continue };
            entry.attempts = entry.attempts.saturating_add(1);
            entry.claims = entry.claims.saturating_add(1);
            entry.state = State::Claimed { until };
            let receipt = Receipt { key: entry.key.clone(), claim: entry.claims };
            match entry.effect() {
                Ok(effect) => claims.push(Claim { effect, attempt: entry.attempts, receipt }),
                Err(unreadable) => trouble = Some(unreadable),
            }
        }
        match trouble {
            Some(trouble) if claims.is_empty() => Err(trouble),
            _ => Ok(claims),
        }
    }

    /// Moves a claimed effect on, if the receipt is that of its last claim.
    fn settle(&mut self, receipt: &Receipt, state: State) -> Result<(), PortError> {
        let entry = self.places.get(&receipt.key).and_then(|place| self.entries.get_mut(*place));
        match entry {
            Some(entry)
                if entry.claims == receipt.claim
                    && matches!(entry.state, State::Claimed { .. }) =>
            {
                entry.state = state;
                Ok(())
            }
            _ => Err(PortError::conflict("this claim has been overtaken")),
        }
    }
}

#[async_trait]
impl EffectQueue for MemoryStore {
    async fn claim(
        &self,
        now: DateTime<Utc>,
        lease: TimeDelta,
        limit: usize,
    ) -> Result<Vec<Claim>, PortError> {
        let until = now.checked_add_signed(lease).unwrap_or(DateTime::<Utc>::MAX_UTC);
        self.content().queue.claim(now, until, limit)
    }

    async fn done(&self, receipt: &Receipt) -> Result<(), PortError> {
        self.content().queue.settle(receipt, State::Done)
    }

    async fn retry_at(&self, receipt: &Receipt, at: DateTime<Utc>) -> Result<(), PortError> {
        self.content().queue.settle(receipt, State::Due { at })
    }

    async fn park(&self, receipt: &Receipt, at: DateTime<Utc>, why: &str) -> Result<(), PortError> {
        let why = why.to_owned();
        self.content().queue.settle(receipt, State::Parked { at, why })
    }

    async fn parked(&self, limit: usize) -> Result<Vec<ParkedEffect>, PortError> {
        let content = self.content();
        let mut parked = Vec::new();
        for entry in &content.queue.entries {
            if let State::Parked { at, why } = &entry.state {
                let effect = entry.effect()?;
                parked.push(ParkedEffect { effect, why: why.clone(), parked_at: *at });
            }
        }
        parked.sort_by_key(|parked| parked.parked_at);
        parked.truncate(limit);
        Ok(parked)
    }

    async fn unpark(&self, key: &EffectKey, at: DateTime<Utc>) -> Result<bool, PortError> {
        let queue = &mut self.content().queue;
        let place = queue.places.get(key).copied();
        match place.and_then(|place| queue.entries.get_mut(place)) {
            Some(entry) if matches!(entry.state, State::Parked { .. }) => {
                entry.state = State::Due { at };
                entry.attempts = 0;
                Ok(true)
            }
            _ => Ok(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use ravs_core::Work;
    use ravs_core::port::PortErrorKind;

    use super::*;

    #[test]
    fn an_effect_that_does_not_load_holds_up_nothing_else() {
        let mut queue = Queue::default();
        let key = |text: &str| EffectKey::from_stored(text.to_owned());
        let user = "00000000-0000-4000-8000-000000000001".parse().unwrap();
        let now = DateTime::UNIX_EPOCH;
        let good = Effect { key: key("good"), work: Work::OpenAccount { user }, queued_at: now };
        queue.add(key("bad"), "{}".to_owned());
        queue.add(key("good"), table::write(&good).unwrap());
        let until = now + TimeDelta::minutes(5);
        let claims = queue.claim(now, until, 10).unwrap();
        assert_eq!(claims.iter().map(|claim| &claim.effect).collect::<Vec<_>>(), [&good]);
        queue.settle(&claims[0].receipt, State::Done).unwrap();
        // It waits for its lease, and is an error where it is all there is.
        assert_eq!(queue.claim(now, until, 10).unwrap(), []);
        let alone = queue.claim(until, until, 10).unwrap_err();
        assert!(matches!(alone.kind(), PortErrorKind::Corrupt { .. }));
    }
}
