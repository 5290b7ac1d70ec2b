//! Reading what is stored.

use std::collections::BTreeSet;
use std::ops::Bound;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use ravs_core::port::{
    HistoryEntry, HistoryPosition, OrganisationFilter, OrganisationPage, PageKey, PageRequest,
    PortError, RecordKey, Store,
};
use ravs_core::{
    ChangeSet, EmailAddress, Member, Membership, OdsCode, Organisation, OrganisationId, Place,
    RecordId, Region, RegionalLead, ReportRange, Roster, Standing, Stream, Subject, User, UserId,
    VaccinationRecord,
};
use uuid::Uuid;

use super::{Content, MemoryStore, table};

#[async_trait]
impl Store for MemoryStore {
    async fn organisation(&self, id: OrganisationId) -> Result<Option<Organisation>, PortError> {
        self.content().organisations.get(&id)
    }

    async fn unclosed_organisation(
        &self,
        code: &OdsCode,
    ) -> Result<Option<Organisation>, PortError> {
        let content = self.content();
        match content.codes.get(code) {
            Some(id) => content.organisations.get(id),
            None => Ok(None),
        }
    }

    async fn organisations(
        &self,
        region: Region,
        filter: &OrganisationFilter,
        page: &PageRequest,
        now: DateTime<Utc>,
    ) -> Result<OrganisationPage, PortError> {
        let content = self.content();
        let from = match &page.after {
            Some(PageKey { name, id }) => Bound::Excluded((region, name.clone(), *id)),
            None => {
                Bound::Included((region, String::new(), OrganisationId::from_uuid(Uuid::nil())))
            }
        };
        let mut organisations = Vec::new();
        for (listed_in, _, id) in content.lists.range((from, Bound::Unbounded)) {
            if *listed_in != region || organisations.len() > page.limit {
                break;
            }
            let Some(organisation) = content.organisations.get(id)? else { continue };
            let stored = organisation.stored();
            let by_status =
                filter.status.is_none_or(|status| stored.state.status_at(now) == status);
            if by_status && filter.invited_by.is_none_or(|lead| lead == stored.invited_by) {
                organisations.push(organisation);
            }
        }
        let more = organisations.len() > page.limit;
        organisations.truncate(page.limit);
        let last = organisations.last().filter(|_| more);
        let next = last.map(|last| PageKey { name: last.name().to_owned(), id: last.id() });
        Ok(OrganisationPage { organisations, next })
    }

    async fn due_closings(
        &self,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<OrganisationId>, PortError> {
        let content = self.content();
        let due = content.closings.iter().take_while(|(closes_at, _)| *closes_at <= now);
        Ok(due.map(|(_, id)| *id).take(limit).collect())
    }

    async fn standing(
        &self,
        user: UserId,
        organisation: OrganisationId,
    ) -> Result<Option<Standing>, PortError> {
        let place = self.content().place(user, organisation)?;
        Ok(place.map(|place| Standing::of(&place.organisation, &place.membership)))
    }

    async fn places(&self, user: UserId) -> Result<Vec<Place>, PortError> {
        let content = self.content();
        let ids = content.places.range((user, OrganisationId::from_uuid(Uuid::nil()))..);
        let mine = ids.take_while(|(of, _)| *of == user);
        mine.filter_map(|(_, organisation)| content.place(user, *organisation).transpose())
            .collect()
    }

    async fn roster(&self, id: OrganisationId) -> Result<Option<Roster>, PortError> {
        let content = self.content();
        let Some(organisation) = content.organisations.get(&id)? else { return Ok(None) };
        let members = content.members(id)?;
        Ok(Some(Roster { organisation, members }))
    }

    async fn members(
        &self,
        organisation: OrganisationId,
        emails: &[EmailAddress],
    ) -> Result<Vec<Member>, PortError> {
        let mut members = self.content().members(organisation)?;
        members.retain(|member| emails.contains(member.user.email()));
        Ok(members)
    }

    async fn users(&self, ids: &[UserId]) -> Result<Vec<User>, PortError> {
        let content = self.content();
        let ids: BTreeSet<UserId> = ids.iter().copied().collect();
        ids.iter().filter_map(|id| content.users.get(id).transpose()).collect()
    }

    async fn users_after(
        &self,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<User>, PortError> {
        self.content().users.page(after.as_ref(), limit)
    }

    async fn users_by_email(&self, emails: &[EmailAddress]) -> Result<Vec<User>, PortError> {
        let content = self.content();
        let mut ids: Vec<_> = emails.iter().filter_map(|email| content.emails.get(email)).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.into_iter().filter_map(|id| content.users.get(id).transpose()).collect()
    }

    async fn user_by_subject(&self, subject: &Subject) -> Result<Option<User>, PortError> {
        let content = self.content();
        match content.subjects.get(subject) {
            Some(id) => content.users.get(id),
            None => Ok(None),
        }
    }

    async fn regional_lead(&self, user: UserId) -> Result<Option<RegionalLead>, PortError> {
        self.content().regional_leads.get(&user)
    }

    async fn record(
        &self,
        organisation: OrganisationId,
        record: RecordId,
    ) -> Result<Option<VaccinationRecord>, PortError> {
        self.content().records.get(&(organisation, record))
    }

    async fn records(
        &self,
        organisation: OrganisationId,
        after: Option<RecordKey>,
        limit: usize,
    ) -> Result<Vec<VaccinationRecord>, PortError> {
        let mut records = self.content().records_of(organisation)?;
        records.retain(|record| after.is_none_or(|after| RecordKey::of(record) > after));
        records.truncate(limit);
        Ok(records)
    }

    async fn records_given(
        &self,
        organisation: OrganisationId,
        range: ReportRange,
    ) -> Result<Vec<VaccinationRecord>, PortError> {
        let mut records = self.content().records_of(organisation)?;
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
        let events = content.history.get(&stream).into_iter().flatten();
        let from = after.map_or(0, |position| position.0);
        (1u64..)
            .zip(events)
            .filter(|(position, _)| *position > from)
            .take(limit)
            .map(|(position, json)| {
                let position = HistoryPosition(position);
                Ok(HistoryEntry { position, event: table::read(json)? })
            })
            .collect()
    }

    async fn commit(&self, change: &ChangeSet) -> Result<(), PortError> {
        self.content().commit(change)
    }
}

impl Content {
    /// By the time they were made, then id.
    fn records_of(&self, id: OrganisationId) -> Result<Vec<VaccinationRecord>, PortError> {
        let [first, last] = [Uuid::nil(), Uuid::max()].map(|of| (id, RecordId::from_uuid(of)));
        let mut records = self.records.range(first..=last)?;
        records.sort_by_key(RecordKey::of);
        Ok(records)
    }

    fn place(&self, user: UserId, id: OrganisationId) -> Result<Option<Place>, PortError> {
        let organisation = self.organisations.get(&id)?;
        let membership = self.memberships.get(&(id, user))?;
        let both = organisation.zip(membership);
        Ok(both.map(|(organisation, membership)| Place { organisation, membership }))
    }

    fn members(&self, organisation: OrganisationId) -> Result<Vec<Member>, PortError> {
        let first = (organisation, UserId::from_uuid(Uuid::nil()));
        let last = (organisation, UserId::from_uuid(Uuid::max()));
        let with_user = |membership: Membership| {
            let user = self.users.get(&membership.user())?;
            let user = user.ok_or_else(|| PortError::corrupt("a membership without its user"))?;
            Ok(Member { user, membership })
        };
        self.memberships.range(first..=last)?.into_iter().map(with_user).collect()
    }
}
