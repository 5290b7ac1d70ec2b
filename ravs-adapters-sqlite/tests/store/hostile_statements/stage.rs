//! What hostile statements are tried on: a store in which much has happened.

use ravs_core::Subject;
use ravs_core::port::{EffectQueue as _, Store as _};
use ravs_testkit::conformance::seed::{Scene, Seed};
use rusqlite::types::Value;
use rusqlite::{Connection, Error};
use tokio::runtime::Builder;
use uuid::Uuid;

use crate::fresh::Fresh;

/// A store, a connection behind its back, and what the names in the statements stand for.
pub(super) struct Stage {
    connection: Connection,
    names: Vec<(&'static str, Uuid)>,
    _fresh: Fresh,
}

impl Stage {
    /// `open` is Active, with records, and Ada there is linked; `due` is Deactivated; `over` is
    /// Closed. Of the effects one is done, one is claimed, the others wait. `new` is nobody's id.
    pub(super) fn set() -> Self {
        let fresh = Fresh::new();
        let runtime = Builder::new_current_thread().build().unwrap();
        let (open, due, over, change) = runtime.block_on(Self::play(&fresh));
        let names = vec![
            ("open", *open.id.as_uuid()),
            ("due", *due.id.as_uuid()),
            ("over", *over.id.as_uuid()),
            ("ada", *open.ada.as_uuid()),
            ("ben", *open.ben.as_uuid()),
            ("change", change),
            ("new", Uuid::from_u128(404)),
        ];
        let connection = Connection::open(fresh.path()).unwrap();
        Self { connection, names, _fresh: fresh }
    }

    async fn play(fresh: &Fresh) -> (Scene, Scene, Scene, Uuid) {
        let (seed, store) = (Seed::new(), &fresh.store);
        let over = Scene::active(&seed, store, "OVER").await.unwrap();
        let deactivated = over.deactivate(&seed, store).await.unwrap();
        seed.clock.set(deactivated.state().closing().unwrap().instant());
        let closed = seed.closing(&over.roster(store).await.unwrap()).change;
        store.commit(&closed).await.unwrap();
        let due = Scene::active(&seed, store, "DUE").await.unwrap();
        due.deactivate(&seed, store).await.unwrap();
        let open = Scene::clinical(&seed, store, "OPEN").await.unwrap();
        let (ada, _) = open.place(store, open.ada).await.unwrap();
        let linked = seed.link(&ada, &Subject::new("of ada").unwrap()).change;
        store.commit(&linked).await.unwrap();
        let roster = open.roster(store).await.unwrap();
        let day = seed.now().date_naive();
        let made = seed.recording(open.ada, &roster, &open.ada_email, day);
        store.commit(&made.change).await.unwrap();
        let edited = seed.edit(open.ada, &roster, &made.answer, day.pred_opt().unwrap()).change;
        store.commit(&edited).await.unwrap();
        let claims = store.claim(seed.now(), chrono::TimeDelta::days(1), 2).await.unwrap();
        store.done(&claims[0].receipt).await.unwrap();
        (open, due, over, *edited.id().as_uuid())
    }

    /// Carries out statements in a transaction of their own; what is refused leaves nothing.
    pub(super) fn attempt(&self, sql: &str) -> Result<(), Error> {
        self.connection.pragma_update(None, "foreign_keys", true)?;
        self.tried(sql, "COMMIT")
    }

    /// The same where foreign keys are not enforced; what is not refused leaves nothing either.
    pub(super) fn attempt_without_foreign_keys(&self, sql: &str) -> Result<(), Error> {
        self.connection.pragma_update(None, "foreign_keys", false)?;
        self.tried(sql, "ROLLBACK")
    }

    /// The same where a trigger is gone.
    pub(super) fn attempt_without_trigger(&self, trigger: &str, sql: &str) -> Result<(), Error> {
        self.connection.pragma_update(None, "foreign_keys", true)?;
        self.tried(&format!("DROP TRIGGER {trigger}; {sql}"), "ROLLBACK")
    }

    /// The triggers that refuse.
    pub(super) fn triggers(&self) -> Vec<String> {
        let sql = "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND sql LIKE '%RAISE%'";
        let mut statement = self.connection.prepare(sql).unwrap();
        let names = statement.query_map([], |row| row.get(0));
        names.unwrap().map(Result::unwrap).collect()
    }

    fn tried(&self, sql: &str, end: &str) -> Result<(), Error> {
        self.connection.execute_batch("BEGIN IMMEDIATE")?;
        let outcome = self.connection.execute_batch(&format!("{}; {end}", self.meant(sql)));
        if outcome.is_err() {
            self.connection.execute_batch("ROLLBACK")?;
        }
        outcome
    }

    fn meant(&self, sql: &str) -> String {
        let mut sql = sql.to_owned();
        for (name, _) in &self.names {
            let told = format!(
                "INSERT INTO organisation_events SELECT {{{name}}}, 1 + coalesce(max(position), 0),
                    {{event}}, {{change}}, 1 + coalesce(max(organisation_version), 0), 0,
                    'System', NULL, 'x', '1'
                FROM organisation_events WHERE organisation_id = {{{name}}}"
            );
            sql = sql.replace(&format!("{{told {name}}}"), &told);
        }
        for (name, id) in &self.names {
            sql = sql.replace(&format!("{{{name}}}"), &format!("x'{}'", id.simple()));
        }
        sql.replace("{event}", "randomblob(16)")
    }

    /// Everything that is in the file.
    pub(super) fn content(&self) -> Vec<Vec<Value>> {
        let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
        let tables = self.rows(tables).into_iter().flatten().filter_map(|name| match name {
            Value::Text(name) => Some(format!("SELECT * FROM {name}")),
            _ => None,
        });
        let content: Vec<_> = tables.flat_map(|table| self.rows(&table)).collect();
        assert!(content.len() > 100, "the stage is set");
        content
    }

    fn rows(&self, sql: &str) -> Vec<Vec<Value>> {
        let mut statement = self.connection.prepare(sql).unwrap();
        let columns = statement.column_count();
        let rows = statement.query_map([], |row| (0..columns).map(|n| row.get(n)).collect());
        rows.unwrap().map(Result::unwrap).collect()
    }
}
