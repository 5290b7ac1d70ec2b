//! A fresh store in a folder that vanishes with it.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::DateTime;
use ravs_adapters_sqlite::{Options, SqliteStore};
use ravs_core::port::{EffectQueue, Store};
use ravs_core::{ChangeSetId, Effect, EffectKey, UserId};
use ravs_testkit::model::StoreUnderTest;
use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;

/// A fresh store. Its fields are dropped in this order.
pub(crate) struct Fresh {
    pub(crate) store: SqliteStore,
    pub(crate) folder: TempDir,
}

impl Fresh {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Options::new().readers(2).open(folder.path().join("ravs.db")).unwrap();
        Self { store, folder }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("ravs.db")
    }

    /// Looks into the file, as any tool could.
    pub(crate) fn look(&self) -> Connection {
        Connection::open_with_flags(self.path(), OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
    }

    fn effects_where(&self, condition: &str) -> Vec<Effect> {
        let connection = self.look();
        let sql =
            format!("SELECT key, work, queued_at FROM effects WHERE {condition} ORDER BY position");
        let mut statement = connection.prepare(&sql).unwrap();
        let effects = statement.query_map([], |row| {
            Ok(Effect {
                key: EffectKey::from_stored(row.get(0)?),
                work: serde_json::from_str(&row.get::<_, String>(1)?).unwrap(),
                queued_at: DateTime::from_timestamp_nanos(row.get(2)?),
            })
        });
        effects.unwrap().map(Result::unwrap).collect()
    }
}

#[async_trait]
impl StoreUnderTest for Fresh {
    fn store(&self) -> Arc<dyn Store> {
        Arc::new(self.store.clone())
    }

    fn queue(&self) -> Arc<dyn EffectQueue> {
        Arc::new(self.store.clone())
    }

    async fn effects(&self) -> Vec<Effect> {
        self.effects_where("true")
    }

    async fn queued(&self) -> Vec<Effect> {
        self.effects_where("status <> 'Done'")
    }

    async fn done(&self) -> Vec<EffectKey> {
        self.effects_where("status = 'Done'").into_iter().map(|effect| effect.key).collect()
    }

    async fn is_committed(&self, dropped: ChangeSetId) -> bool {
        // a read of the store's waits for a commit that was dropped
        self.store.users(&[UserId::from_uuid(*dropped.as_uuid())]).await.unwrap();
        let query = "SELECT EXISTS (SELECT 1 FROM change_sets WHERE id = ?1)";
        self.look().query_row(query, [dropped.as_uuid().as_bytes()], |row| row.get(0)).unwrap()
    }
}
