//! What happened, at the end of its history.

use std::collections::BTreeSet;

use ravs_core::port::PortError;
use ravs_core::{ChangeSet, Event, OrganisationId, Stream, UserId};
use tokio_postgres::types::Type;

use crate::row::{actor, json, number};
use crate::statement::{Statement, Step, value};
use crate::time::nanoseconds;

/// The history is locked with its organisation, so the last position stays the last.
const TO_ORGANISATION: Statement = Statement {
    text: "INSERT INTO {schema}.organisation_events (
            organisation_id, position, id, change_set_id, organisation_version, at, by_kind,
            by_user, name, what
        )
        SELECT $1, last.position + e.number, e.id, $2, e.organisation_version, e.at, e.by_kind,
            e.by_user, e.name, e.what
        FROM (
                SELECT coalesce(max(position), 0) AS position
                FROM {schema}.organisation_events WHERE organisation_id = $1
            ) AS last,
            unnest($3, $4, $5, $6, $7, $8, $9) WITH ORDINALITY
                AS e (id, organisation_version, at, by_kind, by_user, name, what, number)",
    types: &[
        Type::UUID,
        Type::UUID,
        Type::UUID_ARRAY,
        Type::INT8_ARRAY,
        Type::INT8_ARRAY,
        Type::TEXT_ARRAY,
        Type::UUID_ARRAY,
        Type::TEXT_ARRAY,
        Type::JSONB_ARRAY,
    ],
};

const TO_PERSON: Statement = Statement {
    text: "INSERT INTO {schema}.person_events (
            user_id, position, id, change_set_id, at, by_kind, by_user, name, what
        )
        SELECT $1, last.position + e.number, e.id, $2, e.at, e.by_kind, e.by_user, e.name, e.what
        FROM (
                SELECT coalesce(max(position), 0) AS position
                FROM {schema}.person_events WHERE user_id = $1
            ) AS last,
            unnest($3, $4, $5, $6, $7, $8) WITH ORDINALITY
                AS e (id, at, by_kind, by_user, name, what, number)",
    types: &[
        Type::UUID,
        Type::UUID,
        Type::UUID_ARRAY,
        Type::INT8_ARRAY,
        Type::TEXT_ARRAY,
        Type::UUID_ARRAY,
        Type::TEXT_ARRAY,
        Type::JSONB_ARRAY,
    ],
};

pub(super) fn of_organisation(
    steps: &mut Vec<Step>,
    change: &ChangeSet,
    id: OrganisationId,
) -> Result<(), PortError> {
    let events = of(change, Stream::Organisation(id));
    if events.is_empty() {
        return Ok(());
    }
    let what = events.iter().map(|event| json(&event.what)).collect::<Result<Vec<_>, _>>()?;
    let at = events.iter().map(|event| nanoseconds(event.at)).collect::<Result<Vec<_>, _>>()?;
    let (kinds, users): (Vec<_>, Vec<_>) = events.iter().map(|event| actor(event.by)).unzip();
    let versions = events.iter().map(|event| event.organisation_version.map(number));
    let values = [
        value(*id.as_uuid()),
        value(*change.id().as_uuid()),
        value(events.iter().map(|event| *event.id.as_uuid()).collect::<Vec<_>>()),
        value(versions.collect::<Vec<_>>()),
        value(at),
        value(kinds),
        value(users),
        value(events.iter().map(|event| event.what.name()).collect::<Vec<_>>()),
        value(what),
    ];
    steps.push(Step::new(&TO_ORGANISATION, values));
    Ok(())
}

pub(super) fn of_people(steps: &mut Vec<Step>, change: &ChangeSet) -> Result<(), PortError> {
    let people: BTreeSet<UserId> = change
        .events()
        .iter()
        .filter_map(|event| match event.stream {
            Stream::Person(id) => Some(id),
            Stream::Organisation(_) => None,
        })
        .collect();
    for id in people {
        let events = of(change, Stream::Person(id));
        let what = events.iter().map(|event| json(&event.what)).collect::<Result<Vec<_>, _>>()?;
        let at = events.iter().map(|event| nanoseconds(event.at)).collect::<Result<Vec<_>, _>>()?;
        let (kinds, users): (Vec<_>, Vec<_>) = events.iter().map(|event| actor(event.by)).unzip();
        let values = [
            value(*id.as_uuid()),
            value(*change.id().as_uuid()),
            value(events.iter().map(|event| *event.id.as_uuid()).collect::<Vec<_>>()),
            value(at),
            value(kinds),
            value(users),
            value(events.iter().map(|event| event.what.name()).collect::<Vec<_>>()),
            value(what),
        ];
        steps.push(Step::new(&TO_PERSON, values));
    }
    Ok(())
}

fn of(change: &ChangeSet, stream: Stream) -> Vec<&Event> {
    change.events().iter().filter(|event| event.stream == stream).collect()
}
