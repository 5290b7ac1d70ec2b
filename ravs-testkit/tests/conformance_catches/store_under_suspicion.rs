//! A store with one fault, or none: whole states in lists, looked through from end to end.

mod commit;
mod distortion;
mod looking;
mod reads;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use ravs_core::port::{Claim, EffectQueue, PageKey, ParkedEffect, PortError, Receipt};
use ravs_core::{
    ChangeSet, EffectKey, Event, Membership, Organisation, OrganisationId, RegionalLead, Standing,
    User, UserId, VaccinationRecord,
};
use ravs_testkit::conformance::spoilt_queue::SpoilEffect;
use ravs_testkit::conformance::spoilt_store::Spoil;

use crate::queue_fault::QueueFault;
use crate::store_fault::StoreFault;
use queue::Queue;

#[path = "queue_under_suspicion.rs"]
mod queue;

/// A store with one fault, and a queue with one, or none.
pub(crate) struct StoreUnderSuspicion {
    fault: Option<StoreFault>,
    content: Mutex<Content>,
    /// What was there before the last commit.
    before: Mutex<Content>,
    /// The standings that were read, for a store that remembers them.
    standings: Mutex<Vec<Standing>>,
    /// The offsets at which pages ended, for a store that goes by them.
    offsets: Mutex<Vec<(PageKey, usize)>>,
    queue: Queue,
}

#[derive(Clone, Default)]
struct Content {
    organisations: Vec<Organisation>,
    memberships: Vec<Membership>,
    users: Vec<User>,
    leads: Vec<RegionalLead>,
    records: Vec<VaccinationRecord>,
    events: Vec<Event>,
    saved: Vec<ChangeSet>,
    /// The closing that each organisation had first.
    first_closings: Vec<(DateTime<Utc>, OrganisationId)>,
    spoilt_organisations: Vec<OrganisationId>,
    spoilt_memberships: Vec<(OrganisationId, UserId)>,
}

impl StoreUnderSuspicion {
    pub(crate) fn with(fault: Option<StoreFault>, queue: Option<QueueFault>) -> Self {
        Self {
            fault,
            content: Mutex::default(),
            before: Mutex::default(),
            standings: Mutex::default(),
            offsets: Mutex::default(),
            queue: Queue::with(queue),
        }
    }

    fn has(&self, fault: StoreFault) -> bool {
        self.fault == Some(fault)
    }

    fn content(&self) -> MutexGuard<'_, Content> {
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Gives every other thread the time to come in between.
fn dawdle() {
    for _ in 0..300 {
        thread::yield_now();
    }
}

#[async_trait]
impl Spoil for StoreUnderSuspicion {
    async fn spoil_organisation(&self, id: OrganisationId) {
        self.content().spoilt_organisations.push(id);
    }

    async fn spoil_membership(&self, organisation: OrganisationId, user: UserId) {
        self.content().spoilt_memberships.push((organisation, user));
    }
}

#[async_trait]
impl SpoilEffect for StoreUnderSuspicion {
    async fn spoil_effect(&self, key: &EffectKey) {
        self.queue.spoil(key);
    }
}

#[async_trait]
impl EffectQueue for StoreUnderSuspicion {
    async fn claim(
        &self,
        now: DateTime<Utc>,
        lease: TimeDelta,
        limit: usize,
    ) -> Result<Vec<Claim>, PortError> {
        self.queue.claim(now, lease, limit)
    }

    async fn done(&self, receipt: &Receipt) -> Result<(), PortError> {
        self.queue.done(receipt)
    }

    async fn retry_at(&self, receipt: &Receipt, at: DateTime<Utc>) -> Result<(), PortError> {
        self.queue.retry_at(receipt, at)
    }

    async fn park(&self, receipt: &Receipt, at: DateTime<Utc>, why: &str) -> Result<(), PortError> {
        self.queue.park(receipt, at, why)
    }

    async fn parked(&self, limit: usize) -> Result<Vec<ParkedEffect>, PortError> {
        self.queue.parked(limit)
    }

    async fn unpark(&self, key: &EffectKey, at: DateTime<Utc>) -> Result<bool, PortError> {
        Ok(self.queue.unpark(key, at))
    }
}
