//! Vaccination records.

use chrono::NaiveDate;
use ravs_core::port::{PortError, RecordKey};
use ravs_core::{
    OrganisationId, RecordDetails, RecordId, ReportRange, Revision, StoredRecord, UserId,
    VaccinationRecord,
};
use tokio_postgres::Row;
use tokio_postgres::types::Type;
use uuid::Uuid;

use super::next;
use crate::database::{Database, Setting};
use crate::row::Columns;
use crate::statement::{Statement, Step, value};
use crate::time::nearest_nanoseconds;

/// The columns of a record `r` and one of its revisions `v`.
macro_rules! columns {
    () => {
        "r.organisation_id, r.id, r.vaccine, r.recorded_at,
         v.given_on, v.assessing, v.consenting, v.made_by, v.made_at"
    };
}

/// Where a record has lost its revisions, their columns are null, which no record is read from.
macro_rules! revisions_of_records {
    () => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM {schema}.records AS r
            LEFT JOIN {schema}.record_revisions AS v
                ON v.organisation_id = r.organisation_id AND v.record_id = r.id
            WHERE r.organisation_id = $1 "
        )
    };
}

const RECORD: Statement = Statement {
    text: concat!(revisions_of_records!(), "AND r.id = $2 ORDER BY v.revision"),
    types: &[Type::UUID, Type::UUID],
};

/// The revisions are a query of their own in order, so that they are looked up for each record of
/// the page, whatever the planner thinks of its length.
const RECORDS_FROM: Statement = Statement {
    text: concat!(
        "SELECT ",
        columns!(),
        " FROM (
            SELECT organisation_id, id, vaccine, recorded_at FROM {schema}.records
            WHERE organisation_id = $1 AND (recorded_at, id) >= ($2, $3)
            ORDER BY recorded_at, id LIMIT $4
        ) AS r
        LEFT JOIN LATERAL (
            SELECT revision, given_on, assessing, consenting, made_by, made_at
            FROM {schema}.record_revisions
            WHERE organisation_id = $1 AND record_id = r.id ORDER BY revision
        ) AS v ON true
        ORDER BY r.recorded_at, r.id, v.revision"
    ),
    types: &[Type::UUID, Type::INT8, Type::UUID, Type::INT8],
};

/// Those whose last revision says so.
const RECORDS_GIVEN: Statement = Statement {
    text: concat!(
        revisions_of_records!(),
        "AND r.id IN (
            SELECT said.record_id FROM {schema}.record_revisions AS said
            WHERE said.organisation_id = $1 AND said.given_on BETWEEN $2 AND $3
            AND NOT EXISTS (
                SELECT 1 FROM {schema}.record_revisions AS later
                WHERE later.organisation_id = $1 AND later.record_id = said.record_id
                AND later.revision = said.revision + 1
            )
        )
        ORDER BY r.recorded_at, r.id, v.revision"
    ),
    types: &[Type::UUID, Type::DATE, Type::DATE],
};

impl Database {
    pub(crate) async fn record(
        &self,
        organisation: OrganisationId,
        record: RecordId,
    ) -> Result<Option<VaccinationRecord>, PortError> {
        let values = [value(*organisation.as_uuid()), value(*record.as_uuid())];
        let step = Step::new(&RECORD, values);
        let rows = self.read_under(Setting::Organisation(organisation), &step).await?;
        Ok(records(&rows)?.into_iter().next())
    }

    pub(crate) async fn records(
        &self,
        organisation: OrganisationId,
        after: Option<RecordKey>,
        limit: usize,
    ) -> Result<Vec<VaccinationRecord>, PortError> {
        let (at, id) = after.map_or((i64::MIN, Uuid::nil()), |key| {
            let at = nearest_nanoseconds(key.recorded_at);
            let next = next(*key.id.as_uuid());
            next.map_or((at.saturating_add(1), Uuid::nil()), |next| (at, next))
        });
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let values = [value(*organisation.as_uuid()), value(at), value(id), value(limit)];
        let read = Step::new(&RECORDS_FROM, values);
        records(&self.read_under(Setting::Organisation(organisation), &read).await?)
    }

    pub(crate) async fn records_given(
        &self,
        organisation: OrganisationId,
        range: ReportRange,
    ) -> Result<Vec<VaccinationRecord>, PortError> {
        let [first, last] = [range.first(), range.last()].map(|day| value(kept(day)));
        let read = Step::new(&RECORDS_GIVEN, [value(*organisation.as_uuid()), first, last]);
        records(&self.read_under(Setting::Organisation(organisation), &read).await?)
    }
}

/// The day, or the first that the database knows; nothing was given before that.
fn kept(day: NaiveDate) -> NaiveDate {
    day.max(NaiveDate::from_ymd_opt(-4711, 1, 1).unwrap_or_default())
}

/// Records of their revisions, which follow each other.
fn records(rows: &[Row]) -> Result<Vec<VaccinationRecord>, PortError> {
    let mut stored: Vec<StoredRecord> = Vec::new();
    for row in rows {
        let mut columns = Columns::of(row);
        let organisation = columns.id(OrganisationId::from_uuid)?;
        let id = columns.id(RecordId::from_uuid)?;
        let vaccine = columns.text("a vaccine type", |text| text.parse().ok())?;
        let recorded_at = columns.time()?;
        let details = RecordDetails {
            given_on: columns.next()?,
            assessing: columns.id(UserId::from_uuid)?,
            consenting: columns.id(UserId::from_uuid)?,
        };
        let (by, at) = (columns.id(UserId::from_uuid)?, columns.time()?);
        let revision = Revision { details, by, at };
        match stored.last_mut() {
            Some(record) if record.id == id => record.revisions.push(revision),
            // Lists go by the one, and the core by the other.
            _ if at != recorded_at => {
                return Err(PortError::corrupt("a record's first revision has another time"));
            }
            _ => stored.push(StoredRecord { id, organisation, vaccine, revisions: vec![revision] }),
        }
    }
    stored.into_iter().map(|stored| Ok(VaccinationRecord::restore(stored)?)).collect()
}
