//! Vaccination records, with every revision.

use ravs_core::port::{PortError, RecordKey};
use ravs_core::{
    OrganisationId, RecordDetails, RecordId, ReportRange, Revision, StoredRecord, UserId,
    VaccinationRecord,
};
use rusqlite::{Connection, params};

use crate::row::{Columns, all, at_most, one};
use crate::time::{day, days, saturated};

/// A record of this organisation.
pub(crate) fn by_id(
    connection: &Connection,
    organisation: OrganisationId,
    id: RecordId,
) -> Result<Option<VaccinationRecord>, PortError> {
    let sql = "SELECT id, vaccine FROM records WHERE organisation_id = ?1 AND id = ?2";
    let keys = [organisation.as_uuid().into_bytes(), id.as_uuid().into_bytes()];
    one(connection, sql, keys, |columns| record(connection, organisation, columns))
}

/// Up to `limit` records of an organisation, by the time they were made, then id, from after a key
/// on.
pub(crate) fn after(
    connection: &Connection,
    organisation: OrganisationId,
    after: Option<RecordKey>,
    limit: usize,
) -> Result<Vec<VaccinationRecord>, PortError> {
    let sql = "
        SELECT id, vaccine FROM records
        WHERE organisation_id = ?1 AND (recorded_at, id) > (?2, ?3)
        ORDER BY recorded_at, id LIMIT ?4";
    // Every id is after none.
    let (at, id) = after.map_or((i64::MIN, Vec::new()), |key| {
        (saturated(key.recorded_at), key.id.as_uuid().into_bytes().into())
    });
    let key = organisation.as_uuid().into_bytes();
    let read = |columns: &mut Columns<'_>| record(connection, organisation, columns);
    all(connection, sql, params![key, at, id, at_most(limit)], read)
}

/// The records of an organisation that were given in a range of days by their newest revision, by
/// the time they were made, then id.
pub(crate) fn given(
    connection: &Connection,
    organisation: OrganisationId,
    range: ReportRange,
) -> Result<Vec<VaccinationRecord>, PortError> {
    let read = |columns: &mut Columns<'_>| record(connection, organisation, columns);
    let key = organisation.as_uuid().into_bytes();
    let sql = "
        SELECT r.id, r.vaccine
        FROM record_revisions AS newest
        JOIN records AS r ON r.organisation_id = ?1 AND r.id = newest.record_id
        WHERE newest.organisation_id = ?1 AND newest.given_on BETWEEN ?2 AND ?3
            AND NOT EXISTS (
                SELECT 1 FROM record_revisions AS later
                WHERE later.organisation_id = ?1 AND later.record_id = newest.record_id
                    AND later.revision > newest.revision
            )
        ORDER BY r.recorded_at, r.id";
    all(connection, sql, params![key, days(range.first()), days(range.last())], read)
}

/// Columns `id` and `vaccine`.
fn record(
    connection: &Connection,
    organisation: OrganisationId,
    columns: &mut Columns<'_>,
) -> Result<VaccinationRecord, PortError> {
    let (id, vaccine) = (RecordId::from_uuid(columns.uuid()?), columns.parsed()?);
    let sql = "
        SELECT given_on, assessing, consenting, by_user, at
        FROM record_revisions WHERE organisation_id = ?1 AND record_id = ?2 ORDER BY revision";
    let keys = [organisation.as_uuid().into_bytes(), id.as_uuid().into_bytes()];
    let revisions = all(connection, sql, keys, revision)?;
    Ok(VaccinationRecord::restore(StoredRecord { id, organisation, vaccine, revisions })?)
}

fn revision(columns: &mut Columns<'_>) -> Result<Revision, PortError> {
    let given_on = day(columns.take()?).ok_or_else(|| columns.unreadable())?;
    Ok(Revision {
        details: RecordDetails {
            given_on,
            assessing: UserId::from_uuid(columns.uuid()?),
            consenting: UserId::from_uuid(columns.uuid()?),
        },
        by: UserId::from_uuid(columns.uuid()?),
        at: columns.time()?,
    })
}
