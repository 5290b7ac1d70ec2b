//! A host's own store, as short as it can honestly be said.
//!
//! [`Shelf`] keeps whole states in maps behind one lock. A real one keeps them in a database, and
//! has the same four things to see to:
//!
//! 1. **All of a change set or nothing**: here, a copy is changed, and takes the original's place
//!    only once everything has gone well.
//! 2. **Versions**: a state is replaced only if it still has the version it was decided on, and
//!    what is guarded still has the version that was looked at.
//! 3. **What there is one of**: one organisation that is not Closed for a code, one user for an
//!    address and for a subject.
//! 4. **Once**: a change set whose id is saved already is not saved again.
//!
//! There is no rule of the service in it: those are the core's. Whether it keeps its promises is
//! for the conformance suites to say: run `cargo run --bin bring_your_own_store`, or see the
//! tests, which name the suites in five lines.

mod commit;
mod queue;
mod reads;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use ravs_core::{
    ChangeSetId, Event, Membership, Organisation, OrganisationId, RecordId, RegionalLead, User,
    UserId, VaccinationRecord,
};

use queue::Queued;

/// Everything a service keeps, on one shelf, behind one lock.
#[derive(Debug, Default)]
pub struct Shelf(Mutex<Content>);

#[derive(Clone, Debug, Default)]
struct Content {
    organisations: BTreeMap<OrganisationId, Organisation>,
    memberships: BTreeMap<(OrganisationId, UserId), Membership>,
    users: BTreeMap<UserId, User>,
    regional_leads: BTreeMap<UserId, RegionalLead>,
    records: BTreeMap<(OrganisationId, RecordId), VaccinationRecord>,
    history: Vec<Event>,
    queue: Vec<Queued>,
    saved: BTreeSet<ChangeSetId>,
}

impl Shelf {
    fn content(&self) -> MutexGuard<'_, Content> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
