//! Memberships, with the organisation and the people they belong to.

use std::collections::BTreeSet;

use ravs_core::port::PortError;
use ravs_core::{
    ClinicianStatus, EmailAddress, Entries, Member, Membership, MembershipState, OrganisationId,
    PermissionLevel, Place, Roster, Standing, StoredMembership, UserId,
};
use rusqlite::{Connection, params};

use super::{organisation, people};
use crate::row::{Columns, all, one, unreadable};
use crate::time::instant;

/// Where a user stands at an organisation.
pub(crate) fn standing(
    connection: &Connection,
    user: UserId,
    organisation: OrganisationId,
) -> Result<Option<Standing>, PortError> {
    let place = place(connection, user, organisation)?;
    Ok(place.map(|place| Standing::of(&place.organisation, &place.membership)))
}

/// Every membership of a user with its organisation.
pub(crate) fn places(connection: &Connection, user: UserId) -> Result<Vec<Place>, PortError> {
    let sql = "SELECT organisation_id FROM memberships WHERE user_id = ?1";
    let ids = all(connection, sql, [user.as_uuid().into_bytes()], |columns| columns.uuid())?;
    let place = |id| place(connection, user, OrganisationId::from_uuid(id)).transpose();
    ids.into_iter().filter_map(place).collect()
}

/// An organisation with all its members.
pub(crate) fn roster(
    connection: &Connection,
    id: OrganisationId,
) -> Result<Option<Roster>, PortError> {
    let Some(organisation) = organisation::by_id(connection, id)? else { return Ok(None) };
    let sql = "
        SELECT m.organisation_id, m.user_id, m.level, m.next_level, m.clinician, m.status,
            m.first_entered_at, m.last_entered_at, m.deactivated_at, m.version, m.changed_at,
            u.id, u.email, u.first_name, u.last_name, u.subject, u.version, u.changed_at
        FROM memberships AS m LEFT JOIN users AS u ON u.id = m.user_id
        WHERE m.organisation_id = ?1";
    let members = all(connection, sql, [id.as_uuid().into_bytes()], member)?;
    Ok(Some(Roster { organisation, members }))
}

/// The members of an organisation with one of these addresses.
pub(crate) fn members(
    connection: &Connection,
    organisation: OrganisationId,
    emails: &[EmailAddress],
) -> Result<Vec<Member>, PortError> {
    let sql = "
        SELECT m.organisation_id, m.user_id, m.level, m.next_level, m.clinician, m.status,
            m.first_entered_at, m.last_entered_at, m.deactivated_at, m.version, m.changed_at,
            u.id, u.email, u.first_name, u.last_name, u.subject, u.version, u.changed_at
        FROM users AS u JOIN memberships AS m ON m.user_id = u.id AND m.organisation_id = ?1
        WHERE u.email_folded = ?2";
    let emails: BTreeSet<&str> = emails.iter().map(EmailAddress::folded).collect();
    let member = |email| {
        one(connection, sql, params![organisation.as_uuid().into_bytes(), email], member)
            .transpose()
    };
    emails.into_iter().filter_map(member).collect()
}

fn place(
    connection: &Connection,
    user: UserId,
    organisation: OrganisationId,
) -> Result<Option<Place>, PortError> {
    let sql = "
        SELECT organisation_id, user_id, level, next_level, clinician, status, first_entered_at,
            last_entered_at, deactivated_at, version, changed_at
        FROM memberships WHERE organisation_id = ?1 AND user_id = ?2";
    let keys = [organisation.as_uuid().into_bytes(), user.as_uuid().into_bytes()];
    let Some(membership) = one(connection, sql, keys, membership)? else { return Ok(None) };
    let organisation = organisation::by_id(connection, organisation)?;
    let lost = || PortError::corrupt("a membership without its organisation");
    Ok(Some(Place { organisation: organisation.ok_or_else(lost)?, membership }))
}

/// The columns of a membership, then those of its user.
fn member(columns: &mut Columns<'_>) -> Result<Member, PortError> {
    let membership = membership(columns)?;
    Ok(Member { user: people::user(columns)?, membership })
}

fn membership(columns: &mut Columns<'_>) -> Result<Membership, PortError> {
    Ok(Membership::restore(StoredMembership {
        organisation: OrganisationId::from_uuid(columns.uuid()?),
        user: UserId::from_uuid(columns.uuid()?),
        level: columns.parsed()?,
        next_level: waiting_level(columns)?,
        clinician: match columns.take()? {
            true => ClinicianStatus::Clinician,
            false => ClinicianStatus::NotClinician,
        },
        state: state(columns)?,
        version: columns.version()?,
        changed_at: columns.time()?,
    })?)
}

fn waiting_level(columns: &mut Columns<'_>) -> Result<Option<PermissionLevel>, PortError> {
    let level: Option<String> = columns.take()?;
    level.map(|level| level.parse().map_err(|_| columns.unreadable())).transpose()
}

/// Columns `status`, `first_entered_at`, `last_entered_at` and `deactivated_at`.
fn state(columns: &mut Columns<'_>) -> Result<MembershipState, PortError> {
    let status: String = columns.take()?;
    let times: [Option<i64>; 3] = [columns.take()?, columns.take()?, columns.take()?];
    let [first, last, deactivated_at] = times.map(|time| time.map(instant));
    let entered = first.zip(last).map(|(first, last)| Entries { first, last });
    match (status.as_str(), entered, deactivated_at) {
        ("Invited", None, None) => Ok(MembershipState::Invited),
        ("Active", Some(entered), None) => Ok(MembershipState::Active { entered }),
        ("Deactivated", entered, Some(at)) => Ok(MembershipState::Deactivated { at, entered }),
        _ => Err(unreadable("status")),
    }
}
