//! A change set in the making.

use chrono::{DateTime, Utc};

use super::{ChangeSet, ChangeSetId, Guard, Write};
use crate::effect::{Effect, Work};
use crate::event::{Actor, Event, EventId, Happening, Stream};
use crate::membership::Membership;
use crate::organisation::{Organisation, OrganisationId};
use crate::port::IdSource;
use crate::record::VaccinationRecord;
use crate::region::RegionalLead;
use crate::settings::Settings;
use crate::stored::Version;
use crate::user::{User, UserId};

/// What every decision is made in: the settings, the time, who asks, and where ids come from.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The host's settings.
    pub settings: &'a Settings,
    /// The time (UTC), read once.
    pub now: DateTime<Utc>,
    /// Who asks.
    pub by: Actor,
    /// Where ids come from.
    pub ids: &'a dyn IdSource,
}

/// A change set in the making.
pub(crate) struct Draft<'a> {
    pub(crate) context: Context<'a>,
    change: ChangeSet,
}

impl<'a> Draft<'a> {
    pub(crate) fn new(context: Context<'a>) -> Self {
        let id = ChangeSetId::from_uuid(context.ids.next_id());
        Self { context, change: ChangeSet::new(id) }
    }

    /// Carries the id of the effect it belongs to, so that carrying that out twice saves it once.
    pub(crate) fn repeatable(context: Context<'a>, id: ChangeSetId) -> Self {
        Self { context, change: ChangeSet::new(id) }
    }

    /// An organisation changed; `replaces` is the version that was loaded. A later write of the
    /// same one takes the place of an earlier.
    pub(crate) fn organisation(&mut self, replaces: Option<Version>, state: Organisation) {
        let writes = &mut self.change.organisations;
        match writes.iter_mut().find(|write| write.state.id() == state.id()) {
            Some(write) => write.state = state,
            None => writes.push(Write { replaces, state }),
        }
    }

    pub(crate) fn membership(&mut self, replaces: Option<Version>, state: Membership) {
        let same = |write: &&mut Write<Membership>| {
            (write.state.organisation(), write.state.user()) == (state.organisation(), state.user())
        };
        let writes = &mut self.change.memberships;
        match writes.iter_mut().find(same) {
            Some(write) => write.state = state,
            None => writes.push(Write { replaces, state }),
        }
    }

    pub(crate) fn user(&mut self, replaces: Option<Version>, state: User) {
        self.change.users.push(Write { replaces, state });
    }

    pub(crate) fn regional_lead(&mut self, replaces: Option<Version>, state: RegionalLead) {
        self.change.regional_leads.push(Write { replaces, state });
    }

    pub(crate) fn record(&mut self, replaces: Option<Version>, state: VaccinationRecord) {
        self.change.records.push(Write { replaces, state });
    }

    pub(crate) fn guard(&mut self, guard: Guard) {
        if !self.change.guards.contains(&guard) {
            self.change.guards.push(guard);
        }
    }

    pub(crate) fn guard_organisation(&mut self, organisation: &Organisation) {
        self.guard(Guard::Organisation(organisation.id(), organisation.version()));
    }

    pub(crate) fn guard_membership(&mut self, m: &Membership) {
        self.guard(Guard::Membership(m.organisation(), m.user(), m.version()));
    }

    /// Something happened to an organisation and moved it to the version it has now.
    pub(crate) fn moved(
        &mut self,
        organisation: &Organisation,
        at: DateTime<Utc>,
        what: Happening,
    ) {
        let stream = Stream::Organisation(organisation.id());
        self.event(stream, Some(organisation.version()), at, what);
    }

    /// Something happened at an organisation that did not move it.
    pub(crate) fn happened_at(
        &mut self,
        organisation: OrganisationId,
        at: DateTime<Utc>,
        what: Happening,
    ) {
        self.event(Stream::Organisation(organisation), None, at, what);
    }

    /// Something happened to a person.
    pub(crate) fn happened_to(&mut self, user: UserId, at: DateTime<Utc>, what: Happening) {
        self.event(Stream::Person(user), None, at, what);
    }

    fn event(
        &mut self,
        stream: Stream,
        organisation_version: Option<Version>,
        at: DateTime<Utc>,
        what: Happening,
    ) {
        let id = EventId::from_uuid(self.context.ids.next_id());
        let (change, by) = (self.change.id, self.context.by);
        self.change.events.push(Event { id, change, stream, organisation_version, at, by, what });
    }

    /// What `note` notes was done by somebody else than who asks.
    pub(crate) fn in_the_name_of(&mut self, by: Actor, note: impl FnOnce(&mut Self)) {
        let asks = core::mem::replace(&mut self.context.by, by);
        note(self);
        self.context.by = asks;
    }

    /// Something is to be done outside; the same thing twice is one thing.
    pub(crate) fn effect(&mut self, work: Work) {
        let effect = Effect::of(self.change.id, work, self.context.now);
        if !self.change.effects.iter().any(|queued| queued.key == effect.key) {
            self.change.effects.push(effect);
        }
    }

    pub(crate) fn finish(self) -> ChangeSet {
        self.change
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString as _;
    use alloc::vec::Vec;
    use std::sync::atomic::{AtomicU64, Ordering};

    use uuid::Uuid;

    use super::*;
    use crate::membership::{ClinicianStatus, PermissionLevel};

    #[derive(Default)]
    struct Ids(AtomicU64);

    impl IdSource for Ids {
        fn next_id(&self) -> Uuid {
            Uuid::from_u128(self.0.fetch_add(1, Ordering::Relaxed).into())
        }
    }

    fn draft(write: impl FnOnce(&mut Draft<'_>)) -> ChangeSet {
        let (settings, ids) = (Settings::default(), Ids::default());
        let now = "2026-03-02T09:00:00Z".parse().unwrap();
        let context = Context { settings: &settings, now, by: Actor::Support, ids: &ids };
        let mut draft = Draft::new(context);
        write(&mut draft);
        draft.finish()
    }

    fn user() -> UserId {
        UserId::from_uuid(Uuid::from_u128(7))
    }

    fn membership() -> Membership {
        let organisation = OrganisationId::from_uuid(Uuid::from_u128(8));
        let at = "2026-03-01T09:00:00Z".parse().unwrap();
        let level = PermissionLevel::Recorder;
        Membership::invite(organisation, user(), level, ClinicianStatus::NotClinician, at)
    }

    // R-N4: a stable key; the same thing twice is one thing.
    #[test]
    fn an_effect_is_queued_once_under_its_key() {
        let change = draft(|draft| {
            draft.effect(Work::OpenAccount { user: user() });
            draft.effect(Work::OpenAccount { user: user() });
            draft.effect(Work::SettleAccess { user: user() });
        });
        let keys: Vec<_> = change.effects().iter().map(|e| e.key.to_string()).collect();
        let expected = ["open_account", "settle_access"]
            .map(|work| alloc::format!("{work}.{}.{}", user(), change.id()));
        assert_eq!(keys, expected);
        assert_eq!(change.effects()[0].queued_at.to_rfc3339(), "2026-03-02T09:00:00+00:00");
    }

    #[test]
    fn a_later_write_takes_the_place_of_an_earlier() {
        let before = membership();
        let entered = before.clone().enter(before.stored().changed_at).unwrap();
        let change = draft(|draft| {
            draft.membership(Some(before.version()), before.clone());
            draft.membership(Some(entered.version()), entered.clone());
        });
        let write = Write { replaces: Some(before.version()), state: entered };
        assert_eq!(change.memberships(), [write]);
    }

    #[test]
    fn a_guard_is_noted_once() {
        let m = membership();
        let change = draft(|draft| {
            draft.guard_membership(&m);
            draft.guard_membership(&m);
        });
        assert_eq!(change.guards(), [Guard::Membership(m.organisation(), m.user(), m.version())]);
    }

    // R-H1: who, when, what, and with which change.
    #[test]
    fn an_event_says_who_did_it() {
        let change = draft(|draft| {
            let at = draft.context.now;
            draft.happened_to(user(), at, Happening::ActivationEmailRequested);
            draft.in_the_name_of(Actor::System, |draft| {
                draft.happened_to(user(), at, Happening::ActivationEmailRequested);
            });
            draft.happened_to(user(), at, Happening::ActivationEmailRequested);
        });
        let by: Vec<_> = change.events().iter().map(|event| event.by).collect();
        assert_eq!(by, [Actor::Support, Actor::System, Actor::Support]);
        assert!(change.events().iter().all(|event| event.change == change.id()));
        assert!(!change.is_empty());
        assert_ne!(change.events()[0].id, change.events()[1].id);
    }

    #[test]
    fn without_an_event_there_is_nothing_to_save() {
        assert!(draft(|_| {}).is_empty());
        assert!(draft(|draft| draft.guard_membership(&membership())).is_empty());
    }
}
