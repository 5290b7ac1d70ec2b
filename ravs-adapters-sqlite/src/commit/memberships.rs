//! Writing memberships.

use ravs_core::port::PortError;
use ravs_core::{ClinicianStatus, Membership, MembershipState, PermissionLevel, Write};
use rusqlite::{Connection, params};

use crate::row::{change, number};
use crate::time::nanoseconds;

/// Writes a membership.
pub(super) fn write(
    connection: &Connection,
    Write { replaces, state }: &Write<Membership>,
) -> Result<(), PortError> {
    let stored = state.stored();
    let entered = stored.state.entered();
    let deactivated_at = match stored.state {
        MembershipState::Invited | MembershipState::Active { .. } => None,
        MembershipState::Deactivated { at, .. } => Some(at),
    };
    let sql = if replaces.is_some() {
        "UPDATE memberships
        SET level = ?3, next_level = ?4, clinician = ?5, status = ?6, first_entered_at = ?7,
            last_entered_at = ?8, deactivated_at = ?9, version = ?10, changed_at = ?11
        WHERE organisation_id = ?1 AND user_id = ?2"
    } else {
        "INSERT INTO memberships (
            organisation_id, user_id, level, next_level, clinician, status, first_entered_at,
            last_entered_at, deactivated_at, version, changed_at
        )
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
    };
    let parameters = params![
        stored.organisation.as_uuid().into_bytes(),
        stored.user.as_uuid().into_bytes(),
        stored.level.as_str(),
        stored.next_level.map(PermissionLevel::as_str),
        stored.clinician == ClinicianStatus::Clinician,
        state.status().as_str(),
        entered.map(|entered| nanoseconds(entered.first)).transpose()?,
        entered.map(|entered| nanoseconds(entered.last)).transpose()?,
        deactivated_at.map(nanoseconds).transpose()?,
        number(stored.version)?,
        nanoseconds(stored.changed_at)?,
    ];
    change(connection, sql, parameters).map(drop)
}
