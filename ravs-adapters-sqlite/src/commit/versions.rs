//! The versions that a change set was decided on, which are looked at before anything is written.

use ravs_core::port::PortError;
use ravs_core::{ChangeSet, Guard, OrganisationId, RecordId, UserId, Version, Write};
use rusqlite::{Connection, Params};

use crate::row::one;

/// Whether everything still has the version that this was decided on.
pub(super) fn check(connection: &Connection, change: &ChangeSet) -> Result<(), PortError> {
    for Write { replaces, state } in change.organisations() {
        same(*replaces, organisation(connection, state.id())?)?;
    }
    for Write { replaces, state } in change.memberships() {
        same(*replaces, membership(connection, state.organisation(), state.user())?)?;
    }
    for Write { replaces, state } in change.users() {
        same(*replaces, user(connection, state.id())?)?;
    }
    for Write { replaces, state } in change.regional_leads() {
        same(*replaces, lead(connection, state.user())?)?;
    }
    for Write { replaces, state } in change.records() {
        same(*replaces, record(connection, state.organisation(), state.id())?)?;
    }
    for guard in change.guards() {
        let (decided_on, stored) = match *guard {
            Guard::Organisation(id, version) => (version, organisation(connection, id)?),
            Guard::Membership(at, user, version) => (version, membership(connection, at, user)?),
            Guard::RegionalLead(user, version) => (version, lead(connection, user)?),
        };
        same(Some(decided_on), stored)?;
    }
    Ok(())
}

fn same(decided_on: Option<Version>, stored: Option<Version>) -> Result<(), PortError> {
    if decided_on == stored {
        return Ok(());
    }
    Err(PortError::conflict("what this was decided on has changed"))
}

fn organisation(connection: &Connection, id: OrganisationId) -> Result<Option<Version>, PortError> {
    let sql = "
        SELECT version FROM organisation_versions
        WHERE organisation_id = ?1 ORDER BY version DESC LIMIT 1";
    version(connection, sql, [id.as_uuid().into_bytes()])
}

fn membership(
    connection: &Connection,
    organisation: OrganisationId,
    user: UserId,
) -> Result<Option<Version>, PortError> {
    let sql = "SELECT version FROM memberships WHERE organisation_id = ?1 AND user_id = ?2";
    version(connection, sql, [organisation.as_uuid().into_bytes(), user.as_uuid().into_bytes()])
}

fn user(connection: &Connection, id: UserId) -> Result<Option<Version>, PortError> {
    let sql = "SELECT version FROM users WHERE id = ?1";
    version(connection, sql, [id.as_uuid().into_bytes()])
}

fn lead(connection: &Connection, user: UserId) -> Result<Option<Version>, PortError> {
    let sql = "SELECT version FROM regional_leads WHERE user_id = ?1";
    version(connection, sql, [user.as_uuid().into_bytes()])
}

fn record(
    connection: &Connection,
    organisation: OrganisationId,
    id: RecordId,
) -> Result<Option<Version>, PortError> {
    let sql = "
        SELECT revision FROM record_revisions
        WHERE organisation_id = ?1 AND record_id = ?2 ORDER BY revision DESC LIMIT 1";
    version(connection, sql, [organisation.as_uuid().into_bytes(), id.as_uuid().into_bytes()])
}

fn version(
    connection: &Connection,
    sql: &str,
    keys: impl Params,
) -> Result<Option<Version>, PortError> {
    one(connection, sql, keys, |columns| columns.version())
}
