//! Reading, rightly or wrongly.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use ravs_core::port::{
    HistoryEntry, HistoryPosition, OrganisationFilter, OrganisationPage, PageKey, PageRequest,
    PortError, RecordKey, Store,
};
use ravs_core::{
    ChangeSet, EmailAddress, Event, Member, Membership, OdsCode, Organisation, OrganisationId,
    OrganisationStatus, Place, RecordId, Region, RegionalLead, ReportRange, Roster, Standing,
    Stream, Subject, User, UserId, VaccinationRecord,
};

use super::commit::is_closed;
use super::{StoreUnderSuspicion, dawdle};
use crate::store_fault::StoreFault;

#[async_trait]
impl Store for StoreUnderSuspicion {
    async fn organisation(&self, id: OrganisationId) -> Result<Option<Organisation>, PortError> {
        let content = self.read()?;
        self.sound_organisation(&content, content.organisation(id))
    }

    async fn unclosed_organisation(
        &self,
        code: &OdsCode,
    ) -> Result<Option<Organisation>, PortError> {
        let content = self.read()?;
        let closed_too = self.has(StoreFault::CodesOfTheClosed);
        let holds = |o: &&Organisation| o.ods_code() == code && (closed_too || !is_closed(o));
        self.sound_organisation(&content, content.organisations.iter().find(holds))
    }

    async fn organisations(
        &self,
        region: Region,
        filter: &OrganisationFilter,
        page: &PageRequest,
        now: DateTime<Utc>,
    ) -> Result<OrganisationPage, PortError> {
        let content = self.read()?;
        let mut listed = Vec::new();
        for organisation in &content.organisations {
            if organisation.region() == region || self.has(StoreFault::ListOfAllRegions) {
                listed.extend(self.sound_organisation(&content, Some(organisation))?);
            }
        }
        self.in_order(&mut listed);
        let keep = |o: &Organisation| {
            let status = filter.status.is_none_or(|status| {
                status == self.status(o, now)
                    && !(self.has(StoreFault::StatusWithoutWrittenClosings) && is_closed(o))
            });
            let lead = filter.invited_by.is_none_or(|lead| lead == o.stored().invited_by);
            let closed = o.status_at(now) == OrganisationStatus::Closed;
            let closed_is_listed =
                !self.has(StoreFault::ListWithoutTheClosed) || !closed || filter.status.is_some();
            status && closed_is_listed && (lead || self.has(StoreFault::ListOfAllLeads))
        };
        if !self.has(StoreFault::PagesCutBeforeFiltering) {
            listed.retain(keep);
        }
        let mut offset = 0;
        if let Some(after) = &page.after {
            let key = |o: &Organisation| (o.name().to_owned(), o.id());
            let after_key = (after.name.clone(), after.id);
            if self.has(StoreFault::PagesByOffset) {
                let offsets = self.offsets.lock().unwrap();
                let ended = offsets.iter().rfind(|(key, _)| key == after);
                offset = ended.map_or(0, |(_, offset)| *offset);
            } else if self.has(StoreFault::PagesNeedTheirKey)
                && !listed.iter().any(|o| key(o) == after_key)
            {
                offset = 0;
            } else if self.has(StoreFault::ListOrderedDownwards) {
                offset = listed.iter().filter(|o| key(o) >= after_key).count();
            } else if self.has(StoreFault::PagesEndAtTheNextOne) {
                offset = listed.iter().filter(|o| key(o) < after_key).count();
            } else {
                offset = listed.iter().filter(|o| key(o) <= after_key).count();
            }
        }
        let rest = listed.len().saturating_sub(offset);
        let mut organisations: Vec<_> =
            listed.iter().skip(offset).take(page.limit).cloned().collect();
        let more = rest > page.limit || self.has(StoreFault::PagesAlwaysSayThereIsMore);
        let end = match self.fault {
            Some(StoreFault::PagesEndAtTheNextOne) => listed.get(offset + page.limit),
            _ => organisations.last(),
        };
        let key = |o: &Organisation| PageKey { name: o.name().to_owned(), id: o.id() };
        let next = end.filter(|_| more).map(key);
        if let Some(next) = &next {
            let ended = (next.clone(), offset + organisations.len());
            self.offsets.lock().unwrap().push(ended);
        }
        organisations.retain(keep);
        Ok(OrganisationPage { organisations, next })
    }

    async fn due_closings(
        &self,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<OrganisationId>, PortError> {
        let content = self.read()?;
        let closing = |o: &Organisation| Some((o.state().closing()?.instant(), o.id()));
        let mut closings: Vec<_> = content.organisations.iter().filter_map(closing).collect();
        match self.fault {
            Some(StoreFault::ClosingsOfTheReactivated) => {
                closings.clone_from(&content.first_closings);
            }
            Some(StoreFault::ClosingsOfTheFirstDeactivation) => {
                let still = |id| closings.iter().any(|(_, closing)| *closing == id);
                let first = content.first_closings.iter().filter(|(_, id)| still(*id));
                closings = first.copied().collect();
            }
            _ => {}
        }
        if !self.has(StoreFault::ClosingsInTheOrderOfMaking) {
            closings.sort_unstable();
        }
        let too_late = self.has(StoreFault::ClosingsComeTooLate);
        closings.retain(|(at, _)| if too_late { *at < now } else { *at <= now });
        if !self.has(StoreFault::ClosingsWithoutLimit) {
            closings.truncate(limit);
        }
        Ok(closings.into_iter().map(|(_, id)| id).collect())
    }

    async fn standing(
        &self,
        user: UserId,
        organisation: OrganisationId,
    ) -> Result<Option<Standing>, PortError> {
        let content = self.read()?;
        if self.has(StoreFault::RemembersStandings) {
            let remembered = self.standings.lock().unwrap();
            let read = |s: &&Standing| (s.user, s.organisation) == (user, organisation);
            if let Some(standing) = remembered.iter().find(read) {
                return Ok(Some(standing.clone()));
            }
        }
        let anybody = self.has(StoreFault::StandingOfAnybody);
        let at =
            |m: &&Membership| m.organisation() == organisation && (anybody || m.user() == user);
        let first = self.sound_organisation(&content, content.organisation(organisation))?;
        let content = if self.has(StoreFault::ReadsStandingsInTwo) {
            drop(content);
            dawdle();
            self.read()?
        } else {
            content
        };
        let membership = content.memberships.iter().find(at);
        let membership = self.sound_membership(&content, membership)?;
        let both = first.zip(membership);
        let standing = both.map(|(o, m)| Standing::of(&o, &m));
        if self.has(StoreFault::RemembersStandings) {
            self.standings.lock().unwrap().extend(standing.clone());
        }
        Ok(standing)
    }

    async fn places(&self, user: UserId) -> Result<Vec<Place>, PortError> {
        let content = self.read()?;
        let mut places = Vec::new();
        for membership in content.memberships.iter().filter(|m| m.user() == user) {
            let organisation = content.organisation(membership.organisation());
            let organisation = self.sound_organisation(&content, organisation)?;
            let membership = self.sound_membership(&content, Some(membership))?;
            let both = organisation.zip(membership);
            places
                .extend(both.map(|(organisation, membership)| Place { organisation, membership }));
        }
        if self.has(StoreFault::PlacesWithoutTheClosed) {
            places.retain(|place| !is_closed(&place.organisation));
        }
        Ok(places)
    }

    async fn roster(&self, id: OrganisationId) -> Result<Option<Roster>, PortError> {
        let content = self.read()?;
        let organisation = self.sound_organisation(&content, content.organisation(id))?;
        let Some(organisation) = organisation else { return Ok(None) };
        let mut members = self.members_of(&content, |m| m.organisation() == id)?;
        if self.has(StoreFault::RosterWithoutTheDeactivated) {
            members.retain(|member| !member.membership.is_deactivated());
        }
        Ok(Some(Roster { organisation, members }))
    }

    async fn members(
        &self,
        organisation: OrganisationId,
        emails: &[EmailAddress],
    ) -> Result<Vec<Member>, PortError> {
        let content = self.read()?;
        let everywhere = self.has(StoreFault::MembersOfEverywhere);
        let here = |m: &Membership| everywhere || m.organisation() == organisation;
        let mut members = self.members_of(&content, here)?;
        members.retain(|member| emails.contains(member.user.email()));
        Ok(members)
    }

    async fn users(&self, ids: &[UserId]) -> Result<Vec<User>, PortError> {
        let content = self.read()?;
        let users = content.users.iter().filter(|user| ids.contains(&user.id()));
        let users: Vec<User> = users.cloned().collect();
        if users.len() < ids.len() && self.has(StoreFault::FailsOnUnknownUsers) {
            return Err(PortError::rejected("there is no such user"));
        }
        Ok(users)
    }

    async fn users_after(
        &self,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<User>, PortError> {
        let content = self.read()?;
        let mut users = content.users.clone();
        match self.fault {
            Some(StoreFault::PagesUsersAsTheyCome) => {}
            _ => users.sort_unstable_by_key(User::id),
        }
        users.retain(|user| {
            after.is_none_or(|after| match self.fault {
                Some(StoreFault::RepeatsAUser) => user.id() >= after,
                _ => user.id() > after,
            })
        });
        let limit = match self.fault {
            Some(StoreFault::ForgetsALastUser) => limit.min(users.len().saturating_sub(1)),
            _ => limit,
        };
        users.truncate(limit);
        Ok(users)
    }

    async fn users_by_email(&self, emails: &[EmailAddress]) -> Result<Vec<User>, PortError> {
        let content = self.read()?;
        let found = |user: &&User| match self.fault {
            Some(StoreFault::FindsAddressesAsTyped) => {
                emails.iter().any(|email| email.as_str() == user.email().as_str())
            }
            _ => emails.contains(user.email()),
        };
        Ok(content.users.iter().filter(found).cloned().collect())
    }

    async fn user_by_subject(&self, subject: &Subject) -> Result<Option<User>, PortError> {
        let content = self.read()?;
        let found = |user: &&User| {
            user.subject().is_some_and(|linked| match self.fault {
                Some(StoreFault::TrimsSubjects) => linked.as_str() == subject.as_str().trim(),
                _ => linked == subject,
            })
        };
        Ok(content.users.iter().find(found).cloned())
    }

    async fn regional_lead(&self, user: UserId) -> Result<Option<RegionalLead>, PortError> {
        let content = self.read()?;
        let stopped_too = !self.has(StoreFault::ForgetsStoppedLeads);
        let found = |lead: &&RegionalLead| lead.user() == user && (stopped_too || lead.is_active());
        Ok(content.leads.iter().find(found).cloned())
    }

    async fn record(
        &self,
        organisation: OrganisationId,
        record: RecordId,
    ) -> Result<Option<VaccinationRecord>, PortError> {
        let content = self.read()?;
        let everywhere = self.has(StoreFault::RecordsOfEverywhere);
        let found = |r: &&VaccinationRecord| {
            r.id() == record && (everywhere || r.organisation() == organisation)
        };
        Ok(content.records.iter().find(found).cloned())
    }

    async fn records(
        &self,
        organisation: OrganisationId,
        after: Option<RecordKey>,
        limit: usize,
    ) -> Result<Vec<VaccinationRecord>, PortError> {
        let mut records = self.records_of(organisation)?;
        if self.has(StoreFault::CutsRecordsFirst) {
            records.truncate(limit);
        }
        records.retain(|record| {
            after.is_none_or(|after| match self.fault {
                Some(StoreFault::RepeatsARecord) => RecordKey::of(record) >= after,
                Some(StoreFault::PagesRecordsByTime) => record.recorded_at() > after.recorded_at,
                Some(StoreFault::RecordsNeedTheirKey) => {
                    let is_there = |one: &VaccinationRecord| RecordKey::of(one) == after;
                    self.read().is_ok_and(|content| content.records.iter().any(is_there))
                        && RecordKey::of(record) > after
                }
                _ => RecordKey::of(record) > after,
            })
        });
        match self.fault {
            Some(StoreFault::RecordsWithoutAnEnd) => {}
            Some(StoreFault::CapsRecordPages) => records.truncate(limit.min(3)),
            _ => records.truncate(limit),
        }
        Ok(records)
    }

    async fn records_given(
        &self,
        organisation: OrganisationId,
        range: ReportRange,
    ) -> Result<Vec<VaccinationRecord>, PortError> {
        let mut records = self.records_of(organisation)?;
        records.retain(|record| {
            let revision = match self.fault {
                Some(StoreFault::RangesByTheFirstRevision) => record.revisions().next().unwrap(),
                _ => record.current(),
            };
            let on = revision.details.given_on;
            let last_too = !self.has(StoreFault::RangesWithoutTheirLastDay);
            range.contains(on) && (last_too || on < range.last())
        });
        Ok(records)
    }

    async fn history(
        &self,
        stream: Stream,
        after: Option<HistoryPosition>,
        limit: usize,
    ) -> Result<Vec<HistoryEntry>, PortError> {
        let everybody = self.has(StoreFault::HistoryOfEverybody);
        let content = self.read()?;
        let told = content.events.iter().filter(|event| event.stream == stream || everybody);
        let mut events: Vec<Event> = told.cloned().collect();
        match self.fault {
            Some(StoreFault::HistoryByClock) => events.sort_by_key(|event| event.at),
            Some(StoreFault::HistoryNewestFirst) => events.reverse(),
            Some(StoreFault::HistoryWithoutTheSecondEventOfACommit) => {
                let mut last: Vec<Event> = Vec::new();
                for event in events {
                    if last.last().is_none_or(|before| before.change != event.change) {
                        last.push(event);
                    }
                }
                events = last;
            }
            _ => {}
        }
        let count = events.len() as u64;
        let position = |place: u64| match self.fault {
            Some(StoreFault::HistoryCountedFromTheEnd) => HistoryPosition(1_000 + place - count),
            _ => HistoryPosition(place + 1),
        };
        let from = |position: HistoryPosition| match self.fault {
            Some(StoreFault::HistoryFromTheBeginning) => true,
            Some(StoreFault::HistoryFromThePositionItself) => {
                after.is_none_or(|after| position >= after)
            }
            _ => after.is_none_or(|after| position > after),
        };
        let limit = if self.has(StoreFault::HistoryWithoutLimit) { usize::MAX } else { limit };
        let entries = (0..)
            .zip(events)
            .map(|(place, event)| HistoryEntry { position: position(place), event });
        Ok(entries.filter(|entry| from(entry.position)).take(limit).collect())
    }

    async fn commit(&self, change: &ChangeSet) -> Result<(), PortError> {
        self.save(change).await
    }
}
