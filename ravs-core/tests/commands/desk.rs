//! What every command is decided in, and how its outcome is read.

use chrono::{DateTime, Utc};
use ravs_core::command::{Decided, Known, Nominee, Outcome};
use ravs_core::{
    Actor, ChangeSet, ClinicianStatus, Code, Context, Corrupt, Member, Membership, Organisation,
    OrganisationState, Policy, Region, Roster, Settings, StoredMembership, Work,
};
use ravs_testkit::SequentialIds;

use crate::sample;

/// The settings, the ids and the time of a test.
pub(crate) struct Desk {
    pub(crate) settings: Settings,
    pub(crate) now: DateTime<Utc>,
    ids: SequentialIds,
}

impl Desk {
    /// A day in the 90 days of [`sample::deactivated`].
    pub(crate) fn open() -> Self {
        let mailbox = (Region::London, "rvoc.london@nhs.net".parse().unwrap());
        let settings =
            Settings { rvoc_mailboxes: [mailbox].into_iter().collect(), ..Settings::default() };
        Self { settings, now: sample::at("2026-03-02T09:00:00Z"), ids: SequentialIds::new() }
    }

    pub(crate) fn under(policy: Policy) -> Self {
        let desk = Self::open();
        Self { settings: Settings { policy, ..desk.settings }, ..desk }
    }

    pub(crate) fn by(&self, by: Actor) -> Context<'_> {
        Context { settings: &self.settings, now: self.now, by, ids: &self.ids }
    }

    /// Asked for by the regional lead who is user 0.
    pub(crate) fn region(&self) -> Context<'_> {
        self.by(Actor::RegionalLead(sample::user_id(0)))
    }

    /// Asked for by user 1.
    pub(crate) fn user(&self) -> Context<'_> {
        self.by(Actor::User(sample::user_id(1)))
    }
}

/// Every fault of a refusal: its code and field.
pub(crate) fn faults<T: std::fmt::Debug>(outcome: Outcome<T>) -> Vec<(Code, Option<String>)> {
    let refusal = outcome.unwrap_err();
    refusal.faults().map(|fault| (fault.code(), fault.field().map(String::from))).collect()
}

pub(crate) fn at(code: Code, field: &str) -> (Code, Option<String>) {
    (code, Some(field.to_owned()))
}

pub(crate) fn whole(code: Code) -> (Code, Option<String>) {
    (code, None)
}

/// The names of what happened, in order.
pub(crate) fn happened(change: &ChangeSet) -> Vec<&'static str> {
    change.events().iter().map(|event| event.what.name()).collect()
}

/// What is to be done outside: the work's name, and the number of the user.
pub(crate) fn queued(change: &ChangeSet) -> Vec<(&'static str, Option<u128>)> {
    let number = |work: &Work| (0..100).find(|number| sample::user_id(*number) == work.user());
    change.effects().iter().map(|effect| (effect.work.name(), number(&effect.work))).collect()
}

/// Every write replaces the version it was decided on by a later one, and loads again.
pub(crate) fn checked<T>(decided: Decided<T>) -> Decided<T> {
    let change = &decided.change;
    for write in change.organisations() {
        let written = &write.state;
        assert!(write.replaces.is_none_or(|replaced| replaced < written.version()));
        assert_eq!(Organisation::restore(written.stored().clone()), Ok(written.clone()));
        // the last event of the organisation says which version it has come to
        let told = change.events().iter().rev().find_map(|event| event.organisation_version);
        assert!(change.organisations().len() > 1 || told == Some(written.version()));
    }
    for write in change.memberships() {
        assert!(write.replaces.is_none_or(|replaced| replaced < write.state.version()));
        let restored: Result<_, Corrupt> = Membership::restore(write.state.stored().clone());
        assert_eq!(restored, Ok(write.state.clone()));
    }
    decided
}

pub(crate) fn roster(state: OrganisationState, members: Vec<Member>) -> Roster {
    Roster { organisation: sample::organisation(1, state), members }
}

/// The member with other stored fields.
pub(crate) fn with(member: Member, change: impl FnOnce(&mut StoredMembership)) -> Member {
    let mut stored = member.membership.stored().clone();
    change(&mut stored);
    Member { membership: Membership::restore(stored).unwrap(), ..member }
}

pub(crate) fn clinician(member: Member) -> Member {
    with(member, |stored| stored.clinician = ClinicianStatus::Clinician)
}

pub(crate) fn nominee(first_name: &str, last_name: &str, email: &str) -> Nominee {
    let [first_name, last_name, email] = [first_name, last_name, email].map(String::from);
    Nominee { first_name, last_name, email }
}

pub(crate) fn known(number: u128) -> Known {
    Known { user: sample::user(number), places: vec![] }
}
