//! Stores on throw-away databases, as the application's role uses them.
#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

use std::sync::LazyLock;

use deadpool_postgres::Pool;
use ravs_adapters_postgres::{Builder, Migrations, PoolSettings, PostgresStore, SchemaName, pool};
use ravs_testserver::postgres::{Database, Server, Template};

/// The role that the stores under test have.
pub(crate) const APPLICATION: &str = "ravs_application";

/// A database with the schema, made once.
pub(crate) static MIGRATED: LazyLock<Template> =
    LazyLock::new(|| Template::new("migrated", |url| migrate(url, false)));

/// The same with row-level security switched on.
pub(crate) static SECURED: LazyLock<Template> =
    LazyLock::new(|| Template::new("secured", |url| migrate(url, true)));

pub(crate) async fn migrate(url: String, row_security: bool) -> Result<(), BoxedError> {
    let owner = pool(&url, &PoolSettings::new().size(1))?;
    make_role(&owner).await?;
    let migrations = Migrations::new(SchemaName::default())
        .application_role(APPLICATION)
        .row_security(row_security);
    migrations.run(&owner).await?;
    Ok(())
}

pub(crate) type BoxedError = Box<dyn std::error::Error + Send + Sync>;

pub(crate) async fn make_role(owner: &Pool) -> Result<(), BoxedError> {
    let make = format!(
        "DO $$ BEGIN CREATE ROLE {APPLICATION} LOGIN;
         EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    );
    owner.get().await?.batch_execute(&make).await?;
    Ok(())
}

/// A store on a database of its own, which goes with it.
pub(crate) struct Fresh {
    pub(crate) store: PostgresStore,
    pub(crate) database: Database,
}

impl Fresh {
    pub(crate) async fn new() -> Self {
        Self::with(&MIGRATED, |builder| builder).await
    }

    pub(crate) async fn with(template: &Template, set: impl FnOnce(Builder) -> Builder) -> Self {
        let database = Server::shared().unwrap().database(template).await.unwrap();
        let pool = application(database.url(), 4);
        Self { store: set(PostgresStore::builder(pool)).build(), database }
    }

    /// A pool of the owner, who may do anything.
    pub(crate) fn owner(&self) -> Pool {
        pool(self.database.url(), &PoolSettings::new().size(2)).unwrap()
    }
}

/// A pool of the application's role.
pub(crate) fn application(url: &str, size: usize) -> Pool {
    pool(&as_application(url), &PoolSettings::new().size(size)).unwrap()
}

pub(crate) fn as_application(url: &str) -> String {
    let join = if url.contains('?') { '&' } else { '?' };
    format!("{url}{join}options=-c%20role%3D{APPLICATION}")
}

/// Takes everything out of a database but its migrations, as its owner.
pub(crate) async fn empty(database: &Database) {
    let owner = pool(database.url(), &PoolSettings::new().size(1)).unwrap();
    let empty = "TRUNCATE ravs.change_sets, ravs.users, ravs.ods_code_claims, ravs.grants,
        ravs.closed_organisations, ravs.organisation_versions, ravs.effects CASCADE";
    owner.get().await.unwrap().batch_execute(empty).await.unwrap();
}
