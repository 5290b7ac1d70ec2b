//! An organisation put together again from its history (R-H1).

use alloc::collections::BTreeMap;

use super::{Event, EventId, Happening, Stream};
use crate::membership::Membership;
use crate::organisation::{Body, ClosedBecause, Organisation, VaccineGrants};
use crate::record::{RecordId, Revision, VaccinationRecord};
use crate::user::UserId;

/// An organisation, its memberships and its records, as its events tell them.
///
/// Replaying the whole of an organisation's history gives exactly what is stored of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrganisationReplay {
    organisation: Option<Organisation>,
    memberships: BTreeMap<UserId, Membership>,
    records: BTreeMap<RecordId, VaccinationRecord>,
}

/// A history that no organisation can have had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("event {event} does not follow from the events before it")]
pub struct ReplayError {
    event: EventId,
}

impl ReplayError {
    /// The event that does not fit.
    #[must_use]
    pub fn event(&self) -> EventId {
        self.event
    }
}

impl OrganisationReplay {
    /// Replays a history, in order.
    ///
    /// # Errors
    /// [`ReplayError`] at the first event that does not follow from those before it.
    pub fn of<'a>(events: impl IntoIterator<Item = &'a Event>) -> Result<Self, ReplayError> {
        let mut replay = Self::default();
        for event in events {
            replay.apply(event).ok_or(ReplayError { event: event.id })?;
        }
        Ok(replay)
    }

    /// The organisation.
    #[must_use]
    pub fn organisation(&self) -> Option<&Organisation> {
        self.organisation.as_ref()
    }

    /// Its memberships, by user.
    #[must_use]
    pub fn memberships(&self) -> &BTreeMap<UserId, Membership> {
        &self.memberships
    }

    /// Its records, by id.
    #[must_use]
    pub fn records(&self) -> &BTreeMap<RecordId, VaccinationRecord> {
        &self.records
    }

    fn apply(&mut self, event: &Event) -> Option<()> {
        let Stream::Organisation(id) = event.stream else { return None };
        let at = event.at;
        match &event.what {
            Happening::OrganisationInvited {
                ods_code,
                name,
                address,
                postcode,
                region,
                invited_by,
                vaccines,
            } => {
                let body = Body {
                    code: ods_code.clone(),
                    name: name.clone(),
                    address: address.clone(),
                    postcode: postcode.clone(),
                    legally_closed: None,
                };
                let (grants, _) = VaccineGrants::default().with(vaccines.clone());
                let invited = Organisation::invite(id, body, *region, *invited_by, grants, at);
                if self.organisation.replace(invited).is_some() {
                    return None;
                }
            }
            Happening::OrganisationActivated => self.step(|o| o.enter(at).ok())?,
            Happening::VaccinesAdded { vaccines } => {
                self.step(|o| Some(o.add_vaccines(vaccines.clone(), at).ok()?.0))?;
            }
            Happening::OrganisationDeactivated { closes_at } => {
                self.step(|o| o.deactivate_until(*closes_at, at).ok())?;
            }
            Happening::OrganisationReactivated { .. } => self.step(|o| o.reactivate(at).ok())?,
            Happening::OrganisationClosed { because } => self.step(|o| match because {
                ClosedBecause::GracePeriodEnded => o.write_down_closing(at).ok(),
                ClosedBecause::Withdrawn => o.withdraw(at).ok(),
            })?,
            Happening::MemberAdded { user, level, next_level, clinician, .. } => {
                let added = Membership::invite(id, *user, *level, *clinician, at)
                    .with_waiting_level(*next_level);
                if self.memberships.insert(*user, added).is_some() {
                    return None;
                }
                self.step(|o| Some(o.touch(at)))?;
            }
            Happening::MemberEntered { user, .. } => {
                self.member(*user, |m| m.enter(at).ok())?;
            }
            Happening::MemberLevelChanged { user, to, .. } => {
                self.member(*user, |m| {
                    let level = to.unwrap_or(m.level());
                    m.change_level(level, at).ok()
                })?;
                self.step(|o| Some(o.touch(at)))?;
            }
            Happening::MemberClinicianChanged { user, to, .. } => {
                self.member(*user, |m| m.change_clinician(*to, at).ok())?;
            }
            Happening::MemberDeactivated { user } => {
                self.member(*user, |m| m.deactivate(at).ok())?;
                self.step(|o| Some(o.touch(at)))?;
            }
            Happening::MemberReactivated { user } => {
                self.member(*user, |m| m.reactivate(at).ok())?;
                self.step(|o| Some(o.touch(at)))?;
            }
            Happening::MemberNominatedAgain { user, .. } => {
                self.member(*user, |m| m.nominate_again(at).ok())?;
                self.step(|o| Some(o.touch(at)))?;
            }
            Happening::VaccinationRecorded { record, vaccine, details } => {
                let recorded = Revision { details: *details, by: event.author()?, at };
                let made = VaccinationRecord::new(*record, id, vaccine.clone(), recorded);
                if self.records.insert(*record, made).is_some() {
                    return None;
                }
            }
            Happening::RecordEdited { record, to, .. } => {
                let edited = self.records.remove(record)?.edit(*to, event.author()?, at);
                self.records.insert(*record, edited);
            }
            Happening::EmailDropped { .. } => {}
            Happening::UserAdded { .. }
            | Happening::UserLinked { .. }
            | Happening::EmailClaimed { .. }
            | Happening::RegionalLeadAdded { .. }
            | Happening::RegionalLeadStopped { .. }
            | Happening::ActivationEmailRequested => return None,
        }
        let version = self.organisation.as_ref()?.version();
        event.organisation_version.is_none_or(|told| told == version).then_some(())
    }

    fn step(&mut self, step: impl FnOnce(Organisation) -> Option<Organisation>) -> Option<()> {
        self.organisation = Some(step(self.organisation.take()?)?);
        Some(())
    }

    fn member(
        &mut self,
        user: UserId,
        change: impl FnOnce(Membership) -> Option<Membership>,
    ) -> Option<()> {
        let changed = change(self.memberships.remove(&user)?)?;
        self.memberships.insert(user, changed);
        Some(())
    }
}

impl Event {
    /// The user who acted.
    fn author(&self) -> Option<UserId> {
        match self.by {
            super::Actor::User(user) | super::Actor::RegionalLead(user) => Some(user),
            super::Actor::Support | super::Actor::System => None,
        }
    }
}

#[cfg(test)]
mod tests;
