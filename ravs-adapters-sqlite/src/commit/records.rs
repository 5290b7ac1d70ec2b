//! Writing vaccination records: the revisions that are new, and the record with its first.

use ravs_core::port::PortError;
use ravs_core::{ChangeSetId, VaccinationRecord, Version, Write};
use rusqlite::{Connection, params};

use crate::row::change;
use crate::time::{days, nanoseconds};

/// Writes a record.
pub(super) fn write(
    connection: &Connection,
    by: ChangeSetId,
    Write { replaces, state }: &Write<VaccinationRecord>,
) -> Result<(), PortError> {
    let keys = (state.organisation(), state.id());
    let (organisation, id) = (keys.0.as_uuid().into_bytes(), keys.1.as_uuid().into_bytes());
    let there = replaces.map_or(0, Version::number);
    let sql = "
        INSERT INTO record_revisions (
            organisation_id, record_id, revision, previous_revision, given_on, assessing,
            consenting, by_user, at, change_set_id
        )
        VALUES (?1, ?2, ?3, nullif(?3 - 1, 0), ?4, ?5, ?6, ?7, ?8, ?9)";
    for (revision, said) in (1u64..).zip(state.revisions()).filter(|(number, _)| *number > there) {
        let parameters = params![
            organisation,
            id,
            revision,
            days(said.details.given_on),
            said.details.assessing.as_uuid().into_bytes(),
            said.details.consenting.as_uuid().into_bytes(),
            said.by.as_uuid().into_bytes(),
            nanoseconds(said.at)?,
            by.as_uuid().into_bytes(),
        ];
        change(connection, sql, parameters)?;
    }
    if replaces.is_some() {
        return Ok(());
    }
    let sql = "
        INSERT INTO records (organisation_id, id, vaccine, vaccine_folded, recorded_at)
        VALUES (?1, ?2, ?3, ?4, ?5)";
    let vaccine = state.vaccine();
    let recorded_at = nanoseconds(state.recorded_at())?;
    let parameters = params![organisation, id, vaccine.as_str(), vaccine.folded(), recorded_at];
    change(connection, sql, parameters).map(drop)
}
