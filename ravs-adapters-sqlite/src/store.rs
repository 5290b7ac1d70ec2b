//! The store, method by method: each read as of one moment, each commit whole or not at all.

use std::sync::atomic::Ordering;

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
use rusqlite::Connection;

use crate::error::failed;
use crate::read::{history, list, membership, organisation, people, record};
use crate::{SqliteStore, commit, log};

impl SqliteStore {
    /// Reads as of one moment, which is after every commit that was acknowledged before, and
    /// after the end of every one that somebody began and stopped waiting for: what is seen of
    /// those is how it stays.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, PortError> + Send + 'static,
    ) -> Result<T, PortError> {
        if let Some(left) = self.shared.unsettled.left() {
            self.shared.writer.run(|_| Ok(())).await?; // after all that was queued before
            self.shared.unsettled.are_over(left);
        }
        let at_once = |connection: &mut Connection| {
            let moment = connection.transaction().map_err(failed)?;
            read(&moment)
        };
        self.shared.readers.run(at_once).await
    }

    /// Writes, after everything that was to be written before.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        write: impl FnOnce(&mut Connection) -> Result<T, PortError> + Send + 'static,
    ) -> Result<T, PortError> {
        let waiting = self.shared.unsettled.waiting();
        let outcome = self.shared.writer.run(write).await;
        waiting.answered();
        let before = self.shared.commits.fetch_add(1, Ordering::Relaxed);
        if before % log::COMMITS == log::COMMITS - 1 {
            self.shared.writer.leave(log::begin_anew);
        }
        outcome
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn organisation(&self, id: OrganisationId) -> Result<Option<Organisation>, PortError> {
        self.read(move |connection| organisation::by_id(connection, id)).await
    }

    async fn unclosed_organisation(
        &self,
        code: &OdsCode,
    ) -> Result<Option<Organisation>, PortError> {
        let code = code.clone();
        self.read(move |connection| organisation::unclosed(connection, &code)).await
    }

    async fn organisations(
        &self,
        region: Region,
        filter: &OrganisationFilter,
        page: &PageRequest,
        now: DateTime<Utc>,
    ) -> Result<OrganisationPage, PortError> {
        let (filter, page) = (*filter, page.clone());
        self.read(move |connection| list::page(connection, region, &filter, &page, now)).await
    }

    async fn due_closings(
        &self,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<OrganisationId>, PortError> {
        self.read(move |connection| list::due_closings(connection, now, limit)).await
    }

    async fn standing(
        &self,
        user: UserId,
        organisation: OrganisationId,
    ) -> Result<Option<Standing>, PortError> {
        self.read(move |connection| membership::standing(connection, user, organisation)).await
    }

    async fn places(&self, user: UserId) -> Result<Vec<Place>, PortError> {
        self.read(move |connection| membership::places(connection, user)).await
    }

    async fn roster(&self, organisation: OrganisationId) -> Result<Option<Roster>, PortError> {
        self.read(move |connection| membership::roster(connection, organisation)).await
    }

    async fn members(
        &self,
        organisation: OrganisationId,
        emails: &[EmailAddress],
    ) -> Result<Vec<Member>, PortError> {
        let emails = emails.to_vec();
        self.read(move |connection| membership::members(connection, organisation, &emails)).await
    }

    async fn users(&self, ids: &[UserId]) -> Result<Vec<User>, PortError> {
        let ids = ids.to_vec();
        self.read(move |connection| people::users(connection, &ids)).await
    }

    async fn users_after(
        &self,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<User>, PortError> {
        self.read(move |connection| people::users_after(connection, after, limit)).await
    }

    async fn users_by_email(&self, emails: &[EmailAddress]) -> Result<Vec<User>, PortError> {
        let emails = emails.to_vec();
        self.read(move |connection| people::users_by_email(connection, &emails)).await
    }

    async fn user_by_subject(&self, subject: &Subject) -> Result<Option<User>, PortError> {
        let subject = subject.clone();
        self.read(move |connection| people::user_by_subject(connection, &subject)).await
    }

    async fn regional_lead(&self, user: UserId) -> Result<Option<RegionalLead>, PortError> {
        self.read(move |connection| people::regional_lead(connection, user)).await
    }

    async fn record(
        &self,
        organisation: OrganisationId,
        record: RecordId,
    ) -> Result<Option<VaccinationRecord>, PortError> {
        self.read(move |connection| record::by_id(connection, organisation, record)).await
    }

    async fn records(
        &self,
        organisation: OrganisationId,
        after: Option<RecordKey>,
        limit: usize,
    ) -> Result<Vec<VaccinationRecord>, PortError> {
        self.read(move |connection| record::after(connection, organisation, after, limit)).await
    }

    async fn records_given(
        &self,
        organisation: OrganisationId,
        range: ReportRange,
    ) -> Result<Vec<VaccinationRecord>, PortError> {
        self.read(move |connection| record::given(connection, organisation, range)).await
    }

    async fn history(
        &self,
        stream: Stream,
        after: Option<HistoryPosition>,
        limit: usize,
    ) -> Result<Vec<HistoryEntry>, PortError> {
        self.read(move |connection| history::after(connection, stream, after, limit)).await
    }

    async fn commit(&self, change: &ChangeSet) -> Result<(), PortError> {
        let change = change.clone();
        self.write(move |connection| commit::commit(connection, &change)).await
    }
}
