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
        unless_nothing_loads(claims, trouble)
    }

    fn parked(&self, limit: usize) -> Result<Vec<ParkedEffect>, PortError> {
        let parked = self.entries.iter().filter_map(|entry| match &entry.state {
            State::Parked { at, why } => Some((*at, why, entry)),
            State::New | State::Due { .. } | State::Claimed { .. } | State::Done => None,
        });
        let mut parked: Vec<_> = parked.collect();
        parked.sort_by_key(|(at, ..)| *at);
        let mut loaded = Vec::new();
        let mut trouble = None;
        for (parked_at, why, entry) in parked.into_iter().take(limit) {
            match entry.effect() {
                Ok(effect) => loaded.push(ParkedEffect { effect, why: why.clone(), parked_at }),
                Err(unreadable) => trouble = Some(unreadable),
            }
        }
        unless_nothing_loads(loaded, trouble)
    }

    /// Puts anything in the place of a queued effect.
    pub(super) fn overwrite(&mut self, key: &EffectKey, json: String) {
        let entry = self.places.get(key).and_then(|place| self.entries.get_mut(*place));
        if let Some(entry) = entry {
            entry.json = json;
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

/// What loads; an error where there is something and nothing of it does.
fn unless_nothing_loads<T>(
    loaded: Vec<T>,
    trouble: Option<PortError>,
) -> Result<Vec<T>, PortError> {
    match trouble {
        Some(trouble) if loaded.is_empty() => Err(trouble),
        Some(_) | None => Ok(loaded),
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
        self.content().queue.parked(limit)
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
