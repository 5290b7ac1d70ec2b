//! What a failure of the database means to a caller.

use std::error::Error;
use std::fmt;

use deadpool_postgres::PoolError;
use ravs_core::port::PortError;
use tokio::time::error::Elapsed;
use tokio_postgres::error::{DbError, Severity, SqlState};

/// What PostgreSQL said, less every value: its messages and details can hold people's addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseError {
    code: String,
    constraint: Option<String>,
    table: Option<String>,
}

impl DatabaseError {
    fn of(error: &DbError) -> Self {
        Self {
            code: error.code().code().to_owned(),
            constraint: error.constraint().map(str::to_owned),
            table: error.table().map(str::to_owned),
        }
    }

    /// The five characters of its SQLSTATE.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The constraint that refused, if one did.
    #[must_use]
    pub fn constraint(&self) -> Option<&str> {
        self.constraint.as_deref()
    }
}

impl fmt::Display for DatabaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgreSQL answered {}", self.code)?;
        if let Some(table) = &self.table {
            write!(f, " for table {table}")?;
        }
        if let Some(constraint) = &self.constraint {
            write!(f, " by constraint {constraint}")?;
        }
        Ok(())
    }
}

impl Error for DatabaseError {}

/// What went wrong with a statement, sorted by what it means.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The connection is gone: what was under way may have happened or not.
    Lost(Box<dyn Error + Send + Sync>),
    /// The database refused; nothing of it happened.
    Refused(DatabaseError),
    /// No answer came in time: it may still happen.
    Late(Elapsed),
}

impl From<tokio_postgres::Error> for Trouble {
    fn from(error: tokio_postgres::Error) -> Self {
        if let Some(refused) = error.as_db_error() {
            let database = DatabaseError::of(refused);
            // A fatal error ends the connection, whatever its code.
            let fatal =
                matches!(refused.parsed_severity(), Some(Severity::Fatal | Severity::Panic));
            if fatal || is_lost(refused.code()) {
                return Self::Lost(Box::new(database));
            }
            return Self::Refused(database);
        }
        // What else there is leaves the connection in a state that nobody knows.
        Self::Lost(Box::new(error))
    }
}

/// Whether the server went away, turned into one that only reads, or does not know itself how it
/// ended; or whether what this connection has prepared is of a schema that has changed.
fn is_lost(code: &SqlState) -> bool {
    let gone = [
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::READ_ONLY_SQL_TRANSACTION,
        SqlState::DATABASE_DROPPED,
        SqlState::T_R_STATEMENT_COMPLETION_UNKNOWN,
        SqlState::FEATURE_NOT_SUPPORTED,
    ];
    code.code().starts_with("08") || gone.contains(code)
}

impl Trouble {
    /// The row that a commit begins with is there: it was committed before.
    pub(crate) fn is_committed_already(&self) -> bool {
        matches!(self, Self::Refused(error) if error.constraint() == Some("change_sets_pkey"))
    }

    pub(crate) fn is_lost(&self) -> bool {
        matches!(self, Self::Lost(_))
    }

    /// Whether what was asked may have happened, or may still.
    pub(crate) fn is_unclear(&self) -> bool {
        matches!(self, Self::Lost(_) | Self::Late(_))
    }

    /// The database refused for a reason that lies in this moment, not in what was asked: the same
    /// may be done the next time, or may have been done by a try before that comes late.
    pub(crate) fn is_of_the_moment(&self) -> bool {
        let Self::Refused(error) = self else { return false };
        let code = error.code.as_str();
        code.starts_with("40")
            || code == SqlState::LOCK_NOT_AVAILABLE.code()
            || is_of_the_system(code)
    }
}

impl From<Trouble> for PortError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Lost(source) => {
                Self::unavailable("the connection to the database was lost").caused_by(source)
            }
            Trouble::Late(elapsed) => {
                Self::unavailable("the database did not answer in time").caused_by(elapsed)
            }
            Trouble::Refused(error) => refused(error),
        }
    }
}

fn refused(error: DatabaseError) -> PortError {
    let code = SqlState::from_code(error.code());
    let conflicts = [
        // an assertion of a statement of ours: a version is not the one expected
        SqlState::DIVISION_BY_ZERO,
        SqlState::UNIQUE_VIOLATION,
        SqlState::FOREIGN_KEY_VIOLATION,
    ];
    let class = error.code.get(..2).unwrap_or_default();
    // Class 40: rolled back because of another transaction.
    if class == "40" || conflicts.contains(&code) {
        return PortError::conflict("what this was decided on has changed").caused_by(error);
    }
    let stale = [SqlState::INVALID_SQL_STATEMENT_NAME, SqlState::DUPLICATE_PSTATEMENT];
    if stale.contains(&code) {
        let what = "prepared statements do not survive here; \
                    behind a pooler in transaction mode use `StatementMode::Unnamed`";
        return PortError::rejected(what).caused_by(error);
    }
    if code == SqlState::LOCK_NOT_AVAILABLE {
        return PortError::unavailable("the database did not give a lock in time").caused_by(error);
    }
    if is_of_the_system(&error.code) {
        return PortError::unavailable("the database is not ready").caused_by(error);
    }
    match class {
        "23" => PortError::rejected("the database's rules refuse this state").caused_by(error),
        "3F" => missing(error),
        "42" if code == SqlState::UNDEFINED_TABLE || code == SqlState::UNDEFINED_COLUMN => {
            missing(error)
        }
        "42" if code == SqlState::INSUFFICIENT_PRIVILEGE => {
            PortError::rejected("the database's role may not do this").caused_by(error)
        }
        "28" => PortError::rejected("the database does not let this role in").caused_by(error),
        _ => PortError::rejected("the database refuses this").caused_by(error),
    }
}

/// Resources, cancelled, the system itself.
fn is_of_the_system(code: &str) -> bool {
    ["53", "57", "58"].iter().any(|class| code.starts_with(class))
}

fn missing(error: DatabaseError) -> PortError {
    PortError::rejected("the schema is not there, or of another version; run its migrations")
        .caused_by(error)
}

/// No connection could be had.
pub(crate) fn no_connection(error: PoolError) -> PortError {
    match error {
        PoolError::Backend(error) => match error.as_db_error() {
            Some(error) if !is_lost(error.code()) => refused(DatabaseError::of(error)),
            _ => PortError::from(Trouble::from(error)),
        },
        PoolError::Timeout(_) => {
            PortError::unavailable("no connection to the database became free in time")
        }
        PoolError::Closed | PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => {
            PortError::unavailable("no connection to the database can be had")
        }
    }
}

#[cfg(test)]
mod tests {
    use ravs_core::port::PortErrorKind;

    use super::*;

    fn kind(code: &SqlState) -> PortErrorKind {
        let error = DatabaseError { code: code.code().to_owned(), constraint: None, table: None };
        let trouble =
            if is_lost(code) { Trouble::Lost(Box::new(error)) } else { Trouble::Refused(error) };
        PortError::from(trouble).kind().clone()
    }

    #[test]
    fn what_moved_is_a_conflict() {
        for code in [
            SqlState::T_R_SERIALIZATION_FAILURE,
            SqlState::T_R_DEADLOCK_DETECTED,
            SqlState::UNIQUE_VIOLATION,
            SqlState::FOREIGN_KEY_VIOLATION,
            SqlState::DIVISION_BY_ZERO,
        ] {
            assert_eq!(kind(&code), PortErrorKind::Conflict, "{code:?}");
        }
    }

    #[test]
    fn what_may_pass_is_unavailable() {
        for code in [
            SqlState::CONNECTION_EXCEPTION,
            SqlState::CONNECTION_FAILURE,
            SqlState::ADMIN_SHUTDOWN,
            SqlState::CRASH_SHUTDOWN,
            SqlState::CANNOT_CONNECT_NOW,
            SqlState::READ_ONLY_SQL_TRANSACTION,
            SqlState::QUERY_CANCELED,
            SqlState::LOCK_NOT_AVAILABLE,
            SqlState::TOO_MANY_CONNECTIONS,
            SqlState::DISK_FULL,
            SqlState::IO_ERROR,
        ] {
            assert_eq!(kind(&code), PortErrorKind::Unavailable, "{code:?}");
        }
    }

    #[test]
    fn what_lies_in_the_moment_says_nothing_of_what_was_asked() {
        let of_the_moment = |code: &SqlState| {
            let code = code.code().to_owned();
            Trouble::Refused(DatabaseError { code, constraint: None, table: None })
                .is_of_the_moment()
        };
        for code in [
            SqlState::T_R_SERIALIZATION_FAILURE,
            SqlState::T_R_DEADLOCK_DETECTED,
            SqlState::LOCK_NOT_AVAILABLE,
            SqlState::QUERY_CANCELED,
            SqlState::TOO_MANY_CONNECTIONS,
        ] {
            assert!(of_the_moment(&code), "{code:?}");
        }
        for code in [SqlState::DIVISION_BY_ZERO, SqlState::UNIQUE_VIOLATION] {
            assert!(!of_the_moment(&code), "{code:?}");
        }
    }

    #[test]
    fn what_stays_is_rejected() {
        for code in [
            SqlState::CHECK_VIOLATION,
            SqlState::NOT_NULL_VIOLATION,
            SqlState::INSUFFICIENT_PRIVILEGE,
            SqlState::UNDEFINED_TABLE,
            SqlState::INVALID_SCHEMA_NAME,
            SqlState::DUPLICATE_PSTATEMENT,
            SqlState::INVALID_SQL_STATEMENT_NAME,
            SqlState::INVALID_PASSWORD,
            SqlState::SYNTAX_ERROR,
        ] {
            assert_eq!(kind(&code), PortErrorKind::Rejected, "{code:?}");
        }
    }

    #[test]
    fn an_error_says_where_and_holds_no_value() {
        let error = DatabaseError {
            code: "23505".to_owned(),
            constraint: Some("users_email_key".to_owned()),
            table: Some("users".to_owned()),
        };
        let said = "PostgreSQL answered 23505 for table users by constraint users_email_key";
        assert_eq!(error.to_string(), said);
    }
}
