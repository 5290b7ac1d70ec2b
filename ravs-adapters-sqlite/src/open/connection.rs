//! Connections, and how they are set.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, Error, ErrorCode, OpenFlags};

use super::{NotAStore, OpenError, Unusable};

/// How long to wait for somebody who looks at the file with a tool of their own.
const PATIENCE: Duration = Duration::from_secs(2);

/// How many statements a connection keeps ready: more than there are.
const STATEMENTS: usize = 100;

/// The one connection that writes. Nothing in the file is changed by it yet.
pub(super) fn writing(path: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    opened(path, flags)
}

/// A connection that only reads.
pub(super) fn reading(path: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    opened(path, flags)
}

fn opened(path: &Path, flags: OpenFlags) -> Result<Connection, Error> {
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    Ok(connection)
}

/// A commit that was acknowledged outlasts a crash and a power cut, and every key and trigger
/// holds.
pub(super) fn keep_safe(writer: &Connection) -> Result<(), Error> {
    let mode: String =
        writer.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if mode != "wal" {
        return Err(Error::InvalidQuery); // no log beside a file of this kind
    }
    writer.pragma_update(None, "synchronous", "FULL")?;
    writer.pragma_update(None, "fullfsync", true)?;
    writer.pragma_update(None, "checkpoint_fullfsync", true)?;
    writer.pragma_update(None, "foreign_keys", true)?;
    writer.pragma_update(None, "recursive_triggers", true)
}

/// What SQLite says of a file, in words of ours.
pub(super) fn refused(path: &Path, error: Error) -> OpenError {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => NotAStore::new(path).into(),
        _ => Unusable::new(path, error).into(),
    }
}
