//! A store whose commits fail when they are told to.

use std::future::poll_fn;
use std::mem::take;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use ravs_core::port::{
    HistoryEntry, HistoryPosition, OrganisationFilter, OrganisationPage, PageRequest, PortError,
    RecordKey, Store,
};
use ravs_core::{
    ChangeSet, ChangeSetId, EmailAddress, Member, OdsCode, Organisation, OrganisationId, Place,
    RecordId, Region, RegionalLead, ReportRange, Roster, Standing, Stream, Subject, User, UserId,
    VaccinationRecord,
};

/// Where a commit fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultPoint {
    /// Nothing was saved, and the caller is told to try again later.
    Before,
    /// It was begun and dropped on the way: saved or not, and the caller does not learn which. How
    /// far it comes changes from commit to commit. One that never waits is over by then.
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
    commits: Arc<AtomicUsize>,
    dropped: Arc<Mutex<Vec<ChangeSetId>>>,
}

impl FaultyStore {
    /// A store that does not fail yet.
    #[must_use]
    pub fn new(inner: Arc<dyn Store>) -> Self {
        Self {
            inner,
            armed: Arc::default(),
            gives_way: false,
            conflicts: Arc::default(),
            commits: Arc::default(),
            dropped: Arc::default(),
        }
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

    /// The change sets whose commits were dropped before they were over, since this was asked last.
    /// Whether they are saved only the store within can tell, and perhaps not at once. On a store
    /// that never waits there are none.
    #[must_use]
    pub fn take_dropped(&self) -> Vec<ChangeSetId> {
        take(&mut *self.dropped())
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

    fn dropped(&self) -> MutexGuard<'_, Vec<ChangeSetId>> {
        self.dropped.lock().unwrap_or_else(PoisonError::into_inner)
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
        after: Option<RecordKey>,
        limit: usize,
    ) -> Result<Vec<VaccinationRecord>, PortError> {
        self.give_way().await;
        self.inner.records(organisation, after, limit).await
    }

    async fn records_given(
        &self,
        organisation: OrganisationId,
        range: ReportRange,
    ) -> Result<Vec<VaccinationRecord>, PortError> {
        self.give_way().await;
        self.inner.records_given(organisation, range).await
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
        let before = self.commits.fetch_add(1, Ordering::Relaxed);
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
                let until = Until::of_commit(before);
                if !is_over(self.inner.commit(change), until).await {
                    self.dropped().push(change.id());
                }
                Err(PortError::unavailable("told to fail within"))
            }
        }
    }
}

/// How far a commit comes that fails within.
#[derive(Clone, Copy, Debug)]
enum Until {
    /// Until it waits for the first time: what it asked for is under way.
    Waits,
    /// Until it could go on after so many polls: what it asked for is answered, and not heard.
    Answered { polls: usize },
}

impl Until {
    /// Every other commit comes no further than to its first wait, which is the only one of some
    /// stores; the others come further from one to the next. One over a network waits for its
    /// beginning, then for what it writes, each for some polls; the last of these are more.
    fn of_commit(number: usize) -> Self {
        match number % 2 {
            0 => Self::Waits,
            _ => Self::Answered { polls: 1 + number / 2 % 9 },
        }
    }
}

/// Polls a commit whenever it can go on, until then, and drops it. Gives whether it was over.
async fn is_over<T>(mut begun: Pin<Box<dyn Future<Output = T> + Send + '_>>, until: Until) -> bool {
    let mut polled = 0;
    poll_fn(|context| {
        if matches!(until, Until::Answered { polls } if polled == polls) {
            return Poll::Ready(false);
        }
        polled += 1;
        match (begun.as_mut().poll(context), until) {
            (Poll::Ready(_), _) => Poll::Ready(true),
            (Poll::Pending, Until::Waits) => Poll::Ready(false),
            (Poll::Pending, Until::Answered { .. }) => Poll::Pending,
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use tokio::runtime::Builder;

    use super::*;

    /// Whether something is over by then that is over at its third poll, and how often it was
    /// polled.
    fn comes(until: Until) -> (bool, usize) {
        let polls = AtomicUsize::new(0);
        let third = poll_fn(|context| {
            context.waker().wake_by_ref();
            if polls.fetch_add(1, Ordering::Relaxed) < 2 { Poll::Pending } else { Poll::Ready(()) }
        });
        let runtime = Builder::new_current_thread().build().unwrap();
        let is_over = runtime.block_on(is_over(Box::pin(third), until));
        (is_over, polls.into_inner())
    }

    #[test]
    fn a_commit_is_dropped_on_the_way_unless_it_is_over_before() {
        assert_eq!(comes(Until::Waits), (false, 1));
        let expected = [(false, 1), (false, 2), (true, 3), (true, 3)];
        assert_eq!([1, 2, 3, 8].map(|polls| comes(Until::Answered { polls })), expected);
    }

    #[test]
    fn it_is_dropped_everywhere_from_one_commit_to_the_next() {
        let polls = |number| match Until::of_commit(number) {
            Until::Waits => 0,
            Until::Answered { polls } => polls,
        };
        let expected = [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8, 0, 9, 0, 1];
        assert_eq!(std::array::from_fn(polls), expected);
    }
}
