//! Saving a change set: the one way in which anything changes.

use std::collections::{BTreeMap, BTreeSet};

use ravs_core::port::PortError;
use ravs_core::{ChangeSet, Guard, OrganisationState, Version, Write};

use super::queue::Queued;
use super::{Content, Shelf};

impl Shelf {
    /// Changes a copy, which takes the original's place once everything has gone well.
    pub(super) fn save(&self, change: &ChangeSet) -> Result<(), PortError> {
        let mut content = self.content();
        let mut changed = content.clone();
        changed.save(change)?;
        *content = changed;
        Ok(())
    }
}

impl Content {
    fn save(&mut self, change: &ChangeSet) -> Result<(), PortError> {
        if !self.saved.insert(change.id()) {
            return Ok(()); // it is saved already
        }
        for guard in change.guards() {
            self.check(guard)?;
        }
        for write in change.organisations() {
            put(&mut self.organisations, write.state.id(), write, |state| state.version())?;
        }
        for write in change.memberships() {
            let key = (write.state.organisation(), write.state.user());
            put(&mut self.memberships, key, write, |state| state.version())?;
        }
        for write in change.users() {
            put(&mut self.users, write.state.id(), write, |state| state.version())?;
        }
        for write in change.regional_leads() {
            put(&mut self.regional_leads, write.state.user(), write, |state| state.version())?;
        }
        for write in change.records() {
            let key = (write.state.organisation(), write.state.id());
            put(&mut self.records, key, write, |state| state.version())?;
        }
        self.history.extend(change.events().iter().cloned());
        self.queue.extend(change.effects().iter().cloned().map(Queued::new));
        self.check_unique()
    }

    /// What the change was decided on must still be as it was.
    fn check(&self, guard: &Guard) -> Result<(), PortError> {
        let (decided_on, stored) = match *guard {
            Guard::Organisation(id, version) => {
                (version, self.organisations.get(&id).map(|state| state.version()))
            }
            Guard::Membership(organisation, user, version) => {
                let membership = self.memberships.get(&(organisation, user));
                (version, membership.map(|state| state.version()))
            }
            Guard::RegionalLead(user, version) => {
                (version, self.regional_leads.get(&user).map(|state| state.version()))
            }
        };
        same(Some(decided_on), stored)
    }

    /// There is one organisation that is not Closed for a code, one user for an address and for
    /// a subject. (A database has unique indexes for this.)
    fn check_unique(&self) -> Result<(), PortError> {
        let open = |state: &OrganisationState| !matches!(state, OrganisationState::Closed { .. });
        let organisations = self.organisations.values();
        let unique = all_different(organisations.filter(|o| open(o.state())).map(|o| o.ods_code()))
            && all_different(self.users.values().map(|user| user.email()))
            && all_different(self.users.values().filter_map(|user| user.subject()));
        if unique { Ok(()) } else { Err(PortError::conflict("that is taken")) }
    }
}

/// Puts a state in its place, if what is there is what it was decided on.
fn put<K: Ord, T: Clone>(
    states: &mut BTreeMap<K, T>,
    key: K,
    write: &Write<T>,
    version: impl Fn(&T) -> Version,
) -> Result<(), PortError> {
    same(write.replaces, states.get(&key).map(version))?;
    states.insert(key, write.state.clone());
    Ok(())
}

fn same(decided_on: Option<Version>, stored: Option<Version>) -> Result<(), PortError> {
    if decided_on == stored { Ok(()) } else { Err(PortError::conflict("it has moved")) }
}

fn all_different<T: Ord>(mut values: impl Iterator<Item = T>) -> bool {
    let mut seen = BTreeSet::new();
    values.all(|value| seen.insert(value))
}
