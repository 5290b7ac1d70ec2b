//! Rows back to what the core knows: everything passes its checks.

mod membership;
mod organisation;
mod person;

use chrono::{DateTime, Utc};
use ravs_core::port::PortError;
use ravs_core::{Actor, ClosedBecause, UserId, Version};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio_postgres::Row;
use tokio_postgres::types::FromSql;
use uuid::Uuid;

use crate::time::time;

pub(crate) use membership::{MEMBERSHIP_COLUMNS, membership};
pub(crate) use organisation::{ORGANISATION_COLUMNS, organisation};
pub(crate) use person::{regional_lead, user};

/// The columns of a row, read from the first to the last.
pub(crate) struct Columns<'a> {
    row: &'a Row,
    next: usize,
}

impl<'a> Columns<'a> {
    pub(crate) fn of(row: &'a Row) -> Self {
        Self { row, next: 0 }
    }

    pub(crate) fn after(row: &'a Row, columns: usize) -> Self {
        Self { row, next: columns }
    }

    pub(crate) fn next<T: FromSql<'a>>(&mut self) -> Result<T, PortError> {
        let place = self.next;
        self.next += 1;
        self.row.try_get(place).map_err(|error| {
            let column = self.row.columns().get(place).map_or("?", |column| column.name());
            PortError::corrupt(format!("the column `{column}` is not readable")).caused_by(error)
        })
    }

    pub(crate) fn id<T>(&mut self, of: fn(Uuid) -> T) -> Result<T, PortError> {
        self.next().map(of)
    }

    pub(crate) fn time(&mut self) -> Result<DateTime<Utc>, PortError> {
        self.next().map(time)
    }

    pub(crate) fn version(&mut self) -> Result<Version, PortError> {
        version(self.next()?)
    }

    /// A text that names something.
    pub(crate) fn text<T>(
        &mut self,
        what: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, PortError> {
        let text: &str = self.next()?;
        read(text).ok_or_else(|| PortError::corrupt(format!("{what} is not readable")))
    }
}

/// A version as the database keeps it.
pub(crate) fn number(version: Version) -> i64 {
    i64::try_from(version.number()).unwrap_or(i64::MAX)
}

pub(crate) fn version(number: i64) -> Result<Version, PortError> {
    let version = u64::try_from(number).ok().and_then(Version::new);
    version.ok_or_else(|| PortError::corrupt("a version below 1"))
}

pub(crate) const fn closed_because(because: ClosedBecause) -> &'static str {
    match because {
        ClosedBecause::GracePeriodEnded => "grace_period_ended",
        ClosedBecause::Withdrawn => "withdrawn",
    }
}

/// Who did something, in two columns.
pub(crate) fn actor(by: Actor) -> (&'static str, Option<Uuid>) {
    match by {
        Actor::Support => ("support", None),
        Actor::System => ("system", None),
        Actor::RegionalLead(id) => ("regional_lead", Some(*id.as_uuid())),
        Actor::User(id) => ("user", Some(*id.as_uuid())),
    }
}

pub(crate) fn read_actor(kind: &str, user: Option<Uuid>) -> Result<Actor, PortError> {
    match (kind, user.map(UserId::from_uuid)) {
        ("support", None) => Ok(Actor::Support),
        ("system", None) => Ok(Actor::System),
        ("regional_lead", Some(id)) => Ok(Actor::RegionalLead(id)),
        ("user", Some(id)) => Ok(Actor::User(id)),
        _ => Err(PortError::corrupt("who did something is not readable")),
    }
}

pub(crate) fn json(what: &impl Serialize) -> Result<Value, PortError> {
    serde_json::to_value(what)
        .map_err(|error| PortError::rejected("this cannot be written").caused_by(error))
}

/// What went wrong is not kept as the source: it can hold what is in the JSON.
pub(crate) fn from_json<T: DeserializeOwned>(json: Value, what: &str) -> Result<T, PortError> {
    serde_json::from_value(json).map_err(|_| PortError::corrupt(format!("{what} is not readable")))
}
