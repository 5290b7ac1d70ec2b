//! Organisations: who they are, the newest step of their life, and what they may record.

use ravs_core::port::PortError;
use ravs_core::{
    ClosedBecause, Closing, OdsCode, Organisation, OrganisationId, OrganisationState, StoredGrants,
    StoredOrganisation, UserId, VaccineGrants, VaccineType,
};
use rusqlite::Connection;

use crate::row::{Columns, all, one, unreadable};

/// An organisation, as stored.
pub(crate) fn by_id(
    connection: &Connection,
    id: OrganisationId,
) -> Result<Option<Organisation>, PortError> {
    let sql = "
        SELECT o.id, o.ods_code, o.name, o.address, o.postcode, o.region, o.invited_by,
            o.invited_at, v.status, v.since, v.closes_at, v.closed_because, v.version,
            v.changed_at, v.grants
        FROM organisations AS o
        LEFT JOIN organisation_versions AS v ON v.organisation_id = o.id AND v.version = (
            SELECT max(version) FROM organisation_versions WHERE organisation_id = o.id
        )
        WHERE o.id = ?1";
    let key = [id.as_uuid().into_bytes()];
    one(connection, sql, key, |columns| organisation(connection, id, columns))
}

/// The organisation with this code that is not stored as Closed.
pub(crate) fn unclosed(
    connection: &Connection,
    code: &OdsCode,
) -> Result<Option<Organisation>, PortError> {
    let sql = "SELECT id FROM organisations WHERE ods_code = ?1 AND status <> 'Closed'";
    match one(connection, sql, [code.as_str()], |columns| columns.uuid())? {
        Some(id) => by_id(connection, OrganisationId::from_uuid(id)),
        None => Ok(None),
    }
}

fn organisation(
    connection: &Connection,
    id: OrganisationId,
    columns: &mut Columns<'_>,
) -> Result<Organisation, PortError> {
    Ok(Organisation::restore(StoredOrganisation {
        id: OrganisationId::from_uuid(columns.uuid()?),
        ods_code: columns.parsed()?,
        name: columns.take()?,
        address: columns.take()?,
        postcode: columns.take()?,
        region: columns.parsed()?,
        invited_by: UserId::from_uuid(columns.uuid()?),
        invited_at: columns.time()?,
        state: state(columns)?,
        version: columns.version()?,
        changed_at: columns.time()?,
        vaccines: grants(connection, id, columns.take()?)?,
    })?)
}

/// Columns `status`, `since`, `closes_at` and `closed_because`.
fn state(columns: &mut Columns<'_>) -> Result<OrganisationState, PortError> {
    let status: String = columns.take()?;
    let (since, closes_at) = (columns.time()?, columns.time()?);
    let because: Option<String> = columns.take()?;
    Ok(match status.as_str() {
        "Invited" => OrganisationState::Invited,
        "Active" => OrganisationState::Active { since },
        "Deactivated" => {
            OrganisationState::Deactivated { at: since, closes_at: Closing::restore(closes_at)? }
        }
        "Closed" => {
            let because = match because.as_deref() {
                Some("withdrawn") => ClosedBecause::Withdrawn,
                Some("grace_period_ended") => ClosedBecause::GracePeriodEnded,
                _ => return Err(columns.unreadable()),
            };
            OrganisationState::Closed { at: since, because }
        }
        _ => return Err(unreadable("status")),
    })
}

fn grants(
    connection: &Connection,
    id: OrganisationId,
    count: u32,
) -> Result<VaccineGrants, PortError> {
    let sql = "SELECT number, vaccine FROM grants WHERE organisation_id = ?1 ORDER BY number";
    let key = [id.as_uuid().into_bytes()];
    let grants = all(connection, sql, key, |columns| {
        Ok((columns.take()?, columns.parsed::<VaccineType>()?))
    })?;
    Ok(VaccineGrants::restore(StoredGrants { count, grants })?)
}
