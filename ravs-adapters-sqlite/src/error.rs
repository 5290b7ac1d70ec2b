//! What SQLite says, as what a caller may do about it.

use ravs_core::port::PortError;
use rusqlite::{Error, ErrorCode, ffi};

/// What SQLite says by its code alone: its texts may hold what somebody typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("SQLite answered with code {code} ({meaning})")]
struct Answer {
    code: i32,
    meaning: &'static str,
}

/// The error of a port for an error of SQLite.
pub(crate) fn failed(error: Error) -> PortError {
    let Error::SqliteFailure(answer, _) = &error else { return misread(&error) };
    let code = answer.extended_code;
    kind(answer.code, code).caused_by(Answer { code, meaning: ffi::code_to_str(code) })
}

fn kind(code: ErrorCode, extended: i32) -> PortError {
    match code {
        ErrorCode::ConstraintViolation => match extended {
            ffi::SQLITE_CONSTRAINT_UNIQUE
            | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
            | ffi::SQLITE_CONSTRAINT_ROWID => PortError::conflict("something like it exists"),
            _ => PortError::rejected("the database refuses this"),
        },
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
            PortError::corrupt("the database file is damaged")
        }
        ErrorCode::DiskFull => PortError::unavailable("the disk is full"),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
            PortError::unavailable("somebody else holds the database file")
        }
        ErrorCode::TooBig | ErrorCode::TypeMismatch | ErrorCode::ParameterOutOfRange => {
            PortError::rejected("a value cannot be stored")
        }
        ErrorCode::SystemIoFailure
        | ErrorCode::CannotOpen
        | ErrorCode::PermissionDenied
        | ErrorCode::ReadOnly
        | ErrorCode::OutOfMemory
        | ErrorCode::OperationAborted
        | ErrorCode::OperationInterrupted
        | ErrorCode::FileLockingProtocolFailed
        | ErrorCode::SchemaChanged => PortError::unavailable("the database cannot be used now"),
        _ => PortError::rejected("the database does not take this"),
    }
}

/// A value that is not of the kind its column has, and whatever else has no code.
fn misread(error: &Error) -> PortError {
    match error {
        Error::FromSqlConversionFailure(..)
        | Error::IntegralValueOutOfRange(..)
        | Error::InvalidColumnType(..)
        | Error::Utf8Error(..) => PortError::corrupt("a stored value is not of its column's kind"),
        _ => PortError::rejected("the database was asked wrongly"),
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use rusqlite::Connection;

    use super::*;

    fn memory() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        let table = "CREATE TABLE t (a TEXT UNIQUE CHECK (a <> 'bad'), b INTEGER) STRICT;
            CREATE TRIGGER kept BEFORE DELETE ON t BEGIN SELECT RAISE (ABORT, 'ada@nhs.net'); END;
            INSERT INTO t VALUES ('ada@nhs.net', 1)";
        connection.execute_batch(table).unwrap();
        connection
    }

    fn refused(sql: &str) -> PortError {
        failed(memory().execute(sql, []).unwrap_err())
    }

    #[test]
    fn what_exists_is_a_conflict_and_what_is_refused_is_rejected() {
        assert!(refused("INSERT INTO t VALUES ('ada@nhs.net', 2)").is_conflict());
        let rejected = PortError::rejected("").kind().clone();
        for sql in ["INSERT INTO t VALUES ('bad', 2)", "DELETE FROM t", "INSERT INTO t VALUES (1)"]
        {
            assert_eq!(refused(sql).kind(), &rejected, "{sql}");
        }
    }

    #[test]
    fn an_error_names_its_code_and_nobody() {
        let error = refused("DELETE FROM t");
        let source = error.source().unwrap();
        assert_eq!(source.to_string(), format!("SQLite answered with code 1811 ({})", meaning()));
        assert!(source.source().is_none());
        assert!(!format!("{error} {error:?}").contains("ada"));
    }

    fn meaning() -> &'static str {
        ffi::code_to_str(ffi::SQLITE_CONSTRAINT_TRIGGER)
    }

    #[test]
    fn a_full_disk_is_unavailable() {
        let connection = memory();
        connection.pragma_update(None, "max_page_count", 3).unwrap();
        let sql = "INSERT INTO t VALUES (hex(randomblob(100000)), 2)";
        let error = failed(connection.execute(sql, []).unwrap_err());
        assert_eq!(error.to_string(), "unavailable: the disk is full");
    }

    #[test]
    fn a_value_of_another_kind_is_corrupt() {
        let read = memory().query_row("SELECT a FROM t", [], |row| row.get::<_, i64>(0));
        let error = failed(read.unwrap_err());
        assert!(!error.is_retryable() && error.to_string().starts_with("corrupt: "), "{error}");
        assert!(!format!("{error:?}").contains("ada"));
    }
}
