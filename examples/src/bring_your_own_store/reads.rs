//! Reading: each method says what is on the shelf, and judges nothing.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use ravs_core::port::{
    HistoryEntry, HistoryPosition, OrganisationFilter, OrganisationPage, PageKey, PageRequest,
    PortError, RecordKey, Store,
};
use ravs_core::{
    ChangeSet, EmailAddress, Member, Membership, OdsCode, Organisation, OrganisationId,
    OrganisationState, Place, RecordId, Region, RegionalLead, ReportRange, Roster, Standing,
    Stream, Subject, User, UserId, VaccinationRecord,
};

use super::{Content, Shelf};

#[async_trait]
impl Store for Shelf {
    async fn commit(&self, change: &ChangeSet) -> Result<(), PortError> {
        self.save(change)
    }

    async fn organisation(&self, id: OrganisationId) -> Result<Option<Organisation>, PortError> {
        Ok(self.content().organisations.get(&id).cloned())
    }

    async fn unclosed_organisation(
        &self,
        code: &OdsCode,
    ) -> Result<Option<Organisation>, PortError> {
        let open = |o: &&Organisation| !matches!(o.state(), OrganisationState::Closed { .. });
        let content = self.content();
        let mut holders = content.organisations.values().filter(|o| o.ods_code() == code);
        Ok(holders.find(open).cloned())
    }

    async fn organisations(
        &self,
        region: Region,
        filter: &OrganisationFilter,
        page: &PageRequest,
        now: DateTime<Utc>,
    ) -> Result<OrganisationPage, PortError> {
        let key = |o: &Organisation| PageKey { name: o.name().to_owned(), id: o.id() };
        let content = self.content();
        let listed = content.organisations.values().filter(|organisation| {
            organisation.region() == region
                && filter.status.is_none_or(|status| organisation.status_at(now) == status)
                && filter.invited_by.is_none_or(|lead| organisation.stored().invited_by == lead)
                && page.after.as_ref().is_none_or(|after| key(organisation) > *after)
        });
        let mut organisations: Vec<Organisation> = listed.cloned().collect();
        organisations.sort_by_key(key);
        let more = organisations.len() > page.limit;
        organisations.truncate(page.limit);
        let next = organisations.last().filter(|_| more).map(key);
        Ok(OrganisationPage { organisations, next })
    }

    async fn due_closings(
        &self,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<OrganisationId>, PortError> {
        let closing = |o: &Organisation| Some((o.state().closing()?.instant(), o.id()));
        let content = self.content();
        let closings = content.organisations.values().filter_map(closing);
        let mut due: Vec<_> = closings.filter(|(closes_at, _)| *closes_at <= now).collect();
        due.sort_unstable();
        Ok(due.into_iter().map(|(_, id)| id).take(limit).collect())
    }

    async fn standing(
        &self,
        user: UserId,
        organisation: OrganisationId,
    ) -> Result<Option<Standing>, PortError> {
        let content = self.content();
        let membership = content.memberships.get(&(organisation, user));
        let both = content.organisations.get(&organisation).zip(membership);
        Ok(both.map(|(organisation, membership)| Standing::of(organisation, membership)))
    }

    async fn places(&self, user: UserId) -> Result<Vec<Place>, PortError> {
        let content = self.content();
        let place = |membership: &Membership| {
            let organisation = content.organisations.get(&membership.organisation())?.clone();
            Some(Place { organisation, membership: membership.clone() })
        };
        let memberships = content.memberships.values().filter(|m| m.user() == user);
        Ok(memberships.filter_map(place).collect())
    }

    async fn roster(&self, id: OrganisationId) -> Result<Option<Roster>, PortError> {
        let content = self.content();
        let organisation = content.organisations.get(&id).cloned();
        let members = content.members(id).collect();
        Ok(organisation.map(|organisation| Roster { organisation, members }))
    }

    async fn members(
        &self,
        organisation: OrganisationId,
        emails: &[EmailAddress],
    ) -> Result<Vec<Member>, PortError> {
        let content = self.content();
        let members = content.members(organisation);
        Ok(members.filter(|member| emails.contains(member.user.email())).collect())
    }

    async fn users(&self, ids: &[UserId]) -> Result<Vec<User>, PortError> {
        let content = self.content();
        Ok(content.users.values().filter(|user| ids.contains(&user.id())).cloned().collect())
    }

    async fn users_after(
        &self,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<User>, PortError> {
        let content = self.content();
        let beyond = content.users.values().filter(|user| after.is_none_or(|id| user.id() > id));
        Ok(beyond.take(limit).cloned().collect())
    }

    async fn users_by_email(&self, emails: &[EmailAddress]) -> Result<Vec<User>, PortError> {
        let content = self.content();
        Ok(content.users.values().filter(|user| emails.contains(user.email())).cloned().collect())
    }

    async fn user_by_subject(&self, subject: &Subject) -> Result<Option<User>, PortError> {
        let content = self.content();
        Ok(content.users.values().find(|user| user.subject() == Some(subject)).cloned())
    }

    async fn regional_lead(&self, user: UserId) -> Result<Option<RegionalLead>, PortError> {
        Ok(self.content().regional_leads.get(&user).cloned())
    }

    async fn record(
        &self,
        organisation: OrganisationId,
        record: RecordId,
    ) -> Result<Option<VaccinationRecord>, PortError> {
        Ok(self.content().records.get(&(organisation, record)).cloned())
    }

    async fn records(
        &self,
        organisation: OrganisationId,
        after: Option<RecordKey>,
        limit: usize,
    ) -> Result<Vec<VaccinationRecord>, PortError> {
        let mut records = self.content().records(organisation);
        records.retain(|record| after.is_none_or(|after| RecordKey::of(record) > after));
        records.truncate(limit);
        Ok(records)
    }

    async fn records_given(
        &self,
        organisation: OrganisationId,
        range: ReportRange,
    ) -> Result<Vec<VaccinationRecord>, PortError> {
        let mut records = self.content().records(organisation);
        records.retain(|record| range.contains(record.current().details.given_on));
        Ok(records)
    }

    async fn history(
        &self,
        stream: Stream,
        after: Option<HistoryPosition>,
        limit: usize,
    ) -> Result<Vec<HistoryEntry>, PortError> {
        let content = self.content();
        let entries = (1..).map(HistoryPosition).zip(&content.history);
        let told = entries.filter(|(position, event)| {
            event.stream == stream && after.is_none_or(|after| *position > after)
        });
        let entry = |(position, event): (_, &ravs_core::Event)| HistoryEntry {
            position,
            event: event.clone(),
        };
        Ok(told.take(limit).map(entry).collect())
    }
}

impl Content {
    /// By the time they were made, then id.
    fn records(&self, organisation: OrganisationId) -> Vec<VaccinationRecord> {
        let records = self.records.values().filter(|record| record.organisation() == organisation);
        let mut records: Vec<VaccinationRecord> = records.cloned().collect();
        records.sort_by_key(RecordKey::of);
        records
    }

    fn members(&self, organisation: OrganisationId) -> impl Iterator<Item = Member> {
        let memberships = self.memberships.values();
        memberships.filter(move |m| m.organisation() == organisation).filter_map(|membership| {
            let user = self.users.get(&membership.user())?.clone();
            Some(Member { user, membership: membership.clone() })
        })
    }
}
