//! A store whose commits fail when they are told to.

use std::future::poll_fn;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use ravs_core::port::{
    HistoryEntry, HistoryPosition, OrganisationFilter, OrganisationPage, PageRequest, PortError,
    Store,
};
use ravs_core::{
    ChangeSet, EmailAddress, Member, OdsCode, Organisation, OrganisationId, Place, RecordId,
    Region, RegionalLead, ReportRange, Roster, Standing, Stream, Subject, User, UserId,
    VaccinationRecord,
};

/// Where a commit fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultPoint {
    /// Nothing was saved, and the caller is told to try again later.
    Before,
    /// It was begun and dropped: saved or not, and the caller does not learn which.
    Within,
    /// It was saved, and the caller does not learn it.
    After,
    /// Nothing was saved, as if somebody else had been quicker: the caller decides again.
    Conflict,
}

/// A store whose commits fail when they are told to; otherwise it is the store within.
#[derive(Clone)]
pub struct FaultyStore {
    inner: Arc<dyn Store>,
    armed: Arc<Mutex<Option<(FaultPoint, usize)>>>,
    gives_way: bool,
    conflicts: Arc<AtomicUsize>,
}

impl FaultyStore {
    /// A store that does not fail yet.
    #[must_use]
    pub fn new(inner: Arc<dyn Store>) -> Self {
        Self { inner, armed: Arc::default(), gives_way: false, conflicts: Arc::default() }
    }

    /// The same, but before every read and commit it lets other tasks go first: so races are
    /// common.
    #[must_use]
    pub fn giving_way(self) -> Self {
        Self { gives_way: true, ..self }
    }

    /// How many commits the store within has answered with a conflict.
    #[must_use]
    pub fn conflicts(&self) -> usize {
        self.conflicts.load(Ordering::Relaxed)
    }

    /// Has a commit fail: the next one after `skip` others.
    pub fn arm(&self, point: FaultPoint, skip: usize) {
        *self.armed() = Some((point, skip));
    }

    /// Has no further commit fail. Gives whether none did since it was armed.
    pub fn disarm(&self) -> bool {
        self.armed().take().is_some()
    }

    async fn give_way(&self) {
        if self.gives_way {
            tokio::task::yield_now().await;
        }
    }

    fn armed(&self) -> MutexGuard<'_, Option<(FaultPoint, usize)>> {
        self.armed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The fault that strikes this commit.
    fn strikes(&self) -> Option<FaultPoint> {
        let mut armed = self.armed();
        match &mut *armed {
            Some((_, skip)) if *skip > 0 => {
                *skip -= 1;
                None
            }
            other => other.take().map(|(point, _)| point),
        }
    }
}

impl std::fmt::Debug for FaultyStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FaultyStore").field("armed", &self.armed).finish_non_exhaustive()
    }
}

#[async_trait]
impl Store for FaultyStore {
    async fn organisation(&self, id: OrganisationId) -> Result<Option<Organisation>, PortError> {
        self.give_way().await;
        self.inner.organisation(id).await
    }

    async fn unclosed_organisation(
        &self,
        code: &OdsCode,
    ) -> Result<Option<Organisation>, PortError> {
        self.give_way().await;
        self.inner.unclosed_organisation(code).await
    }

    async fn organisations(
        &self,
        region: Region,
        filter: &OrganisationFilter,
        page: &PageRequest,
        now: DateTime<Utc>,
    ) -> Result<OrganisationPage, PortError> {
        self.give_way().await;
        self.inner.organisations(region, filter, page, now).await
    }

    async fn due_closings(
        &self,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<OrganisationId>, PortError> {
        self.give_way().await;
        self.inner.due_closings(now, limit).await
    }

    async fn standing(
        &self,
        user: UserId,
        organisation: OrganisationId,
    ) -> Result<Option<Standing>, PortError> {
        self.give_way().await;
        self.inner.standing(user, organisation).await
    }

    async fn places(&self, user: UserId) -> Result<Vec<Place>, PortError> {
        self.give_way().await;
        self.inner.places(user).await
    }

    async fn roster(&self, organisation: OrganisationId) -> Result<Option<Roster>, PortError> {
        self.give_way().await;
        self.inner.roster(organisation).await
    }

    async fn members(
        &self,
        organisation: OrganisationId,
        emails: &[EmailAddress],
    ) -> Result<Vec<Member>, PortError> {
        self.give_way().await;
        self.inner.members(organisation, emails).await
    }

    async fn users(&self, ids: &[UserId]) -> Result<Vec<User>, PortError> {
        self.give_way().await;
        self.inner.users(ids).await
    }

    async fn users_after(
        &self,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<User>, PortError> {
        self.give_way().await;
        self.inner.users_after(after, limit).await
    }

    async fn users_by_email(&self, emails: &[EmailAddress]) -> Result<Vec<User>, PortError> {
        self.give_way().await;
        self.inner.users_by_email(emails).await
    }

    async fn user_by_subject(&self, subject: &Subject) -> Result<Option<User>, PortError> {
        self.give_way().await;
        self.inner.user_by_subject(subject).await
    }

    async fn regional_lead(&self, user: UserId) -> Result<Option<RegionalLead>, PortError> {
        self.give_way().await;
        self.inner.regional_lead(user).await
    }

    async fn record(
        &self,
        organisation: OrganisationId,
        record: RecordId,
    ) -> Result<Option<VaccinationRecord>, PortError> {
        self.give_way().await;
        self.inner.record(organisation, record).await
    }

    async fn records(
        &self,
        organisation: OrganisationId,
        given: Option<ReportRange>,
    ) -> Result<Vec<VaccinationRecord>, PortError> {
        self.give_way().await;
        self.inner.records(organisation, given).await
    }

    async fn history(
        &self,
        stream: Stream,
        after: Option<HistoryPosition>,
        limit: usize,
    ) -> Result<Vec<HistoryEntry>, PortError> {
        self.give_way().await;
        self.inner.history(stream, after, limit).await
    }

    async fn commit(&self, change: &ChangeSet) -> Result<(), PortError> {
        self.give_way().await;
        match self.strikes() {
            None => {
                let outcome = self.inner.commit(change).await;
                if outcome.as_ref().is_err_and(PortError::is_conflict) {
                    self.conflicts.fetch_add(1, Ordering::Relaxed);
                }
                outcome
            }
            Some(FaultPoint::Before) => Err(PortError::unavailable("told to fail before")),
            Some(FaultPoint::Conflict) => Err(PortError::conflict("told to be overtaken")),
            Some(FaultPoint::After) => {
                self.inner.commit(change).await?;
                Err(PortError::unavailable("told to fail after"))
            }
            Some(FaultPoint::Within) => {
                let mut begun = self.inner.commit(change);
                poll_fn(|context| Poll::Ready(begun.as_mut().poll(context).is_ready())).await;
                drop(begun);
                Err(PortError::unavailable("told to fail within"))
            }
        }
    }
}
