//! A database with many organisations, whose store has one connection, so that everything it
//! prepares can be looked at.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use deadpool_postgres::{Object, Pool};
use ravs_adapters_postgres::{PoolSettings, PostgresStore, pool};
use ravs_testserver::postgres::{Database, Server, Template};

use crate::support::{BoxedError, application, migrate};

pub(crate) const ORGANISATIONS: u32 = 20_000;

/// A database with many organisations, made once.
pub(crate) static MANY: LazyLock<Template> =
    LazyLock::new(|| Template::new("many", |url| fill(url, false)));

/// The same with row-level security switched on.
pub(crate) static MANY_SECURED: LazyLock<Template> =
    LazyLock::new(|| Template::new("many secured", |url| fill(url, true)));

async fn fill(url: String, row_security: bool) -> Result<(), BoxedError> {
    migrate(url.clone(), row_security).await?;
    let now = now().timestamp_nanos_opt().ok_or("the time cannot be kept")?;
    let organisations = include_str!("../many_organisations.sql")
        .replace("{organisations}", &ORGANISATIONS.to_string())
        .replace("{now}", &format!("{now}::bigint"));
    let owner = pool(&url, &PoolSettings::new().size(1))?.get().await?;
    for fill in [&organisations, include_str!("much_happened.sql"), "VACUUM", "ANALYZE"] {
        owner.batch_execute(fill).await?;
    }
    Ok(())
}

/// When it is there, on 5 January 2026, at nine in London.
pub(crate) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_603_600, 0).unwrap()
}

pub(crate) struct Town {
    pub(crate) store: PostgresStore,
    pool: Pool,
    database: Database,
}

/// A statement that the store's connection has prepared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Prepared {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) types: Vec<String>,
}

impl Town {
    pub(crate) async fn new(template: &Template) -> Self {
        let database = Server::shared().unwrap().database(template).await.unwrap();
        let pool = application(database.url(), 1);
        Self { store: PostgresStore::new(pool.clone()), pool, database }
    }

    /// The store's own connection, as long as the store is not used.
    pub(crate) async fn connection(&self) -> Object {
        self.pool.get().await.unwrap()
    }

    /// The owner's answer to a question of one text.
    pub(crate) async fn text(&self, question: &str) -> String {
        let owner = pool(self.database.url(), &PoolSettings::new().size(1)).unwrap();
        owner.get().await.unwrap().query_one(question, &[]).await.unwrap().get(0)
    }

    /// Everything that the store has prepared, in the order of preparing.
    pub(crate) async fn prepared(&self) -> Vec<Prepared> {
        let connection = self.connection().await;
        let select = "SELECT name, statement, parameter_types::text[] FROM pg_prepared_statements
            WHERE statement NOT LIKE '%pg_prepared_statements%' ORDER BY prepare_time, name";
        let rows = connection.query(select, &[]).await.unwrap();
        rows.iter()
            .map(|row| Prepared { name: row.get(0), text: row.get(1), types: row.get(2) })
            .collect()
    }

    /// What it has prepared that it had not then.
    pub(crate) async fn prepared_since(&self, known: &[Prepared]) -> Vec<Prepared> {
        let mut prepared = self.prepared().await;
        prepared.retain(|statement| !known.contains(statement));
        prepared
    }
}

impl Prepared {
    /// It executed with these values, each a literal.
    pub(crate) fn with(&self, values: &[String]) -> String {
        assert_eq!(values.len(), self.types.len(), "{}", self.text);
        let values =
            if values.is_empty() { String::new() } else { format!("({})", values.join(", ")) };
        format!("EXECUTE \"{}\"{values}", self.name)
    }

    /// It executed with no values in particular.
    pub(crate) fn with_nulls(&self) -> String {
        self.with(&vec!["NULL".to_owned(); self.types.len()])
    }
}
