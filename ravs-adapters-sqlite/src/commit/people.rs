//! Writing users and regional leads.

use ravs_core::port::PortError;
use ravs_core::{RegionalLead, RegionalLeadState, User, Write};
use rusqlite::{Connection, params};

use crate::row::{change, number, one};
use crate::time::nanoseconds;

/// Writes a user. Of one who is there, the link to a subject is all that can be new.
pub(super) fn write_user(
    connection: &Connection,
    Write { replaces, state }: &Write<User>,
) -> Result<(), PortError> {
    let (id, subject) = (state.id(), state.subject().map(|subject| subject.as_str()));
    let taken = "
        SELECT 1 FROM users WHERE (email_folded = ?2 OR subject = ?3) AND id <> ?1";
    let keys = params![id.as_uuid().into_bytes(), state.email().folded(), subject];
    if one(connection, taken, keys, |columns| columns.take::<i64>())?.is_some() {
        return Err(PortError::conflict("another user has this address or subject"));
    }
    let (version, changed_at) = (number(state.version())?, nanoseconds(state.changed_at())?);
    if replaces.is_some() {
        let sql = "UPDATE users SET subject = ?2, version = ?3, changed_at = ?4 WHERE id = ?1";
        let parameters = params![id.as_uuid().into_bytes(), subject, version, changed_at];
        return change(connection, sql, parameters).map(drop);
    }
    let sql = "
        INSERT INTO users (
            id, email, email_folded, first_name, last_name, subject, version, changed_at
        )
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let parameters = params![
        id.as_uuid().into_bytes(),
        state.email().as_str(),
        state.email().folded(),
        state.name().first(),
        state.name().last(),
        subject,
        version,
        changed_at,
    ];
    change(connection, sql, parameters).map(drop)
}

/// Writes a regional lead.
pub(super) fn write_lead(
    connection: &Connection,
    Write { replaces, state }: &Write<RegionalLead>,
) -> Result<(), PortError> {
    let (status, since) = match state.state() {
        RegionalLeadState::Active { since } => ("Active", since),
        RegionalLeadState::Stopped { at } => ("Stopped", at),
    };
    let sql = if replaces.is_some() {
        "UPDATE regional_leads
        SET region = ?2, status = ?3, since = ?4, version = ?5, changed_at = ?6
        WHERE user_id = ?1"
    } else {
        "INSERT INTO regional_leads (user_id, region, status, since, version, changed_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
    };
    let parameters = params![
        state.user().as_uuid().into_bytes(),
        state.region().code(),
        status,
        nanoseconds(since)?,
        number(state.version())?,
        nanoseconds(state.changed_at())?,
    ];
    change(connection, sql, parameters).map(drop)
}
