//! The schema, and how a file comes to have it.

use rusqlite::{Connection, Error, TransactionBehavior};

/// Says in the file's header whose it is: `RAVS`.
const APPLICATION: i64 = 0x5241_5653;

/// Every migration, in order; the file's `user_version` says how many it has had. One that was
/// ever released never changes: what comes after it is a new one.
const MIGRATIONS: [&[&str]; 1] = [&[
    include_str!("schema/organisations.sql"),
    include_str!("schema/people.sql"),
    include_str!("schema/records.sql"),
    include_str!("schema/history.sql"),
    include_str!("schema/effects.sql"),
]];

/// Whose a file is, and how far its schema is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// Nothing is in it.
    Nothing,
    /// The schema, after so many migrations.
    Schema(i64),
    /// Somebody else's tables.
    Foreign,
}

/// The newest schema that is known here.
pub(crate) fn newest() -> i64 {
    known(&MIGRATIONS)
}

fn known(migrations: &[&[&str]]) -> i64 {
    i64::try_from(migrations.len()).unwrap_or(i64::MAX)
}

/// Looks, and changes nothing.
pub(crate) fn found(connection: &Connection) -> Result<Found, Error> {
    let number = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let (application, version) = (number("application_id")?, number("user_version")?);
    let count = "SELECT count(*) FROM sqlite_schema";
    let objects: i64 = connection.query_row(count, [], |row| row.get(0))?;
    Ok(match (application, version, objects) {
        (APPLICATION, 1.., 1..) => Found::Schema(version),
        (0, 0, 0) => Found::Nothing,
        _ => Found::Foreign,
    })
}

/// Brings a file to the newest schema, all of it or nothing, and says what was found in it. What
/// is somebody else's or newer is left as it is.
pub(crate) fn migrate(connection: &mut Connection) -> Result<Found, Error> {
    migrate_by(connection, &MIGRATIONS)
}

fn migrate_by(connection: &mut Connection, migrations: &[&[&str]]) -> Result<Found, Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let before = found(&transaction)?;
    let had = match before {
        Found::Nothing => 0,
        Found::Schema(version) => usize::try_from(version).unwrap_or(usize::MAX),
        Found::Foreign => return Ok(before),
    };
    for part in migrations.iter().skip(had).copied().flatten() {
        transaction.execute_batch(part)?;
    }
    if had < migrations.len() {
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(None, "user_version", known(migrations))?;
    }
    transaction.commit()?;
    Ok(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &[&str] = &["CREATE TABLE a (n INTEGER)", "CREATE TABLE b (n INTEGER)"];
    const SECOND: &[&str] = &["ALTER TABLE a ADD COLUMN m INTEGER NOT NULL DEFAULT 7"];
    const BROKEN: &[&str] = &["CREATE TABLE c (n INTEGER)", "CREATE TABLE c (n INTEGER)"];

    #[test]
    fn an_older_file_is_brought_forward_with_what_is_in_it() {
        let mut connection = Connection::open_in_memory().unwrap();
        assert_eq!(found(&connection), Ok(Found::Nothing));
        migrate_by(&mut connection, &[FIRST]).unwrap();
        assert_eq!(found(&connection), Ok(Found::Schema(1)));
        connection.execute_batch("INSERT INTO a VALUES (1)").unwrap();
        for _ in 0..2 {
            migrate_by(&mut connection, &[FIRST, SECOND]).unwrap();
            assert_eq!(found(&connection), Ok(Found::Schema(2)));
        }
        let read = connection.query_row("SELECT n, m FROM a", [], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
        });
        assert_eq!(read, Ok((1, 7)));
    }

    #[test]
    fn a_migration_that_fails_leaves_the_file_as_it_was() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate_by(&mut connection, &[FIRST]).unwrap();
        assert!(migrate_by(&mut connection, &[FIRST, SECOND, BROKEN]).is_err());
        assert_eq!(found(&connection), Ok(Found::Schema(1)));
        assert!(connection.prepare("SELECT m FROM a").is_err(), "half of it is there");
    }

    #[test]
    fn what_is_somebody_elses_is_told() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE theirs (n INTEGER)").unwrap();
        assert_eq!(found(&connection), Ok(Found::Foreign));
        let mut connection = Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "user_version", 1).unwrap();
        assert_eq!(found(&connection), Ok(Found::Foreign));
        assert_eq!(migrate(&mut connection), Ok(Found::Foreign));
        assert!(connection.prepare("SELECT * FROM users").is_err(), "it is left as it was");
    }

    #[test]
    fn what_is_newer_is_told_and_left_as_it_is() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate_by(&mut connection, &[FIRST, SECOND]).unwrap();
        assert_eq!(migrate_by(&mut connection, &[FIRST]), Ok(Found::Schema(2)));
        assert_eq!(found(&connection), Ok(Found::Schema(2)));
    }

    #[test]
    fn every_table_is_strict() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        let loose = "SELECT count(*) FROM pragma_table_list
            WHERE schema = 'main' AND name NOT LIKE 'sqlite_%' AND NOT strict";
        assert_eq!(connection.query_row(loose, [], |row| row.get::<_, i64>(0)), Ok(0));
        assert_eq!(found(&connection), Ok(Found::Schema(newest())));
    }
}
