//! The store, and how it is set up.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use deadpool_postgres::{Pool, Transaction};
use ravs_core::port::{
    HistoryEntry, HistoryPosition, OrganisationFilter, OrganisationPage, PageRequest, PortError,
    RecordKey, Store,
};
use ravs_core::{
    ChangeSet, ChangeSetId, EmailAddress, Member, OdsCode, Organisation, OrganisationId, Place,
    RecordId, Region, RegionalLead, ReportRange, Roster, Standing, Stream, Subject, User, UserId,
    VaccinationRecord,
};

use crate::commit;
use crate::database::Database;
use crate::lane::Lanes;
use crate::migration::{SchemaError, check};
use crate::schema::{Schema, SchemaName};
use crate::standby::Standby;
use crate::statement::StatementMode;

/// A store and its queue of effects, on PostgreSQL. Clones share their pool.
#[derive(Clone, Debug)]
pub struct PostgresStore(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    database: Database,
    lanes: Lanes,
    turn: AtomicUsize,
}

/// How a [`PostgresStore`] is set up.
#[derive(Clone, Debug)]
#[must_use]
pub struct Builder {
    pool: Pool,
    standby: Option<Pool>,
    schema: SchemaName,
    mode: StatementMode,
    lanes: Lanes,
    deadline: Duration,
    settle_for: Duration,
}

impl Builder {
    /// The schema that holds everything: `ravs` unless told otherwise.
    pub fn schema(mut self, schema: SchemaName) -> Self {
        self.schema = schema;
        self
    }

    /// How statements are sent: prepared, unless told otherwise.
    pub fn statements(mut self, mode: StatementMode) -> Self {
        self.mode = mode;
        self
    }

    /// How many lanes the queue of effects has: one, unless told otherwise.
    pub fn lanes(mut self, lanes: Lanes) -> Self {
        self.lanes = lanes;
        self
    }

    /// A pool of a standby, for what tolerates some age: regions' lists. They are as old as it is,
    /// so watch how far it is behind. Where it does not answer within a second, the primary is
    /// asked, and it alone for the next ten.
    pub fn standby(mut self, pool: Pool) -> Self {
        self.standby = Some(pool);
        self
    }

    /// How long one exchange with the database may take, and as long again for a connection to be
    /// had: 10 seconds unless told otherwise.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// How long a commit whose outcome is unclear is asked for again before that is left to the
    /// caller: 5 seconds unless told otherwise.
    pub fn settle_for(mut self, settle_for: Duration) -> Self {
        self.settle_for = settle_for;
        self
    }

    /// The store. Nothing is asked of the database yet: see [`PostgresStore::check`].
    #[must_use]
    pub fn build(self) -> PostgresStore {
        let database = Database {
            pool: self.pool,
            standby: self.standby.map(Standby::new),
            schema: Schema::new(self.schema),
            mode: self.mode,
            deadline: self.deadline,
            settle_for: self.settle_for,
        };
        PostgresStore(Arc::new(Inner { database, lanes: self.lanes, turn: AtomicUsize::new(0) }))
    }
}

impl PostgresStore {
    /// A store on the host's pool, in the schema `ravs`.
    #[must_use]
    pub fn new(pool: Pool) -> Self {
        Self::builder(pool).build()
    }

    /// A store on the host's pool, with settings of its own.
    pub fn builder(pool: Pool) -> Builder {
        Builder {
            pool,
            standby: None,
            schema: SchemaName::default(),
            mode: StatementMode::default(),
            lanes: Lanes::default(),
            deadline: Duration::from_secs(10),
            settle_for: Duration::from_secs(5),
        }
    }

    /// Checks at start-up that the schema is one that this version works with.
    ///
    /// # Errors
    /// [`SchemaError`]: too old, too new, not there, or the database cannot be asked.
    pub async fn check(&self) -> Result<(), SchemaError> {
        check(self.database()).await
    }

    /// Saves a change set within the host's own transaction, so that what the host writes there
    /// changes with it or not at all. Nothing is saved before the host commits.
    ///
    /// The organisations concerned stay locked until then, so commit soon. After an error the
    /// transaction has to be rolled back: what else is in it could be saved without this. The
    /// setting `ravs.organisation` stays as it was last set until the transaction ends. Where the
    /// outcome of the host's own `COMMIT` is unclear,
    /// [`is_committed`](Self::is_committed) tells.
    ///
    /// # Errors
    /// As [`Store::commit`]; a change set that is committed already is a conflict here.
    pub async fn commit_in(
        &self,
        transaction: &Transaction<'_>,
        change: &ChangeSet,
    ) -> Result<(), PortError> {
        let steps = commit::saving(change, self.0.lanes)?.into_steps();
        self.database().write_in(transaction, &steps).await
    }

    /// Whether the change set of this id is saved, on the standbys too that a commit waits for.
    /// One whose commit is still under way is not.
    ///
    /// # Errors
    /// [`PortError`] when the database cannot be asked.
    pub async fn is_committed(&self, id: ChangeSetId) -> Result<bool, PortError> {
        let found = self.database().read(&commit::IS_COMMITTED, &[id.as_uuid()]).await?;
        if found.is_empty() {
            return Ok(false);
        }
        self.database().keep().await.map(|()| true)
    }

    pub(crate) fn database(&self) -> &Database {
        &self.0.database
    }

    /// The lanes, beginning with another one each time.
    pub(crate) fn lanes_in_turn(&self) -> impl Iterator<Item = i16> + use<> {
        let lanes: Vec<i16> = self.0.lanes.each().collect();
        let first = self.0.turn.fetch_add(1, Ordering::Relaxed) % lanes.len().max(1);
        let number = lanes.len();
        lanes.into_iter().cycle().skip(first).take(number)
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn organisation(&self, id: OrganisationId) -> Result<Option<Organisation>, PortError> {
        self.database().organisation(id).await
    }

    async fn unclosed_organisation(
        &self,
        code: &OdsCode,
    ) -> Result<Option<Organisation>, PortError> {
        self.database().unclosed_organisation(code).await
    }

    async fn organisations(
        &self,
        region: Region,
        filter: &OrganisationFilter,
        page: &PageRequest,
        now: DateTime<Utc>,
    ) -> Result<OrganisationPage, PortError> {
        self.database().organisations(region, filter, page, now).await
    }

    async fn due_closings(
        &self,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<OrganisationId>, PortError> {
        self.database().due_closings(now, limit).await
    }

    async fn standing(
        &self,
        user: UserId,
        organisation: OrganisationId,
    ) -> Result<Option<Standing>, PortError> {
        self.database().standing(user, organisation).await
    }

    async fn places(&self, user: UserId) -> Result<Vec<Place>, PortError> {
        self.database().places(user).await
    }

    async fn roster(&self, organisation: OrganisationId) -> Result<Option<Roster>, PortError> {
        self.database().roster(organisation).await
    }

    async fn members(
        &self,
        organisation: OrganisationId,
        emails: &[EmailAddress],
    ) -> Result<Vec<Member>, PortError> {
        self.database().members(organisation, emails).await
    }

    async fn users(&self, ids: &[UserId]) -> Result<Vec<User>, PortError> {
        self.database().users(ids).await
    }

    async fn users_after(
        &self,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<User>, PortError> {
        self.database().users_after(after, limit).await
    }

    async fn users_by_email(&self, emails: &[EmailAddress]) -> Result<Vec<User>, PortError> {
        self.database().users_by_email(emails).await
    }

    async fn user_by_subject(&self, subject: &Subject) -> Result<Option<User>, PortError> {
        self.database().user_by_subject(subject).await
    }

    async fn regional_lead(&self, user: UserId) -> Result<Option<RegionalLead>, PortError> {
        self.database().regional_lead(user).await
    }

    async fn record(
        &self,
        organisation: OrganisationId,
        record: RecordId,
    ) -> Result<Option<VaccinationRecord>, PortError> {
        self.database().record(organisation, record).await
    }

    async fn records(
        &self,
        organisation: OrganisationId,
        after: Option<RecordKey>,
        limit: usize,
    ) -> Result<Vec<VaccinationRecord>, PortError> {
        self.database().records(organisation, after, limit).await
    }

    async fn records_given(
        &self,
        organisation: OrganisationId,
        range: ReportRange,
    ) -> Result<Vec<VaccinationRecord>, PortError> {
        self.database().records_given(organisation, range).await
    }

    async fn history(
        &self,
        stream: Stream,
        after: Option<HistoryPosition>,
        limit: usize,
    ) -> Result<Vec<HistoryEntry>, PortError> {
        self.database().history(stream, after, limit).await
    }

    async fn commit(&self, change: &ChangeSet) -> Result<(), PortError> {
        let saving = commit::saving(change, self.0.lanes)?;
        self.database().write(&saving).await
    }
}
