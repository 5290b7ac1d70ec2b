//! What happened.

use ravs_core::port::{HistoryEntry, HistoryPosition, PortError};
use ravs_core::{ChangeSetId, Event, EventId, Stream};
use tokio_postgres::Row;
use tokio_postgres::types::Type;

use crate::database::{Database, Setting};
use crate::row::{Columns, from_json, read_actor, version};
use crate::statement::{Statement, Step, value};

const OF_ORGANISATION: Statement = Statement {
    text: "SELECT position, id, change_set_id, organisation_version, at, by_kind, by_user, what
        FROM {schema}.organisation_events
        WHERE organisation_id = $1 AND position > $2 ORDER BY position LIMIT $3",
    types: &[Type::UUID, Type::INT8, Type::INT8],
};

const OF_PERSON: Statement = Statement {
    text: "SELECT position, id, change_set_id, NULL::bigint, at, by_kind, by_user, what
        FROM {schema}.person_events
        WHERE user_id = $1 AND position > $2 ORDER BY position LIMIT $3",
    types: &[Type::UUID, Type::INT8, Type::INT8],
};

impl Database {
    pub(crate) async fn history(
        &self,
        stream: Stream,
        after: Option<HistoryPosition>,
        limit: usize,
    ) -> Result<Vec<HistoryEntry>, PortError> {
        let after = after.map_or(0, |after| i64::try_from(after.0).unwrap_or(i64::MAX));
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = match stream {
            Stream::Organisation(id) => {
                let values = [value(*id.as_uuid()), value(after), value(limit)];
                let step = Step::new(&OF_ORGANISATION, values);
                self.read_under(Setting::Organisation(id), &step).await?
            }
            Stream::Person(id) => self.read(&OF_PERSON, &[id.as_uuid(), &after, &limit]).await?,
        };
        rows.iter().map(|row| entry(stream, row)).collect()
    }
}

fn entry(stream: Stream, row: &Row) -> Result<HistoryEntry, PortError> {
    let mut columns = Columns::of(row);
    let position: i64 = columns.next()?;
    let id = columns.id(EventId::from_uuid)?;
    let change = columns.id(ChangeSetId::from_uuid)?;
    let organisation_version = columns.next::<Option<i64>>()?.map(version).transpose()?;
    let at = columns.time()?;
    let by = read_actor(columns.next()?, columns.next()?)?;
    let what = from_json(columns.next()?, "an event")?;
    let position = HistoryPosition(u64::try_from(position).unwrap_or_default());
    let event = Event { id, change, stream, organisation_version, at, by, what };
    Ok(HistoryEntry { position, event })
}
