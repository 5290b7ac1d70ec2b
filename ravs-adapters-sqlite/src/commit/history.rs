//! Writing down what happened.

use ravs_core::port::PortError;
use ravs_core::{Actor, Event, Stream};
use rusqlite::{Connection, params};

use crate::row::{change, number};
use crate::time::nanoseconds;

/// Adds an event to its history, after all that are there.
pub(super) fn append(connection: &Connection, event: &Event) -> Result<(), PortError> {
    let (by_kind, by_user) = match event.by {
        Actor::Support => ("Support", None),
        Actor::System => ("System", None),
        Actor::RegionalLead(user) => ("RegionalLead", Some(user)),
        Actor::User(user) => ("User", Some(user)),
    };
    let by_user = by_user.as_ref().map(|user| user.as_uuid().into_bytes());
    let unwritable = |error| PortError::rejected("an event cannot be written").caused_by(error);
    let what: String =
        serde_json::to_string(&event.what).map_err(|error: serde_json::Error| unwritable(error))?;
    let (id, change_set) = (event.id.as_uuid().into_bytes(), event.change.as_uuid().into_bytes());
    let (at, name) = (nanoseconds(event.at)?, event.what.name());
    match event.stream {
        Stream::Organisation(organisation) => {
            let version = event.organisation_version.map(number).transpose()?;
            let organisation = organisation.as_uuid().into_bytes();
            let sql = "
                INSERT INTO organisation_events (
                    organisation_id, position, id, change_set_id, organisation_version, at,
                    by_kind, by_user, name, what
                )
                SELECT ?1, 1 + coalesce(max(position), 0), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9
                FROM organisation_events WHERE organisation_id = ?1";
            let parameters =
                params![organisation, id, change_set, version, at, by_kind, by_user, name, what];
            change(connection, sql, parameters).map(drop)
        }
        Stream::Person(user) => {
            let user = user.as_uuid().into_bytes();
            let sql = "
                INSERT INTO person_events (
                    user_id, position, id, change_set_id, at, by_kind, by_user, name, what
                )
                SELECT ?1, 1 + coalesce(max(position), 0), ?2, ?3, ?4, ?5, ?6, ?7, ?8
                FROM person_events WHERE user_id = ?1";
            let parameters = params![user, id, change_set, at, by_kind, by_user, name, what];
            change(connection, sql, parameters).map(drop)
        }
    }
}
