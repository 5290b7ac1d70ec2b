//! Histories.

use ravs_core::port::{HistoryEntry, HistoryPosition, PortError};
use ravs_core::{Actor, ChangeSetId, Event, EventId, Stream, UserId, Version};
use rusqlite::{Connection, params};
use uuid::Uuid;

use crate::row::{Columns, all, at_most, unreadable};

/// Up to `limit` events of a history, from after a position on.
pub(crate) fn after(
    connection: &Connection,
    stream: Stream,
    after: Option<HistoryPosition>,
    limit: usize,
) -> Result<Vec<HistoryEntry>, PortError> {
    let sql = match stream {
        Stream::Organisation(_) => {
            "SELECT position, id, change_set_id, organisation_version, at, by_kind, by_user, what
            FROM organisation_events WHERE organisation_id = ?1 AND position > ?2
            ORDER BY position LIMIT ?3"
        }
        Stream::Person(_) => {
            "SELECT position, id, change_set_id, NULL, at, by_kind, by_user, what
            FROM person_events WHERE user_id = ?1 AND position > ?2
            ORDER BY position LIMIT ?3"
        }
    };
    let of = match &stream {
        Stream::Organisation(id) => id.as_uuid(),
        Stream::Person(id) => id.as_uuid(),
    };
    let after = after.map_or(0, |position| at_most(position.0));
    all(connection, sql, params![of.into_bytes(), after, at_most(limit)], |row| entry(stream, row))
}

fn entry(stream: Stream, columns: &mut Columns<'_>) -> Result<HistoryEntry, PortError> {
    let position: i64 = columns.take()?;
    let position = u64::try_from(position).map_err(|_| columns.unreadable())?;
    let event = Event {
        id: EventId::from_uuid(columns.uuid()?),
        change: ChangeSetId::from_uuid(columns.uuid()?),
        stream,
        organisation_version: told_version(columns)?,
        at: columns.time()?,
        by: actor(columns)?,
        what: columns.json()?,
    };
    Ok(HistoryEntry { position: HistoryPosition(position), event })
}

fn told_version(columns: &mut Columns<'_>) -> Result<Option<Version>, PortError> {
    let number: Option<i64> = columns.take()?;
    let version = |number| u64::try_from(number).ok().and_then(Version::new);
    number.map(|number| version(number).ok_or_else(|| columns.unreadable())).transpose()
}

/// Columns `by_kind` and `by_user`.
fn actor(columns: &mut Columns<'_>) -> Result<Actor, PortError> {
    let kind: String = columns.take()?;
    let user: Option<[u8; 16]> = columns.take()?;
    let user = user.map(|bytes| UserId::from_uuid(Uuid::from_bytes(bytes)));
    match (kind.as_str(), user) {
        ("Support", None) => Ok(Actor::Support),
        ("System", None) => Ok(Actor::System),
        ("RegionalLead", Some(user)) => Ok(Actor::RegionalLead(user)),
        ("User", Some(user)) => Ok(Actor::User(user)),
        _ => Err(unreadable("by_kind")),
    }
}
