//! Committing a change set: all of it or nothing.

use ravs_core::port::PortError;
use ravs_core::{
    ChangeSet, Guard, Organisation, OrganisationState, RecordId, User, Version, Write,
};

use super::Content;
use super::table::write;

impl Content {
    /// Checks everything, then writes everything.
    pub(super) fn commit(&mut self, change: &ChangeSet) -> Result<(), PortError> {
        if self.committed.contains(&change.id()) {
            return Ok(());
        }
        self.check_versions(change)?;
        self.check_unique(change)?;
        let events = change
            .events()
            .iter()
            .map(|event| Ok((event.stream, write(event)?)))
            .collect::<Result<Vec<_>, PortError>>()?;
        let effects = change
            .effects()
            .iter()
            .map(|effect| Ok((effect.key.clone(), write(effect)?)))
            .collect::<Result<Vec<_>, PortError>>()?;
        for Write { state, .. } in change.organisations() {
            self.put_organisation(state)?;
        }
        for Write { state, .. } in change.memberships() {
            let (organisation, user) = (state.organisation(), state.user());
            self.memberships.put((organisation, user), state.version(), state)?;
            self.places.insert((user, organisation));
        }
        for Write { state, .. } in change.users() {
            self.put_user(state)?;
        }
        for Write { state, .. } in change.regional_leads() {
            self.regional_leads.put(state.user(), state.version(), state)?;
        }
        for Write { state, .. } in change.records() {
            self.records.put((state.organisation(), state.id()), state.version(), state)?;
        }
        for (stream, event) in events {
            self.history.entry(stream).or_default().push(event);
        }
        for (key, effect) in effects {
            self.queue.add(key, effect);
        }
        self.committed.insert(change.id());
        Ok(())
    }

    fn check_versions(&self, change: &ChangeSet) -> Result<(), PortError> {
        for Write { replaces, state } in change.organisations() {
            same(*replaces, self.organisations.version(&state.id()))?;
        }
        for Write { replaces, state } in change.memberships() {
            let key = (state.organisation(), state.user());
            same(*replaces, self.memberships.version(&key))?;
        }
        for Write { replaces, state } in change.users() {
            same(*replaces, self.users.version(&state.id()))?;
        }
        for Write { replaces, state } in change.regional_leads() {
            same(*replaces, self.regional_leads.version(&state.user()))?;
        }
        for Write { replaces, state } in change.records() {
            let key: (_, RecordId) = (state.organisation(), state.id());
            same(*replaces, self.records.version(&key))?;
        }
        for guard in change.guards() {
            let (decided_on, stored) = match *guard {
                Guard::Organisation(id, version) => (version, self.organisations.version(&id)),
                Guard::Membership(organisation, user, version) => {
                    (version, self.memberships.version(&(organisation, user)))
                }
                Guard::RegionalLead(user, version) => (version, self.regional_leads.version(&user)),
            };
            same(Some(decided_on), stored)?;
        }
        Ok(())
    }

    fn check_unique(&self, change: &ChangeSet) -> Result<(), PortError> {
        let closing = |id| {
            change
                .organisations()
                .iter()
                .any(|Write { state, .. }| state.id() == id && is_closed(state))
        };
        for Write { state, .. } in change.organisations() {
            let holder = self.codes.get(state.ods_code()).copied();
            let held = holder.is_some_and(|holder| holder != state.id() && !closing(holder));
            if held && !is_closed(state) {
                return Err(PortError::conflict("another organisation holds this ODS code"));
            }
        }
        for Write { state, .. } in change.users() {
            let taken = self.emails.get(state.email()).is_some_and(|id| *id != state.id())
                || state.subject().is_some_and(|subject| {
                    self.subjects.get(subject).is_some_and(|id| *id != state.id())
                });
            if taken {
                return Err(PortError::conflict("another user has this address or subject"));
            }
        }
        Ok(())
    }

    fn put_organisation(&mut self, state: &Organisation) -> Result<(), PortError> {
        let id = state.id();
        if let Some(before) = self.closing_of.remove(&id) {
            self.closings.remove(&(before, id));
        }
        if let Some(closing) = state.state().closing() {
            self.closing_of.insert(id, closing.instant());
            self.closings.insert((closing.instant(), id));
        }
        if is_closed(state) {
            if self.codes.get(state.ods_code()) == Some(&id) {
                self.codes.remove(state.ods_code());
            }
        } else {
            self.codes.insert(state.ods_code().clone(), id);
        }
        self.lists.insert((state.region(), state.name().to_owned(), id));
        self.organisations.put(id, state.version(), state)
    }

    fn put_user(&mut self, state: &User) -> Result<(), PortError> {
        self.emails.insert(state.email().clone(), state.id());
        if let Some(subject) = state.subject() {
            self.subjects.insert(subject.clone(), state.id());
        }
        self.users.put(state.id(), state.version(), state)
    }
}

fn same(decided_on: Option<Version>, stored: Option<Version>) -> Result<(), PortError> {
    if decided_on == stored {
        return Ok(());
    }
    Err(PortError::conflict("what this was decided on has changed"))
}

fn is_closed(organisation: &Organisation) -> bool {
    matches!(organisation.state(), OrganisationState::Closed { .. })
}
