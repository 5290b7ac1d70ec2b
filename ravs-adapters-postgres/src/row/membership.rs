//! Memberships.

use ravs_core::port::PortError;
use ravs_core::{
    ClinicianStatus, Entries, Membership, MembershipState, OrganisationId, PermissionLevel,
    StoredMembership, UserId,
};

use super::Columns;
use crate::time::time;

/// How many columns a membership has, as the statements in `read` give it.
pub(crate) const MEMBERSHIP_COLUMNS: usize = 11;

pub(crate) fn membership(columns: &mut Columns<'_>) -> Result<Membership, PortError> {
    let organisation = columns.id(OrganisationId::from_uuid)?;
    let user = columns.id(UserId::from_uuid)?;
    let level = columns.text("a permission level", level)?;
    let next_level: Option<&str> = columns.next()?;
    let next_level = next_level.map(level_of).transpose()?;
    let clinician = match columns.next()? {
        true => ClinicianStatus::Clinician,
        false => ClinicianStatus::NotClinician,
    };
    let state = state(columns)?;
    let version = columns.version()?;
    let changed_at = columns.time()?;
    let stored = StoredMembership {
        organisation,
        user,
        level,
        next_level,
        clinician,
        state,
        version,
        changed_at,
    };
    Ok(Membership::restore(stored)?)
}

fn level(text: &str) -> Option<PermissionLevel> {
    text.parse().ok()
}

fn level_of(text: &str) -> Result<PermissionLevel, PortError> {
    level(text).ok_or_else(|| PortError::corrupt("a waiting permission level is not readable"))
}

fn state(columns: &mut Columns<'_>) -> Result<MembershipState, PortError> {
    let status: &str = columns.next()?;
    let first: Option<i64> = columns.next()?;
    let last: Option<i64> = columns.next()?;
    let deactivated: Option<i64> = columns.next()?;
    let unreadable = || PortError::corrupt("the state of a membership is not readable");
    let entered = match (first, last) {
        (Some(first), Some(last)) => Some(Entries { first: time(first), last: time(last) }),
        (None, None) => None,
        _ => return Err(unreadable()),
    };
    match (status, entered, deactivated) {
        ("Invited", None, None) => Ok(MembershipState::Invited),
        ("Active", Some(entered), None) => Ok(MembershipState::Active { entered }),
        ("Deactivated", entered, Some(at)) => {
            Ok(MembershipState::Deactivated { at: time(at), entered })
        }
        _ => Err(unreadable()),
    }
}
