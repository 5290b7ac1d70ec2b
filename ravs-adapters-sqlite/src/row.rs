//! Statements, and their rows read column by column.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use ravs_core::Version;
use ravs_core::port::PortError;
use rusqlite::types::FromSql;
use rusqlite::{Connection, Params, Row};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::error::failed;
use crate::time;

/// The columns of a row, each read once, in the order of the statement.
pub(crate) struct Columns<'r> {
    row: &'r Row<'r>,
    next: usize,
}

impl Columns<'_> {
    /// The next column.
    pub(crate) fn take<T: FromSql>(&mut self) -> Result<T, PortError> {
        let column = self.next;
        self.next += 1;
        self.row.get(column).map_err(|_| self.unreadable())
    }

    pub(crate) fn uuid(&mut self) -> Result<Uuid, PortError> {
        self.take().map(Uuid::from_bytes)
    }

    /// A time (UTC).
    pub(crate) fn time(&mut self) -> Result<DateTime<Utc>, PortError> {
        self.take().map(time::instant)
    }

    pub(crate) fn version(&mut self) -> Result<Version, PortError> {
        let number: i64 = self.take()?;
        let version = u64::try_from(number).ok().and_then(Version::new);
        version.ok_or_else(|| self.unreadable())
    }

    /// A text that the core reads.
    pub(crate) fn parsed<T: FromStr>(&mut self) -> Result<T, PortError> {
        let text: String = self.take()?;
        text.parse().map_err(|_| self.unreadable())
    }

    /// JSON that the core reads.
    pub(crate) fn json<T: DeserializeOwned>(&mut self) -> Result<T, PortError> {
        let text: String = self.take()?;
        serde_json::from_str(&text).map_err(|_| self.unreadable())
    }

    /// The column that was read last holds what it cannot hold.
    pub(crate) fn unreadable(&self) -> PortError {
        let column = self.next.saturating_sub(1);
        unreadable(self.row.as_ref().column_name(column).unwrap_or("?"))
    }
}

/// A column holds what it cannot hold. What that is is not said: it may be somebody's name.
pub(crate) fn unreadable(column: &str) -> PortError {
    PortError::corrupt(format!("the stored `{column}` is not readable"))
}

/// Every row that a statement gives.
pub(crate) fn all<T>(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
    mut read: impl FnMut(&mut Columns<'_>) -> Result<T, PortError>,
) -> Result<Vec<T>, PortError> {
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    let mut rows = statement.query(parameters).map_err(failed)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        all.push(read(&mut Columns { row, next: 0 })?);
    }
    Ok(all)
}

/// The first row that a statement gives.
pub(crate) fn one<T>(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
    read: impl FnOnce(&mut Columns<'_>) -> Result<T, PortError>,
) -> Result<Option<T>, PortError> {
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    let mut rows = statement.query(parameters).map_err(failed)?;
    match rows.next().map_err(failed)? {
        Some(row) => read(&mut Columns { row, next: 0 }).map(Some),
        None => Ok(None),
    }
}

/// Carries out a statement, and says how many rows it changed.
pub(crate) fn change(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
) -> Result<usize, PortError> {
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    statement.execute(parameters).map_err(failed)
}

/// A number as SQLite has them: the largest there is where it is larger.
pub(crate) fn at_most(number: impl TryInto<i64>) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

/// A version, which is kept exactly or not at all.
pub(crate) fn number(version: Version) -> Result<i64, PortError> {
    i64::try_from(version.number())
        .map_err(|_| PortError::rejected("a version that cannot be stored"))
}
