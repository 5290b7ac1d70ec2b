//! What a process says of its work, line by line: before each commit what it is about to save,
//! and afterwards that it is saved; likewise of effects that are done.

use std::io::{Write as _, stdout};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use ravs_adapters_sqlite::SqliteStore;
use ravs_core::port::{
    Claim, EffectQueue, HistoryEntry, HistoryPosition, OrganisationFilter, OrganisationPage,
    PageRequest, ParkedEffect, PortError, Receipt, RecordKey, Store,
};
use ravs_core::{
    ChangeSet, ChangeSetId, Effect, EffectKey, EmailAddress, Event, Member, Membership, OdsCode,
    Organisation, OrganisationId, Place, RecordId, Region, RegionalLead, ReportRange, Roster,
    Standing, Stream, Subject, User, UserId, VaccinationRecord, Write,
};
use serde::{Deserialize, Serialize};

/// A line of the journal.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Line {
    /// This is about to be saved.
    Saving(Box<Saving>),
    /// It was acknowledged.
    Saved(ChangeSetId),
    /// It was refused: somebody else was quicker.
    Refused(ChangeSetId),
    /// That effect is about to be noted as done.
    Settling(EffectKey),
    /// It was acknowledged.
    Settled(EffectKey),
}

/// Everything in a change set.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Saving {
    pub(crate) id: ChangeSetId,
    pub(crate) organisations: Vec<Organisation>,
    pub(crate) memberships: Vec<Membership>,
    pub(crate) users: Vec<User>,
    pub(crate) regional_leads: Vec<RegionalLead>,
    pub(crate) records: Vec<VaccinationRecord>,
    pub(crate) events: Vec<Event>,
    pub(crate) effects: Vec<Effect>,
}

impl From<&ChangeSet> for Saving {
    fn from(change: &ChangeSet) -> Self {
        fn states<T: Clone>(writes: &[Write<T>]) -> Vec<T> {
            writes.iter().map(|write| write.state.clone()).collect()
        }
        Self {
            id: change.id(),
            organisations: states(change.organisations()),
            memberships: states(change.memberships()),
            users: states(change.users()),
            regional_leads: states(change.regional_leads()),
            records: states(change.records()),
            events: change.events().to_vec(),
            effects: change.effects().to_vec(),
        }
    }
}

/// Says a line, at once and whole.
pub(crate) fn say(line: &str) {
    let mut out = stdout().lock();
    out.write_all(format!("{line}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}

fn note(line: &Line) {
    say(&serde_json::to_string(line).unwrap());
}

/// A store that keeps a journal; otherwise it is the store within.
#[derive(Clone)]
pub(crate) struct Journalled(pub(crate) SqliteStore);

#[async_trait]
impl Store for Journalled {
    async fn organisation(&self, id: OrganisationId) -> Result<Option<Organisation>, PortError> {
        self.0.organisation(id).await
    }

    async fn unclosed_organisation(
        &self,
        code: &OdsCode,
    ) -> Result<Option<Organisation>, PortError> {
        self.0.unclosed_organisation(code).await
    }

    async fn organisations(
        &self,
        region: Region,
        filter: &OrganisationFilter,
        page: &PageRequest,
        now: DateTime<Utc>,
    ) -> Result<OrganisationPage, PortError> {
        self.0.organisations(region, filter, page, now).await
    }

    async fn due_closings(
        &self,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<OrganisationId>, PortError> {
        self.0.due_closings(now, limit).await
    }

    async fn standing(
        &self,
        user: UserId,
        organisation: OrganisationId,
    ) -> Result<Option<Standing>, PortError> {
        self.0.standing(user, organisation).await
    }

    async fn places(&self, user: UserId) -> Result<Vec<Place>, PortError> {
        self.0.places(user).await
    }

    async fn roster(&self, organisation: OrganisationId) -> Result<Option<Roster>, PortError> {
        self.0.roster(organisation).await
    }

    async fn members(
        &self,
        organisation: OrganisationId,
        emails: &[EmailAddress],
    ) -> Result<Vec<Member>, PortError> {
        self.0.members(organisation, emails).await
    }

    async fn users(&self, ids: &[UserId]) -> Result<Vec<User>, PortError> {
        self.0.users(ids).await
    }

    async fn users_after(
        &self,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<User>, PortError> {
        self.0.users_after(after, limit).await
    }

    async fn users_by_email(&self, emails: &[EmailAddress]) -> Result<Vec<User>, PortError> {
        self.0.users_by_email(emails).await
    }

    async fn user_by_subject(&self, subject: &Subject) -> Result<Option<User>, PortError> {
        self.0.user_by_subject(subject).await
    }

    async fn regional_lead(&self, user: UserId) -> Result<Option<RegionalLead>, PortError> {
        self.0.regional_lead(user).await
    }

    async fn record(
        &self,
        organisation: OrganisationId,
        record: RecordId,
    ) -> Result<Option<VaccinationRecord>, PortError> {
        self.0.record(organisation, record).await
    }

    async fn records(
        &self,
        organisation: OrganisationId,
        after: Option<RecordKey>,
        limit: usize,
    ) -> Result<Vec<VaccinationRecord>, PortError> {
        self.0.records(organisation, after, limit).await
    }

    async fn records_given(
        &self,
        organisation: OrganisationId,
        range: ReportRange,
    ) -> Result<Vec<VaccinationRecord>, PortError> {
        self.0.records_given(organisation, range).await
    }

    async fn history(
        &self,
        stream: Stream,
        after: Option<HistoryPosition>,
        limit: usize,
    ) -> Result<Vec<HistoryEntry>, PortError> {
        self.0.history(stream, after, limit).await
    }

    async fn commit(&self, change: &ChangeSet) -> Result<(), PortError> {
        note(&Line::Saving(Box::new(Saving::from(change))));
        let outcome = self.0.commit(change).await;
        match &outcome {
            Ok(()) => note(&Line::Saved(change.id())),
            Err(_) => note(&Line::Refused(change.id())),
        }
        outcome
    }
}

#[async_trait]
impl EffectQueue for Journalled {
    async fn claim(
        &self,
        now: DateTime<Utc>,
        lease: TimeDelta,
        limit: usize,
    ) -> Result<Vec<Claim>, PortError> {
        self.0.claim(now, lease, limit).await
    }

    async fn done(&self, receipt: &Receipt) -> Result<(), PortError> {
        note(&Line::Settling(receipt.key.clone()));
        self.0.done(receipt).await?;
        note(&Line::Settled(receipt.key.clone()));
        Ok(())
    }

    async fn retry_at(&self, receipt: &Receipt, at: DateTime<Utc>) -> Result<(), PortError> {
        self.0.retry_at(receipt, at).await
    }

    async fn park(&self, receipt: &Receipt, at: DateTime<Utc>, why: &str) -> Result<(), PortError> {
        self.0.park(receipt, at, why).await
    }

    async fn parked(&self, limit: usize) -> Result<Vec<ParkedEffect>, PortError> {
        self.0.parked(limit).await
    }

    async fn unpark(&self, key: &EffectKey, at: DateTime<Utc>) -> Result<bool, PortError> {
        self.0.unpark(key, at).await
    }
}
