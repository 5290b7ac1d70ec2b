//! An organisation's history, with its people and things by the names that a story knows.

use std::collections::BTreeMap;

use ravs_core::port::HistoryEntry;
use ravs_core::{Actor, EmailAddress, Event, OrganisationId, Stream, UserId};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::cast::Cast;
use super::{Run, Trouble, answer};

/// How many events are read at once.
const PAGE: usize = 500;

impl Run {
    /// Every event of an organisation, in order.
    pub(super) async fn history(&self, id: OrganisationId) -> Result<Vec<answer::Event>, Trouble> {
        let housekeeping = self.ravs.housekeeping();
        let mut events: Vec<Event> = Vec::new();
        let mut after = None;
        loop {
            let page = housekeeping.history(Stream::Organisation(id), after, PAGE).await?;
            let Some(HistoryEntry { position, .. }) = page.last() else { break };
            after = Some(*position);
            events.extend(page.into_iter().map(|entry| entry.event));
        }
        let details = events.iter().map(details).collect::<Result<Vec<_>, _>>()?;
        let people = self.people(&events, &details).await?;
        let named = |(event, mut details): (Event, Map<String, Value>)| {
            details.values_mut().for_each(|value| name_ids(value, &people, &self.cast));
            let (at, by, event) = (event.at, by(event.by, &people), event.what.name());
            answer::Event { at, by, event, details }
        };
        Ok(events.into_iter().zip(details).map(named).collect())
    }

    /// The users who did something, or to whom something happened.
    async fn people(
        &self,
        events: &[Event],
        details: &[Map<String, Value>],
    ) -> Result<BTreeMap<Uuid, EmailAddress>, Trouble> {
        let mut ids = Vec::new();
        details.iter().flat_map(Map::values).for_each(|value| collect_ids(value, &mut ids));
        ids.extend(events.iter().filter_map(|event| match event.by {
            Actor::RegionalLead(user) | Actor::User(user) => Some(*user.as_uuid()),
            Actor::Support | Actor::System => None,
        }));
        ids.sort_unstable();
        ids.dedup();
        let ids: Vec<UserId> = ids.into_iter().map(UserId::from_uuid).collect();
        let users = self.store.users(&ids).await?;
        Ok(users.iter().map(|user| (*user.id().as_uuid(), user.email().clone())).collect())
    }
}

/// What an event says beside its name.
fn details(event: &Event) -> Result<Map<String, Value>, Trouble> {
    match serde_json::to_value(&event.what) {
        // An object with one field, the event's name, that holds the details.
        Ok(Value::Object(named)) => Ok(match named.into_iter().next() {
            Some((_, Value::Object(details))) => details,
            _ => Map::new(),
        }),
        Ok(_) => Ok(Map::new()),
        Err(error) => Err(Trouble::Failed(error.to_string())),
    }
}

fn by(actor: Actor, people: &BTreeMap<Uuid, EmailAddress>) -> String {
    let email = |user: UserId| {
        people.get(user.as_uuid()).map_or_else(|| user.to_string(), |email| email.as_str().into())
    };
    match actor {
        Actor::Support => "support".to_owned(),
        Actor::System => "system".to_owned(),
        Actor::RegionalLead(user) => format!("region:{}", email(user)),
        Actor::User(user) => format!("user:{}", email(user)),
    }
}

/// Every id is from one counter, so that none is somebody's and something else's too.
fn name_ids(value: &mut Value, people: &BTreeMap<Uuid, EmailAddress>, cast: &Cast) {
    match value {
        Value::String(text) => {
            let Ok(id) = Uuid::try_parse(text) else { return };
            let name = people.get(&id).map(EmailAddress::as_str).or_else(|| cast.name_of(id));
            if let Some(name) = name {
                *text = name.to_owned();
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|v| name_ids(v, people, cast)),
        Value::Object(fields) => fields.values_mut().for_each(|v| name_ids(v, people, cast)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn collect_ids(value: &Value, ids: &mut Vec<Uuid>) {
    match value {
        Value::String(text) => ids.extend(Uuid::try_parse(text)),
        Value::Array(values) => values.iter().for_each(|value| collect_ids(value, ids)),
        Value::Object(fields) => fields.values().for_each(|value| collect_ids(value, ids)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
