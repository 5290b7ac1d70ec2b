//! Committing, rightly or wrongly.

use ravs_core::port::PortError;
use ravs_core::{
    ChangeSet, Guard, Membership, Organisation, OrganisationState, StoredMembership,
    StoredOrganisation, User, Version, Write,
};

use super::distortion::distorted;
use super::{Content, StoreUnderSuspicion, dawdle};
use crate::store_fault::StoreFault;

impl StoreUnderSuspicion {
    pub(super) async fn save(&self, change: &ChangeSet) -> Result<(), PortError> {
        let saved = self.save_states(change).await;
        match &saved {
            Ok(repeat) => self.queue.queue(change, *repeat),
            Err(_) => self.queue.queue_refused(change),
        }
        saved.map(|_| ())
    }

    /// Saves it, and says whether it was saved before.
    async fn save_states(&self, change: &ChangeSet) -> Result<bool, PortError> {
        {
            let mut content = self.content();
            if self.is_saved(&content, change) {
                match self.fault {
                    Some(StoreFault::RefusesRepeats) => {
                        return Err(PortError::conflict("it is saved already"));
                    }
                    Some(StoreFault::WritesRepeats) => self.write_states(&mut content, change),
                    Some(StoreFault::WritesEventsOfRepeats) => {
                        content.events.extend(change.events().iter().cloned());
                    }
                    _ => {}
                }
                return Ok(true);
            }
            if self.has(StoreFault::RemembersTheRefused) {
                content.saved.push(change.clone());
            }
            if self.has(StoreFault::WritesBeforeItChecks) {
                self.check_versions(&content, change)?;
                let before = content.clone();
                self.write_states(&mut content, change);
                self.check_unique(&before, change)?;
            } else if let Err(error) = self.check(&content, change) {
                if self.has(StoreFault::KeepsEventsOfTheRefused) {
                    content.events.extend(change.events().iter().cloned());
                }
                return Err(error);
            }
        }
        match self.fault {
            Some(StoreFault::ChecksThenWrites) => dawdle(),
            Some(StoreFault::IsHalfDoneWhenDropped) => {
                self.write_states(&mut self.content(), change);
                self.content().saved.push(change.clone());
                tokio::task::yield_now().await;
                self.content().events.extend(change.events().iter().cloned());
                return Ok(false);
            }
            _ => {}
        }
        let mut content = self.content();
        if !self.has(StoreFault::ChecksThenWrites) {
            if self.is_saved(&content, change) && !self.has(StoreFault::RemembersTheRefused) {
                return Ok(true); // somebody was quicker
            }
            if !self.has(StoreFault::WritesBeforeItChecks) {
                self.check(&content, change)?;
            }
        }
        if self.has(StoreFault::LagsBehind) {
            *self.before.lock().unwrap() = content.clone();
        }
        self.write_states(&mut content, change);
        content.events.extend(change.events().iter().map(|event| distorted(self.fault, event)));
        content.saved.push(change.clone());
        Ok(false)
    }

    fn is_saved(&self, content: &Content, change: &ChangeSet) -> bool {
        content.saved.iter().any(|saved| match self.fault {
            Some(StoreFault::TellsRepeatsByContent) => saved == change,
            _ => saved.id() == change.id(),
        })
    }

    fn check(&self, content: &Content, change: &ChangeSet) -> Result<(), PortError> {
        self.check_versions(content, change)?;
        self.check_unique(content, change)
    }

    fn check_versions(&self, content: &Content, change: &ChangeSet) -> Result<(), PortError> {
        for Write { replaces, state } in change.organisations() {
            let stored = content.organisation(state.id()).map(Organisation::version);
            self.same(*replaces, stored, StoreFault::ForgetsVersionsOfOrganisations)?;
        }
        for Write { replaces, state } in change.memberships() {
            let key = (state.organisation(), state.user());
            let stored = content.membership(key).map(Membership::version);
            self.same(*replaces, stored, StoreFault::ForgetsVersionsOfMemberships)?;
        }
        for Write { replaces, state } in change.users() {
            let stored = content.users.iter().find(|user| user.id() == state.id());
            let stored = stored.map(User::version);
            self.same(*replaces, stored, StoreFault::ForgetsVersionsOfUsers)?;
        }
        for Write { replaces, state } in change.regional_leads() {
            let stored = content.leads.iter().find(|lead| lead.user() == state.user());
            let stored = stored.map(|lead| lead.version());
            self.same(*replaces, stored, StoreFault::ForgetsVersionsOfRegionalLeads)?;
        }
        for Write { replaces, state } in change.records() {
            let stored = content.records.iter().find(|record| record.id() == state.id());
            let stored = stored.map(|record| record.version());
            self.same(*replaces, stored, StoreFault::ForgetsVersionsOfRecords)?;
        }
        for guard in change.guards() {
            let (version, stored, forgets) = match *guard {
                Guard::Organisation(id, version) => (
                    version,
                    content.organisation(id).map(Organisation::version),
                    StoreFault::ForgetsGuardsOfOrganisations,
                ),
                Guard::Membership(organisation, user, version) => (
                    version,
                    content.membership((organisation, user)).map(Membership::version),
                    StoreFault::ForgetsGuardsOfMemberships,
                ),
                Guard::RegionalLead(user, version) => (
                    version,
                    content.leads.iter().find(|lead| lead.user() == user).map(|l| l.version()),
                    StoreFault::ForgetsGuardsOfRegionalLeads,
                ),
            };
            self.same(Some(version), stored, forgets)?;
        }
        Ok(())
    }

    fn same(
        &self,
        decided_on: Option<Version>,
        stored: Option<Version>,
        forgets: StoreFault,
    ) -> Result<(), PortError> {
        let same = match (decided_on, stored) {
            (Some(a), Some(b)) => {
                let last_bit = self.has(StoreFault::ComparesTheLastBitOfVersions);
                a == b || self.has(forgets) || (last_bit && a.number() % 2 == b.number() % 2)
            }
            (None, Some(_)) => self.has(StoreFault::OverwritesWithWhatIsNew),
            (Some(_), None) => self.has(StoreFault::ChangesWhatIsUnknown),
            (None, None) => true,
        };
        if same { Ok(()) } else { Err(PortError::conflict("it has moved")) }
    }

    fn check_unique(&self, content: &Content, change: &ChangeSet) -> Result<(), PortError> {
        for Write { state, .. } in change.organisations() {
            if is_closed(state) {
                continue;
            }
            let now = state.stored().changed_at;
            let held = content.organisations.iter().any(|other| {
                let closing = change.organisations().iter().any(|write| {
                    write.state.id() == other.id()
                        && is_closed(&write.state)
                        && !self.has(StoreFault::OverlooksAClosingInTheSameCommit)
                });
                let closed = match self.fault {
                    Some(StoreFault::FreesCodesWhenAClosingComes) => {
                        let closing = other.state().closing();
                        is_closed(other) || closing.is_some_and(|closing| closing.has_come(now))
                    }
                    Some(StoreFault::NeverFreesCodes) => false,
                    Some(StoreFault::AcceptsACodeInEachRegion) => {
                        is_closed(other) || other.region() != state.region()
                    }
                    _ => is_closed(other),
                };
                other.id() != state.id()
                    && other.ods_code() == state.ods_code()
                    && !closed
                    && !closing
            });
            if held && !self.has(StoreFault::AcceptsDuplicateCodes) {
                return Err(PortError::conflict("the code is held"));
            }
        }
        for Write { state, .. } in change.users() {
            let taken = content.users.iter().filter(|user| user.id() != state.id()).any(|user| {
                let same_address = match self.fault {
                    Some(StoreFault::AcceptsDuplicateAddresses) => false,
                    Some(StoreFault::TellsAddressesApartByCase) => {
                        user.email().as_str() == state.email().as_str()
                    }
                    _ => user.email() == state.email(),
                };
                let subjects = user.subject().zip(state.subject());
                let same_subject = subjects.is_some_and(|(a, b)| match self.fault {
                    Some(StoreFault::AcceptsDuplicateSubjects) => false,
                    Some(StoreFault::FoldsSubjects) => {
                        a.as_str().to_lowercase() == b.as_str().to_lowercase()
                    }
                    _ => a == b,
                });
                same_address || same_subject
            });
            if taken {
                return Err(PortError::conflict("the address or the subject is somebody's"));
            }
        }
        Ok(())
    }

    fn write_states(&self, content: &mut Content, change: &ChangeSet) {
        for Write { state, .. } in change.organisations() {
            let mut state = distorted(self.fault, state);
            if self.has(StoreFault::CountsVersionsItself) {
                let stored = state.stored().clone();
                let version = stored.version.next();
                state = Organisation::restore(StoredOrganisation { version, ..stored }).unwrap();
            }
            if let Some(closing) = state.state().closing()
                && !content.first_closings.iter().any(|(_, id)| *id == state.id())
            {
                content.first_closings.push((closing.instant(), state.id()));
            }
            put(&mut content.organisations, state, |a, b| a.id() == b.id());
        }
        for Write { state, .. } in change.memberships() {
            let same = |a: &Membership, b: &Membership| {
                (a.organisation(), a.user()) == (b.organisation(), b.user())
            };
            put(&mut content.memberships, distorted(self.fault, state), same);
        }
        for Write { state, .. } in change.users() {
            put(&mut content.users, distorted(self.fault, state), |a, b| a.id() == b.id());
        }
        for Write { state, .. } in change.regional_leads() {
            put(&mut content.leads, distorted(self.fault, state), |a, b| a.user() == b.user());
        }
        for Write { state, .. } in change.records() {
            let mut state = distorted(self.fault, state);
            if self.has(StoreFault::ForgetsRevisions) {
                let mut json = serde_json::to_value(&state).unwrap();
                let revisions = json["revisions"].as_array_mut().unwrap();
                revisions.drain(..revisions.len() - 1);
                state = serde_json::from_value(json).unwrap();
            }
            put(&mut content.records, state, |a, b| a.id() == b.id());
        }
        if self.has(StoreFault::MovesWhatIsGuarded) {
            for guard in change.guards() {
                let Guard::Membership(organisation, user, _) = *guard else { continue };
                let Some(guarded) = content.membership((organisation, user)) else { continue };
                let stored = guarded.stored().clone();
                let version = stored.version.next();
                let moved = Membership::restore(StoredMembership { version, ..stored }).unwrap();
                put(&mut content.memberships, moved, |a, b| {
                    (a.organisation(), a.user()) == (b.organisation(), b.user())
                });
            }
        }
    }
}

fn put<T>(states: &mut Vec<T>, state: T, same: impl Fn(&T, &T) -> bool) {
    match states.iter_mut().find(|stored| same(stored, &state)) {
        Some(stored) => *stored = state,
        None => states.push(state),
    }
}

pub(super) fn is_closed(organisation: &Organisation) -> bool {
    matches!(organisation.state(), OrganisationState::Closed { .. })
}
