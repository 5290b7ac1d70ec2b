//! A store whose commits are watched.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use ravs_core::port::{
    HistoryEntry, HistoryPosition, OrganisationFilter, OrganisationPage, PageRequest, PortError,
    RecordKey, Store,
};
use ravs_core::{
    ChangeSet, EmailAddress, Member, OdsCode, Organisation, OrganisationId, Place, RecordId,
    Region, RegionalLead, ReportRange, Roster, Standing, Stream, Subject, User, UserId,
    VaccinationRecord,
};

/// Is told of every commit before it begins, and of its answer.
#[async_trait]
pub trait Watch: Send + Sync {
    /// It is about to be committed; it is when this returns.
    async fn before(&self, change: &ChangeSet);

    /// The store has answered.
    async fn after(&self, change: &ChangeSet, outcome: &Result<(), PortError>);
}

/// A store whose commits are watched; otherwise it is the store within.
#[derive(Clone)]
pub struct Watched {
    inner: Arc<dyn Store>,
    watch: Arc<dyn Watch>,
}

impl Watched {
    /// The store, watched.
    #[must_use]
    pub fn new(inner: Arc<dyn Store>, watch: Arc<dyn Watch>) -> Self {
        Self { inner, watch }
    }
}

impl fmt::Debug for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watched").finish_non_exhaustive()
    }
}

#[async_trait]
impl Store for Watched {
    async fn organisation(&self, id: OrganisationId) -> Result<Option<Organisation>, PortError> {
        self.inner.organisation(id).await
    }

    async fn unclosed_organisation(
        &self,
        code: &OdsCode,
    ) -> Result<Option<Organisation>, PortError> {
        self.inner.unclosed_organisation(code).await
    }

    async fn organisations(
        &self,
        region: Region,
        filter: &OrganisationFilter,
        page: &PageRequest,
        now: DateTime<Utc>,
    ) -> Result<OrganisationPage, PortError> {
        self.inner.organisations(region, filter, page, now).await
    }

    async fn due_closings(
        &self,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<OrganisationId>, PortError> {
        self.inner.due_closings(now, limit).await
    }

    async fn standing(
        &self,
        user: UserId,
        organisation: OrganisationId,
    ) -> Result<Option<Standing>, PortError> {
        self.inner.standing(user, organisation).await
    }

    async fn places(&self, user: UserId) -> Result<Vec<Place>, PortError> {
        self.inner.places(user).await
    }

    async fn roster(&self, organisation: OrganisationId) -> Result<Option<Roster>, PortError> {
        self.inner.roster(organisation).await
    }

    async fn members(
        &self,
        organisation: OrganisationId,
        emails: &[EmailAddress],
    ) -> Result<Vec<Member>, PortError> {
        self.inner.members(organisation, emails).await
    }

    async fn users(&self, ids: &[UserId]) -> Result<Vec<User>, PortError> {
        self.inner.users(ids).await
    }

    async fn users_after(
        &self,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<User>, PortError> {
        self.inner.users_after(after, limit).await
    }

    async fn users_by_email(&self, emails: &[EmailAddress]) -> Result<Vec<User>, PortError> {
        self.inner.users_by_email(emails).await
    }

    async fn user_by_subject(&self, subject: &Subject) -> Result<Option<User>, PortError> {
        self.inner.user_by_subject(subject).await
    }

    async fn regional_lead(&self, user: UserId) -> Result<Option<RegionalLead>, PortError> {
        self.inner.regional_lead(user).await
    }

    async fn record(
        &self,
        organisation: OrganisationId,
        record: RecordId,
    ) -> Result<Option<VaccinationRecord>, PortError> {
        self.inner.record(organisation, record).await
    }

    async fn records(
        &self,
        organisation: OrganisationId,
        after: Option<RecordKey>,
        limit: usize,
    ) -> Result<Vec<VaccinationRecord>, PortError> {
        self.inner.records(organisation, after, limit).await
    }

    async fn records_given(
        &self,
        organisation: OrganisationId,
        range: ReportRange,
    ) -> Result<Vec<VaccinationRecord>, PortError> {
        self.inner.records_given(organisation, range).await
    }

    async fn history(
        &self,
        stream: Stream,
        after: Option<HistoryPosition>,
        limit: usize,
    ) -> Result<Vec<HistoryEntry>, PortError> {
        self.inner.history(stream, after, limit).await
    }

    async fn commit(&self, change: &ChangeSet) -> Result<(), PortError> {
        self.watch.before(change).await;
        let outcome = self.inner.commit(change).await;
        self.watch.after(change, &outcome).await;
        outcome
    }
}
