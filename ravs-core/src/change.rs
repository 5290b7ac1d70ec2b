//! Change sets: the only thing a store saves.

mod draft;
mod id;

use alloc::vec::Vec;

use crate::effect::Effect;
use crate::event::Event;
use crate::membership::Membership;
use crate::organisation::{Organisation, OrganisationId};
use crate::record::VaccinationRecord;
use crate::region::RegionalLead;
use crate::stored::Version;
use crate::user::{User, UserId};

pub use draft::Context;
pub(crate) use draft::Draft;
pub use id::ChangeSetId;

/// A new state, and the version it replaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write<T> {
    /// The version it was decided on; `None` for something new.
    pub replaces: Option<Version>,
    /// The state to store.
    pub state: T,
}

/// Something that a decision was made on without changing it: it must still have that version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// An organisation.
    Organisation(OrganisationId, Version),
    /// A membership.
    Membership(OrganisationId, UserId, Version),
    /// A regional lead.
    RegionalLead(UserId, Version),
}

/// Everything that one command changes: new states with the versions they were decided on,
/// events, and effects. A store saves it together or not at all.
///
/// Only the core makes change sets, so that nothing it does not allow can be saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeSet {
    id: ChangeSetId,
    organisations: Vec<Write<Organisation>>,
    memberships: Vec<Write<Membership>>,
    users: Vec<Write<User>>,
    regional_leads: Vec<Write<RegionalLead>>,
    records: Vec<Write<VaccinationRecord>>,
    guards: Vec<Guard>,
    events: Vec<Event>,
    effects: Vec<Effect>,
}

impl ChangeSet {
    fn new(id: ChangeSetId) -> Self {
        Self {
            id,
            organisations: Vec::new(),
            memberships: Vec::new(),
            users: Vec::new(),
            regional_leads: Vec::new(),
            records: Vec::new(),
            guards: Vec::new(),
            events: Vec::new(),
            effects: Vec::new(),
        }
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> ChangeSetId {
        self.id
    }

    /// The organisations it writes.
    #[must_use]
    pub fn organisations(&self) -> &[Write<Organisation>] {
        &self.organisations
    }

    /// The memberships it writes.
    #[must_use]
    pub fn memberships(&self) -> &[Write<Membership>] {
        &self.memberships
    }

    /// The users it writes.
    #[must_use]
    pub fn users(&self) -> &[Write<User>] {
        &self.users
    }

    /// The regional leads it writes.
    #[must_use]
    pub fn regional_leads(&self) -> &[Write<RegionalLead>] {
        &self.regional_leads
    }

    /// The records it writes.
    #[must_use]
    pub fn records(&self) -> &[Write<VaccinationRecord>] {
        &self.records
    }

    /// What must not have changed meanwhile.
    #[must_use]
    pub fn guards(&self) -> &[Guard] {
        &self.guards
    }

    /// What happened, in order.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// What is to be done outside, in order.
    #[must_use]
    pub fn effects(&self) -> &[Effect] {
        &self.effects
    }

    /// Whether there is nothing to save.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }
}
