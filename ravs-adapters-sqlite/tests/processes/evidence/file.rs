//! The file itself, as any tool could look into it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use ravs_core::{ChangeSetId, Effect, EffectKey, UserId};
use rusqlite::{Connection, OpenFlags, Row};
use uuid::Uuid;

/// What is in the file that no port shows.
pub(super) struct File {
    connection: Connection,
    pub(super) change_sets: BTreeSet<ChangeSetId>,
    pub(super) users: Vec<UserId>,
    pub(super) effects: BTreeMap<EffectKey, Effect>,
    pub(super) done: BTreeSet<EffectKey>,
    /// How many rows of a table came with a change set.
    rows: BTreeMap<(&'static str, Uuid), usize>,
}

impl File {
    pub(super) fn look(path: &Path) -> Self {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
        let connection = Connection::open_with_flags(path, flags).unwrap();
        let ids = |sql: &str| all(&connection, sql, |row| uuid(row, 0));
        let mut rows = BTreeMap::new();
        for table in ["organisation_versions", "record_revisions", "effects"] {
            let sql = format!("SELECT change_set_id FROM {table}");
            for id in ids(&sql) {
                *rows.entry((table, id)).or_default() += 1;
            }
        }
        let effects = all(&connection, "SELECT key, work, queued_at FROM effects", |row| Effect {
            key: key(row),
            work: serde_json::from_str(&row.get::<_, String>(1).unwrap()).unwrap(),
            queued_at: chrono::DateTime::from_timestamp_nanos(row.get(2).unwrap()),
        });
        let done = all(&connection, "SELECT key FROM effects WHERE status = 'Done'", key);
        Self {
            change_sets: ids("SELECT id FROM change_sets")
                .into_iter()
                .map(ChangeSetId::from_uuid)
                .collect(),
            users: ids("SELECT id FROM users").into_iter().map(UserId::from_uuid).collect(),
            effects: effects.into_iter().map(|effect| (effect.key.clone(), effect)).collect(),
            done: done.into_iter().collect(),
            rows,
            connection,
        }
    }

    /// How many rows of a table came with a change set.
    pub(super) fn rows(&self, table: &'static str, of: ChangeSetId) -> usize {
        self.rows.get(&(table, *of.as_uuid())).copied().unwrap_or_default()
    }

    /// How many effects are neither done nor given up on.
    pub(super) fn waiting(&self) -> i64 {
        let sql = "SELECT count(*) FROM effects WHERE status NOT IN ('Done', 'Parked')";
        self.connection.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    pub(super) fn assert_sound(&self) {
        let read = |row: &Row<'_>| row.get::<_, String>(0);
        let said = self.connection.pragma_query_value(None, "integrity_check", read);
        assert_eq!(said.unwrap(), "ok");
        let broken = "SELECT count(*) FROM pragma_foreign_key_check";
        assert_eq!(self.connection.query_row(broken, [], |row| row.get(0)), Ok(0));
    }
}

fn all<T>(connection: &Connection, sql: &str, read: impl Fn(&Row<'_>) -> T) -> Vec<T> {
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok(read(row)));
    rows.unwrap().map(Result::unwrap).collect()
}

fn uuid(row: &Row<'_>, column: usize) -> Uuid {
    Uuid::from_bytes(row.get(column).unwrap())
}

fn key(row: &Row<'_>) -> EffectKey {
    EffectKey::from_stored(row.get(0).unwrap())
}
