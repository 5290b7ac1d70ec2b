//! A store in memory: concurrent, with optimistic versions, and with copies of what it is given.

mod commit;
mod queue;
mod reads;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use ravs_core::port::PortError;
use ravs_core::{
    ChangeSetId, Effect, EffectKey, EmailAddress, Event, Membership, OdsCode, Organisation,
    OrganisationId, RecordId, Region, RegionalLead, Stream, Subject, User, UserId,
    VaccinationRecord,
};
use serde_json::Value;

use queue::Queue;
use table::Table;

/// A store and its queue of effects, in memory. Clones share their content.
///
/// It keeps everything as JSON and reads it back through the core's checks, so that nothing
/// passes here that would not pass on a disk. Everything happens under one lock; nothing waits
/// while holding it.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore(Arc<Mutex<Content>>);

#[derive(Debug, Default)]
struct Content {
    organisations: Table<OrganisationId, Organisation>,
    memberships: Table<(OrganisationId, UserId), Membership>,
    users: Table<UserId, User>,
    regional_leads: Table<UserId, RegionalLead>,
    records: Table<(OrganisationId, RecordId), VaccinationRecord>,
    /// Which organisation holds a code: the one that is not stored as Closed.
    codes: BTreeMap<OdsCode, OrganisationId>,
    emails: BTreeMap<EmailAddress, UserId>,
    subjects: BTreeMap<Subject, UserId>,
    /// The places of each user.
    places: BTreeSet<(UserId, OrganisationId)>,
    /// Each region's organisations in the order of its list.
    lists: BTreeSet<(Region, String, OrganisationId)>,
    /// The closings that are set, in their order.
    closings: BTreeSet<(DateTime<Utc>, OrganisationId)>,
    closing_of: BTreeMap<OrganisationId, DateTime<Utc>>,
    /// The events of every history in order, as JSON.
    history: BTreeMap<Stream, Vec<String>>,
    committed: BTreeSet<ChangeSetId>,
    queue: Queue,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Every effect that was ever queued, in order.
    #[must_use]
    pub fn effects(&self) -> Vec<Effect> {
        self.content().queue.all()
    }

    /// The effects that are not carried out yet, parked ones too, in order.
    #[must_use]
    pub fn queued(&self) -> Vec<Effect> {
        self.content().queue.queued()
    }

    /// The keys of the effects that are carried out.
    #[must_use]
    pub fn done(&self) -> Vec<EffectKey> {
        self.content().queue.done()
    }

    /// Whether a change set is saved.
    #[must_use]
    pub fn is_committed(&self, change: ChangeSetId) -> bool {
        self.content().committed.contains(&change)
    }

    /// Every organisation, by id.
    ///
    /// # Errors
    /// [`PortError`] where a stored one does not load.
    pub fn organisations_stored(&self) -> Result<Vec<Organisation>, PortError> {
        self.content().organisations.all()
    }

    /// Every event of a history, in order.
    ///
    /// # Errors
    /// [`PortError`] where a stored one does not load.
    pub fn events(&self, stream: Stream) -> Result<Vec<Event>, PortError> {
        let content = self.content();
        content.history.get(&stream).into_iter().flatten().map(|json| table::read(json)).collect()
    }

    /// Puts anything in the place of a stored organisation, as a careless hand would.
    pub fn overwrite_organisation(&self, id: OrganisationId, stored: &Value) {
        self.content().organisations.overwrite(&id, stored);
    }

    /// Puts anything in the place of a stored membership, as a careless hand would.
    pub fn overwrite_membership(&self, of: (OrganisationId, UserId), stored: &Value) {
        self.content().memberships.overwrite(&of, stored);
    }

    /// Puts anything in the place of a queued effect, as a careless hand would.
    pub fn overwrite_effect(&self, key: &EffectKey, stored: &Value) {
        self.content().queue.overwrite(key, stored.to_string());
    }

    fn content(&self) -> MutexGuard<'_, Content> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
