//! The services on PostgreSQL against the model (see `ravs_testkit::model`), also with commits
//! that fail before, within and after.
//!
//! `RAVS_MODEL_CASES` says how many sequences.
#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

mod support;

use std::sync::Arc;

use async_trait::async_trait;
use ravs_adapters_postgres::PostgresStore;
use ravs_core::port::{EffectQueue, Store};
use ravs_core::{Effect, EffectKey};
use ravs_testkit::model::{Check, StoreUnderTest, cases, check};
use ravs_testkit::strategies::commands::Faults;
use support::Fresh;
use tokio::runtime::Builder;

/// A store, and the owner's look at its queue.
struct Watched {
    store: PostgresStore,
    owner: deadpool_postgres::Pool,
    _database: ravs_testserver::postgres::Database,
}

impl Watched {
    async fn new() -> Self {
        let fresh = Fresh::new().await;
        let owner = fresh.owner();
        Self { store: fresh.store, owner, _database: fresh.database }
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
}

// R-L3, R-L5, R-L6, R-V3, R-O4, R-R2, R-U9, R-U7, R-H1, R-N4, and every answer of every command.
#[test]
fn the_services_do_what_the_rulebook_says() {
    let regressions = concat!(env!("CARGO_MANIFEST_DIR"), "/proptest-regressions/model.txt");
    let how = Check { cases: cases(20), regressions: Some(regressions), faults: Faults::None };
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    check(&runtime, &how, async || Watched::new().await);
}

// R-N4: a commit happens or it does not, and nothing is lost where its outcome is unclear.
#[test]
fn a_commit_that_fails_is_done_or_not_done() {
    let regressions = concat!(env!("CARGO_MANIFEST_DIR"), "/proptest-regressions/faults.txt");
    let how = Check { cases: cases(20), regressions: Some(regressions), faults: Faults::Injected };
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    check(&runtime, &how, async || Watched::new().await);
}
