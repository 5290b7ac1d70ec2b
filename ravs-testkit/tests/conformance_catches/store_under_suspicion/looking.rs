//! Looking into what is there, rightly or wrongly.

use std::sync::MutexGuard;

use chrono::{DateTime, TimeDelta, Utc};
use ravs_core::port::{PortError, RecordKey};
use ravs_core::{
    Member, Membership, Organisation, OrganisationId, OrganisationStatus, UserId, VaccinationRecord,
};

use super::{Content, StoreUnderSuspicion};
use crate::store_fault::StoreFault;

impl Content {
    pub(super) fn organisation(&self, id: OrganisationId) -> Option<&Organisation> {
        self.organisations.iter().find(|organisation| organisation.id() == id)
    }

    pub(super) fn membership(&self, key: (OrganisationId, UserId)) -> Option<&Membership> {
        self.memberships.iter().find(|m| (m.organisation(), m.user()) == key)
    }
}

impl StoreUnderSuspicion {
    /// In order, as far as it goes.
    pub(super) fn records_of(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<VaccinationRecord>, PortError> {
        let mut records = self.read()?.records.clone();
        let everywhere = self.has(StoreFault::RecordsOfEverywhere);
        records.retain(|record| everywhere || record.organisation() == organisation);
        match self.fault {
            Some(StoreFault::RecordsByCommit) => {}
            Some(StoreFault::RecordsByEdit) => records.sort_by_key(|r| (r.current().at, r.id())),
            _ => records.sort_by_key(RecordKey::of),
        }
        Ok(records)
    }

    pub(super) fn read(&self) -> Result<MutexGuard<'_, Content>, PortError> {
        let content = match self.fault {
            Some(StoreFault::LagsBehind) => self.before.lock().unwrap(),
            _ => self.content(),
        };
        if self.has(StoreFault::SpoiltSpoilsAll) && !content.spoilt_organisations.is_empty() {
            return Err(PortError::corrupt("something is spoilt"));
        }
        Ok(content)
    }

    pub(super) fn sound<T>(&self, state: T, spoilt: bool) -> Result<Option<T>, PortError> {
        match self.fault {
            _ if !spoilt => Ok(Some(state)),
            Some(StoreFault::LosesTheSpoilt) => Ok(None),
            Some(StoreFault::PassesOnTheSpoilt) => Ok(Some(state)),
            Some(StoreFault::NamesPeopleInErrors) => {
                Err(PortError::corrupt("expected a date, found `Ada.RRV@nhs.net`"))
            }
            _ => Err(PortError::corrupt("it is spoilt")),
        }
    }

    pub(super) fn sound_organisation(
        &self,
        content: &Content,
        organisation: Option<&Organisation>,
    ) -> Result<Option<Organisation>, PortError> {
        let Some(organisation) = organisation else { return Ok(None) };
        let spoilt = content.spoilt_organisations.contains(&organisation.id());
        self.sound(organisation.clone(), spoilt)
    }

    pub(super) fn sound_membership(
        &self,
        content: &Content,
        membership: Option<&Membership>,
    ) -> Result<Option<Membership>, PortError> {
        let Some(membership) = membership else { return Ok(None) };
        let key = (membership.organisation(), membership.user());
        self.sound(membership.clone(), content.spoilt_memberships.contains(&key))
    }

    pub(super) fn members_of(
        &self,
        content: &Content,
        of: impl Fn(&Membership) -> bool,
    ) -> Result<Vec<Member>, PortError> {
        let mut members = Vec::new();
        for membership in content.memberships.iter().filter(|membership| of(membership)) {
            let user = content.users.iter().find(|user| user.id() == membership.user());
            let membership = self.sound_membership(content, Some(membership))?;
            members.extend(
                user.cloned().zip(membership).map(|(user, m)| Member { user, membership: m }),
            );
        }
        Ok(members)
    }

    pub(super) fn status(
        &self,
        organisation: &Organisation,
        now: DateTime<Utc>,
    ) -> OrganisationStatus {
        let state = organisation.state();
        match self.fault {
            Some(StoreFault::StatusAsStored) => state.status_at(DateTime::<Utc>::MIN_UTC),
            Some(StoreFault::StatusClosesTooLate) => {
                state.status_at(now - TimeDelta::nanoseconds(1))
            }
            _ => state.status_at(now),
        }
    }

    pub(super) fn in_order(&self, organisations: &mut [Organisation]) {
        match self.fault {
            Some(StoreFault::ListByMaking) => {}
            Some(StoreFault::TiesByMaking) => {
                organisations.sort_by(|a, b| a.name().cmp(b.name()));
            }
            Some(StoreFault::ListByLowerCase) => {
                organisations.sort_by_key(|o| (o.name().to_lowercase(), o.id()));
            }
            Some(StoreFault::ListByUtf16) => {
                organisations.sort_by_key(|o| (o.name().encode_utf16().collect::<Vec<_>>(), o.id()))
            }
            _ => organisations.sort_by(|a, b| (a.name(), a.id()).cmp(&(b.name(), b.id()))),
        }
        if self.has(StoreFault::ListOrderedDownwards) {
            organisations.reverse();
        }
    }
}
