//! People, and their access to the onboarding tool.

use std::collections::BTreeSet;

use ravs_core::port::PortError;
use ravs_core::{
    EmailAddress, PersonName, RegionalLead, RegionalLeadState, StoredRegionalLead, StoredUser,
    Subject, User, UserId,
};
use rusqlite::Connection;

use crate::row::{Columns, all, at_most, one, unreadable};

/// The users with these ids.
pub(crate) fn users(connection: &Connection, ids: &[UserId]) -> Result<Vec<User>, PortError> {
    let sql = "
        SELECT id, email, first_name, last_name, subject, version, changed_at
        FROM users WHERE id = ?1";
    let ids: BTreeSet<&UserId> = ids.iter().collect();
    let found = |id: &UserId| one(connection, sql, [id.as_uuid().into_bytes()], user).transpose();
    ids.into_iter().filter_map(found).collect()
}

/// Up to `limit` users by id, from after one on.
pub(crate) fn users_after(
    connection: &Connection,
    after: Option<UserId>,
    limit: usize,
) -> Result<Vec<User>, PortError> {
    let sql = "
        SELECT id, email, first_name, last_name, subject, version, changed_at
        FROM users WHERE ?1 IS NULL OR id > ?1 ORDER BY id LIMIT ?2";
    let after = after.map(|id| id.as_uuid().into_bytes());
    all(connection, sql, (after, at_most(limit)), user)
}

/// The users with these addresses.
pub(crate) fn users_by_email(
    connection: &Connection,
    emails: &[EmailAddress],
) -> Result<Vec<User>, PortError> {
    let sql = "
        SELECT id, email, first_name, last_name, subject, version, changed_at
        FROM users WHERE email_folded = ?1";
    let emails: BTreeSet<&str> = emails.iter().map(EmailAddress::folded).collect();
    let found = |email| one(connection, sql, [email], user).transpose();
    emails.into_iter().filter_map(found).collect()
}

/// The user linked to this subject.
pub(crate) fn user_by_subject(
    connection: &Connection,
    subject: &Subject,
) -> Result<Option<User>, PortError> {
    let sql = "
        SELECT id, email, first_name, last_name, subject, version, changed_at
        FROM users WHERE subject = ?1";
    one(connection, sql, [subject.as_str()], user)
}

/// A person's access to the onboarding tool.
pub(crate) fn regional_lead(
    connection: &Connection,
    user: UserId,
) -> Result<Option<RegionalLead>, PortError> {
    let sql = "
        SELECT user_id, region, status, since, version, changed_at
        FROM regional_leads WHERE user_id = ?1";
    one(connection, sql, [user.as_uuid().into_bytes()], lead)
}

/// Columns `id`, `email`, `first_name`, `last_name`, `subject`, `version` and `changed_at`.
pub(super) fn user(columns: &mut Columns<'_>) -> Result<User, PortError> {
    Ok(User::restore(StoredUser {
        id: UserId::from_uuid(columns.uuid()?),
        email: columns.parsed()?,
        name: name(columns)?,
        subject: subject(columns)?,
        version: columns.version()?,
        changed_at: columns.time()?,
    })?)
}

fn name(columns: &mut Columns<'_>) -> Result<PersonName, PortError> {
    let [first, last]: [String; 2] = [columns.take()?, columns.take()?];
    PersonName::new(&first, &last).map_err(|_| columns.unreadable())
}

fn subject(columns: &mut Columns<'_>) -> Result<Option<Subject>, PortError> {
    let subject: Option<String> = columns.take()?;
    subject.map(|subject| Subject::new(&subject).map_err(|_| columns.unreadable())).transpose()
}

fn lead(columns: &mut Columns<'_>) -> Result<RegionalLead, PortError> {
    Ok(RegionalLead::restore(StoredRegionalLead {
        user: UserId::from_uuid(columns.uuid()?),
        region: columns.parsed()?,
        state: lead_state(columns)?,
        version: columns.version()?,
        changed_at: columns.time()?,
    })?)
}

/// Columns `status` and `since`.
fn lead_state(columns: &mut Columns<'_>) -> Result<RegionalLeadState, PortError> {
    let status: String = columns.take()?;
    let since = columns.time()?;
    match status.as_str() {
        "Active" => Ok(RegionalLeadState::Active { since }),
        "Stopped" => Ok(RegionalLeadState::Stopped { at: since }),
        _ => Err(unreadable("status")),
    }
}
