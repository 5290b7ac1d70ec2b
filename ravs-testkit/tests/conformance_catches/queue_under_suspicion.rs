//! A queue with one fault, or none.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use ravs_core::port::{Claim, ParkedEffect, PortError, Receipt};
use ravs_core::{ChangeSet, Effect, EffectKey};

use super::dawdle;
use crate::queue_fault::QueueFault;

pub(super) struct Queue {
    fault: Option<QueueFault>,
    content: Mutex<Content>,
}

#[derive(Default)]
struct Content {
    entries: Vec<Entry>,
    /// The number of the next effect.
    next: usize,
    /// The highest number that was ever claimed.
    claimed: Option<usize>,
    spoilt: Vec<EffectKey>,
}

#[derive(Clone)]
struct Entry {
    number: usize,
    effect: Effect,
    state: State,
    attempts: u32,
    claims: u64,
}

#[derive(Clone, PartialEq, Eq)]
enum State {
    New,
    Due(DateTime<Utc>),
    Claimed(DateTime<Utc>),
    Parked(DateTime<Utc>, String),
    Done,
}

impl Queue {
    pub(super) fn with(fault: Option<QueueFault>) -> Self {
        Self { fault, content: Mutex::default() }
    }

    fn has(&self, fault: QueueFault) -> bool {
        self.fault == Some(fault)
    }

    fn content(&self) -> MutexGuard<'_, Content> {
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues the effects of a commit, which may be a repeat.
    pub(super) fn queue(&self, change: &ChangeSet, repeat: bool) {
        for effect in change.effects() {
            let mut content = self.content();
            let before = content.entries.iter().rposition(|entry| entry.effect.key == effect.key);
            if let Some(before) = before
                && repeat
            {
                match self.fault {
                    Some(QueueFault::QueuesRepeats) => {}
                    Some(QueueFault::QueuesWhatIsDoneAgain)
                        if content.entries[before].state == State::Done => {}
                    _ => continue,
                }
            }
            let mut effect = effect.clone();
            if self.has(QueueFault::TruncatesTimes) {
                effect.queued_at = effect.queued_at.trunc_subsecs(6);
            }
            let number = content.next;
            content.next += 1;
            if self.has(QueueFault::PassesOver) {
                drop(content);
                dawdle(); // numbered, and not yet seen
                content = self.content();
            }
            let state = State::New;
            content.entries.push(Entry { number, effect, state, attempts: 0, claims: 0 });
        }
    }

    /// A commit was refused.
    pub(super) fn queue_refused(&self, change: &ChangeSet) {
        if self.has(QueueFault::QueuesTheRefused) {
            self.queue(change, false);
        }
    }

    fn due_since(&self, entry: &Entry, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let since = match &entry.state {
            State::New if self.has(QueueFault::NewOnesWaitForTheClock) => entry.effect.queued_at,
            State::New if self.has(QueueFault::ByClock) => {
                entry.effect.queued_at - TimeDelta::days(100_000)
            }
            State::New if self.has(QueueFault::TriedBeforeNew) => now,
            State::New => DateTime::<Utc>::MIN_UTC,
            State::Due(at) => *at,
            State::Claimed(_) if self.has(QueueFault::NeverGivesBack) => return None,
            State::Claimed(_) if self.has(QueueFault::NeverHides) => now,
            State::Claimed(until) => *until,
            State::Parked(at, _) if self.has(QueueFault::ParkedStayDue) => *at,
            State::Done if self.has(QueueFault::BringsBackWhatIsDone) => {
                now - TimeDelta::minutes(1)
            }
            State::Parked(..) | State::Done => return None,
        };
        (since <= now).then_some(since)
    }

    pub(super) fn claim(
        &self,
        now: DateTime<Utc>,
        lease: TimeDelta,
        limit: usize,
    ) -> Result<Vec<Claim>, PortError> {
        let mut content = self.content();
        if content.entries.is_empty() && self.has(QueueFault::FailsWhenEmpty) {
            return Err(PortError::unavailable("there is no queue yet"));
        }
        let passed = content.claimed.filter(|_| self.has(QueueFault::PassesOver));
        let mut due: Vec<(DateTime<Utc>, usize, usize)> = content
            .entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| {
                passed.is_none_or(|last| entry.state != State::New || entry.number > last)
            })
            .filter_map(|(place, entry)| Some((self.due_since(entry, now)?, entry.number, place)))
            .collect();
        due.sort_unstable();
        if self.has(QueueFault::NewestFirst) {
            due.reverse();
        }
        if !self.has(QueueFault::WithoutLimit) {
            due.truncate(limit);
        }
        if self.has(QueueFault::LooksThenClaims) {
            drop(content);
            dawdle();
            content = self.content();
        }
        let lease =
            if self.has(QueueFault::OneLeaseForAll) { TimeDelta::minutes(5) } else { lease };
        let spoilt = content.spoilt.clone();
        let mut claims = Vec::new();
        let mut trouble = None;
        for (_, number, place) in due {
            content.claimed = content.claimed.max(Some(number));
            let entry = &mut content.entries[place];
            if spoilt.contains(&entry.effect.key) {
                if !self.has(QueueFault::SpoiltStaysDue) {
                    entry.state = State::Claimed(now + lease);
                }
                trouble = Some(PortError::corrupt("it is spoilt"));
                continue;
            }
            entry.attempts += 1;
            entry.claims += 1;
            entry.state = State::Claimed(now + lease);
            let fewer = u32::from(self.has(QueueFault::CountsFromZero));
            claims.push(Claim {
                effect: entry.effect.clone(),
                attempt: entry.attempts - fewer,
                receipt: Receipt { key: entry.effect.key.clone(), claim: entry.claims },
            });
        }
        match trouble {
            Some(trouble) if self.has(QueueFault::SpoiltHoldsUpAll) => Err(trouble),
            Some(trouble) if claims.is_empty() && !self.has(QueueFault::LosesTheSpoilt) => {
                Err(trouble)
            }
            _ => Ok(claims),
        }
    }

    pub(super) fn spoil(&self, key: &EffectKey) {
        self.content().spoilt.push(key.clone());
    }

    fn settle(&self, receipt: &Receipt, settled: impl FnOnce(&mut Entry)) -> Result<(), PortError> {
        let mut content = self.content();
        let conflict = || Err(PortError::conflict("it was overtaken"));
        let entry = content.entries.iter_mut().find(|entry| entry.effect.key == receipt.key);
        let Some(entry) = entry else {
            return if self.has(QueueFault::TakesUnknownReceipts) { Ok(()) } else { conflict() };
        };
        let claimed = matches!(entry.state, State::Claimed(_))
            || (self.has(QueueFault::TakesReceiptsTwice) && entry.state != State::Done);
        let last = receipt.claim == entry.claims
            || (self.has(QueueFault::TakesOvertakenReceipts) && receipt.claim < entry.claims);
        let late = match entry.state {
            State::Claimed(until) => self.has(QueueFault::OwnClock) && until < own_clock(),
            _ => false,
        };
        if !claimed || !last || late {
            return conflict();
        }
        settled(entry);
        Ok(())
    }

    pub(super) fn done(&self, receipt: &Receipt) -> Result<(), PortError> {
        self.settle(receipt, |entry| entry.state = State::Done)
    }

    pub(super) fn retry_at(&self, receipt: &Receipt, at: DateTime<Utc>) -> Result<(), PortError> {
        self.settle(receipt, |entry| {
            let at = match (self.fault, &entry.state) {
                (Some(QueueFault::RetriesAtOnce), _) => DateTime::<Utc>::MIN_UTC,
                (Some(QueueFault::RetriesWhenTheLeaseEnds), State::Claimed(until)) => {
                    at.min(*until)
                }
                _ => at,
            };
            entry.state = State::Due(at);
            if self.has(QueueFault::CountsTriesAnew) {
                entry.attempts = 0;
            }
        })
    }

    pub(super) fn park(
        &self,
        receipt: &Receipt,
        at: DateTime<Utc>,
        why: &str,
    ) -> Result<(), PortError> {
        let cut = self.has(QueueFault::TruncatesTimes);
        let at = if cut { at.trunc_subsecs(6) } else { at };
        let why = if self.has(QueueFault::ForgetsWhy) { "" } else { why };
        self.settle(receipt, |entry| entry.state = State::Parked(at, why.to_owned()))
    }

    pub(super) fn parked(&self, limit: usize) -> Result<Vec<ParkedEffect>, PortError> {
        let content = self.content();
        let parked = content.entries.iter().filter_map(|entry| match &entry.state {
            State::Parked(at, why) => Some(ParkedEffect {
                effect: entry.effect.clone(),
                why: why.clone(),
                parked_at: *at,
            }),
            _ => None,
        });
        let mut parked: Vec<_> = parked.collect();
        if !self.has(QueueFault::ParkedInTheOrderOfQueueing) {
            parked.sort_by_key(|parked| parked.parked_at);
        }
        if !self.has(QueueFault::ParkedWithoutLimit) {
            parked.truncate(limit);
        }
        let all = parked.len();
        parked.retain(|parked| !content.spoilt.contains(&parked.effect.key));
        let hidden = match self.fault {
            Some(QueueFault::SpoiltHidesTheParked) => parked.len() < all,
            Some(QueueFault::LosesTheSpoiltParked) => false,
            _ => parked.is_empty() && all > 0,
        };
        if hidden { Err(PortError::corrupt("it is spoilt")) } else { Ok(parked) }
    }

    pub(super) fn unpark(&self, key: &EffectKey, at: DateTime<Utc>) -> bool {
        let mut content = self.content();
        let anything = self.has(QueueFault::UnparksAnything);
        let is = |entry: &&mut Entry| {
            entry.effect.key == *key && (anything || matches!(entry.state, State::Parked(..)))
        };
        let Some(entry) = content.entries.iter_mut().find(is) else { return false };
        let at_once = self.has(QueueFault::UnparksAtOnce);
        entry.state = State::Due(if at_once { DateTime::<Utc>::MIN_UTC } else { at });
        if !self.has(QueueFault::UnparksWithItsTries) {
            entry.attempts = 0;
        }
        if self.has(QueueFault::UnparksWithOldReceipts) {
            entry.claims = 0;
        }
        true
    }
}

/// The time by a clock that is not the caller's, and goes years ahead of it.
fn own_clock() -> DateTime<Utc> {
    DateTime::from_timestamp_nanos(4_102_444_800_000_000_000)
}
