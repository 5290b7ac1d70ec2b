//! A store of which the model test and the races see the queue too.
#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use deadpool_postgres::Pool;
use ravs_adapters_postgres::{PoolSettings, PostgresStore, pool};
use ravs_core::port::{EffectQueue, Store};
use ravs_core::{ChangeSetId, Effect, EffectKey};
use ravs_testkit::model::StoreUnderTest;
use ravs_testserver::postgres::Database;

use crate::support::Fresh;

const PATIENCE: Duration = Duration::from_secs(30);

/// A store, and the owner's look at its queue.
pub(crate) struct Watched {
    store: PostgresStore,
    owner: Pool,
    _database: Database,
}

impl Watched {
    pub(crate) fn of(fresh: Fresh) -> Self {
        Self::on(fresh.store, fresh.database)
    }

    pub(crate) fn on(store: PostgresStore, database: Database) -> Self {
        let owner = pool(database.url(), &PoolSettings::new().size(1)).unwrap();
        Self { store, owner, _database: database }
    }

    async fn effects(&self, which: &str) -> Vec<Effect> {
        let client = self.owner.get().await.unwrap();
        let text = format!(
            "SELECT jsonb_build_object('key', key, 'work', work), queued_at
             FROM ravs.effects WHERE {which} ORDER BY position"
        );
        let rows = client.query(&text, &[]).await.unwrap();
        rows.iter()
            .map(|row| {
                let mut effect: serde_json::Value = row.get(0);
                let at = chrono::DateTime::from_timestamp_nanos(row.get(1));
                effect["queued_at"] = serde_json::to_value(at).unwrap();
                serde_json::from_value(effect).unwrap()
            })
            .collect()
    }
}

#[async_trait]
impl StoreUnderTest for Watched {
    fn store(&self) -> Arc<dyn Store> {
        Arc::new(self.store.clone())
    }

    fn queue(&self) -> Arc<dyn EffectQueue> {
        Arc::new(self.store.clone())
    }

    async fn effects(&self) -> Vec<Effect> {
        self.effects("true").await
    }

    async fn queued(&self) -> Vec<Effect> {
        self.effects("status <> 'Done'").await
    }

    async fn done(&self) -> Vec<EffectKey> {
        let done = self.effects("status = 'Done'").await;
        done.into_iter().map(|effect| effect.key).collect()
    }
    async fn is_committed(&self, dropped: ChangeSetId) -> bool {
        let client = self.owner.get().await.unwrap();
        // what was sent before the client vanished is still carried out, in a transaction that was
        // begun before it was sent
        let busy = "SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND backend_type = 'client backend'
                AND pid <> pg_backend_pid() AND state <> 'idle'";
        let began = Instant::now();
        while client.query_one(busy, &[]).await.unwrap().get::<_, i64>(0) > 0 {
            assert!(began.elapsed() < PATIENCE, "a commit that was dropped does not end");
        }
        let saved = "SELECT EXISTS (SELECT FROM ravs.change_sets WHERE id = $1)";
        client.query_one(saved, &[dropped.as_uuid()]).await.unwrap().get(0)
    }
}
