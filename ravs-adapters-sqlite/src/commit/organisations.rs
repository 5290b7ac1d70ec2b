//! Writing organisations: one step of a life each, and the vaccine types that came with it.

use ravs_core::port::PortError;
use ravs_core::{
    ChangeSetId, ClosedBecause, Organisation, OrganisationState, OrganisationStatus,
    StoredOrganisation, Version, Write,
};
use rusqlite::{Connection, params};

use crate::row::{change, number, one};
use crate::time::{NO_CLOSING, nanoseconds};

/// Writes organisations, those first that close: one of them may give its code to another.
pub(super) fn write(
    connection: &Connection,
    by: ChangeSetId,
    writes: &[Write<Organisation>],
) -> Result<(), PortError> {
    let closes = |write: &&Write<Organisation>| {
        matches!(write.state.state(), OrganisationState::Closed { .. })
    };
    let (closing, others) = writes.iter().partition::<Vec<_>, _>(closes);
    for Write { replaces, state } in closing.into_iter().chain(others) {
        let stored = state.stored();
        add_grants(connection, stored)?;
        add_step(connection, by, *replaces, stored)?;
        if replaces.is_none() {
            add(connection, stored)?;
        }
    }
    Ok(())
}

/// What is stored of an organisation's state.
struct Step {
    status: OrganisationStatus,
    since: i64,
    closes_at: i64,
    closed_because: Option<&'static str>,
}

impl Step {
    fn of(stored: &StoredOrganisation) -> Result<Self, PortError> {
        let (status, since) = match stored.state {
            OrganisationState::Invited => (OrganisationStatus::Invited, stored.invited_at),
            OrganisationState::Active { since } => (OrganisationStatus::Active, since),
            OrganisationState::Deactivated { at, .. } => (OrganisationStatus::Deactivated, at),
            OrganisationState::Closed { at, .. } => (OrganisationStatus::Closed, at),
        };
        let closing = stored.state.closing().map(|closing| nanoseconds(closing.instant()));
        let closed_because = match stored.state {
            OrganisationState::Closed { because, .. } => Some(match because {
                ClosedBecause::GracePeriodEnded => "grace_period_ended",
                ClosedBecause::Withdrawn => "withdrawn",
            }),
            _ => None,
        };
        Ok(Self {
            status,
            since: nanoseconds(since)?,
            closes_at: closing.transpose()?.unwrap_or(NO_CLOSING),
            closed_because,
        })
    }
}

/// Writes down the step, which the newest one there is comes before.
fn add_step(
    connection: &Connection,
    by: ChangeSetId,
    replaces: Option<Version>,
    stored: &StoredOrganisation,
) -> Result<(), PortError> {
    let step = Step::of(stored)?;
    let sql = "
        INSERT INTO organisation_versions (
            organisation_id, version, status, since, closes_at, closed_because, grants,
            changed_at, change_set_id, previous_version, previous_status, previous_closes_at
        )
        SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, p.version, p.status, p.closes_at
        FROM (SELECT 1) LEFT JOIN organisation_versions AS p
            ON p.organisation_id = ?1 AND p.version = ?10";
    let parameters = params![
        stored.id.as_uuid().into_bytes(),
        number(stored.version)?,
        step.status.as_str(),
        step.since,
        step.closes_at,
        step.closed_because,
        stored.vaccines.iter().len(),
        nanoseconds(stored.changed_at)?,
        by.as_uuid().into_bytes(),
        replaces.map(number).transpose()?,
    ];
    change(connection, sql, parameters).map(drop)
}

/// Writes down who a new organisation is.
fn add(connection: &Connection, stored: &StoredOrganisation) -> Result<(), PortError> {
    let step = Step::of(stored)?;
    let held = "SELECT 1 FROM organisations WHERE ods_code = ?1 AND status <> 'Closed'";
    if one(connection, held, [stored.ods_code.as_str()], |columns| columns.take::<i64>())?.is_some()
    {
        return Err(PortError::conflict("another organisation holds this ODS code"));
    }
    let sql = "
        INSERT INTO organisations (
            id, ods_code, name, address, postcode, region, invited_by, invited_at,
            version, status, closes_at
        )
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    let parameters = params![
        stored.id.as_uuid().into_bytes(),
        stored.ods_code.as_str(),
        stored.name,
        stored.address,
        stored.postcode,
        stored.region.code(),
        stored.invited_by.as_uuid().into_bytes(),
        nanoseconds(stored.invited_at)?,
        number(stored.version)?,
        step.status.as_str(),
        step.closes_at,
    ];
    change(connection, sql, parameters).map(drop)
}

/// Writes down the types that were not granted before: those after the ones that are there.
fn add_grants(connection: &Connection, stored: &StoredOrganisation) -> Result<(), PortError> {
    let key = stored.id.as_uuid().into_bytes();
    let count = "SELECT count(*) FROM grants WHERE organisation_id = ?1";
    let granted: Option<usize> = one(connection, count, [key], |columns| columns.take())?;
    let sql = "
        INSERT INTO grants (organisation_id, number, vaccine, folded, organisation_version)
        VALUES (?1, ?2, ?3, ?4, ?5)";
    let version = number(stored.version)?;
    let new = (1i64..).zip(stored.vaccines.iter()).skip(granted.unwrap_or_default());
    for (number, vaccine) in new {
        let parameters = params![key, number, vaccine.as_str(), vaccine.folded(), version];
        change(connection, sql, parameters)?;
    }
    Ok(())
}
