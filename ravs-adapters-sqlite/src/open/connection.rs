//! Connections, and how they are set.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, Error, ErrorCode, OpenFlags};

use super::{NotAStore, OpenError, Unusable};
use crate::threads::PATIENCE;

/// How much of the log stays on the disk once it has begun anew, in bytes.
const LOG: u32 = 16 << 20;

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
pub(super) fn keep_safe(path: &Path, writer: &Connection) -> Result<(), OpenError> {
    let refused = |error| refused(path, error);
    let mode: String = writer
        .pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))
        .map_err(refused)?;
    if mode != "wal" {
        return Err(Unusable::new(path, "SQLite cannot keep its log beside it").into());
    }
    set(writer).map_err(refused)
}

fn set(writer: &Connection) -> Result<(), Error> {
    writer.pragma_update_and_check(None, "journal_size_limit", LOG, |_| Ok(()))?;
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

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    #[test]
    fn where_there_can_be_no_log_that_is_said() {
        let memory = Connection::open_in_memory().unwrap();
        let error = keep_safe(Path::new("ravs.db"), &memory).unwrap_err();
        assert!(matches!(error, OpenError::Unusable(_)), "{error}");
        assert_eq!(error.source().unwrap().to_string(), "SQLite cannot keep its log beside it");
    }
}
