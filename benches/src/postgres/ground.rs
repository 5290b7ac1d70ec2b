//! A durable server for the benches, and databases on it.

use deadpool_postgres::Pool;
use ravs_adapters_postgres::{Migrations, PoolSettings, PostgresStore, SchemaName, pool};
use ravs_testserver::postgres::{Database, Durability, Options, Server, Template};

use super::Failed;

/// The role that the stores have, and `pgbench`.
const APPLICATION: &str = "ravs_application";

/// Many organisations, as the adapter's tests of its plans have them.
const MANY: &str =
    include_str!("../../../ravs-adapters-postgres/tests/store/many_organisations.sql");

/// Begins each line of the server's log, with the name of the application between.
pub(super) const LOG_PREFIX: (&str, &str) = ("<<", ">> ");

/// A server that flushes what it acknowledges, as in production.
#[derive(Debug)]
pub struct Stage {
    server: Server,
    template: Template,
}

/// A database of one bench's own, with the schema.
#[derive(Debug)]
pub struct Ground<'a> {
    /// The server that it is on.
    pub server: &'a Server,
    database: Database,
}

impl Stage {
    /// Starts the server. It ends with this value.
    ///
    /// # Errors
    /// PostgreSQL is not found, or does not start.
    pub fn launch() -> Result<Self, Failed> {
        let (before, after) = LOG_PREFIX;
        let options = Options::new(Durability::Full)
            .setting("shared_buffers", "1GB")
            // Nothing in the background, which would meet one peer and not the other.
            .setting("autovacuum", "off")
            .setting("checkpoint_timeout", "1h")
            .setting("max_wal_size", "8GB")
            .setting("log_line_prefix", &format!("{before}%a{after}"));
        let template = Template::new("migrated", migrate);
        Ok(Self { server: Server::launch(options)?, template })
    }

    /// A new database with the schema.
    ///
    /// # Errors
    /// The server refuses.
    pub async fn ground(&self) -> Result<Ground<'_>, Failed> {
        let database = self.server.database(&self.template).await?;
        Ok(Ground { server: &self.server, database })
    }
}

impl Ground<'_> {
    /// The database's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.database.name()
    }

    /// A pool of the superuser, of one connection.
    ///
    /// # Errors
    /// Whatever goes wrong.
    pub fn owner(&self) -> Result<Pool, Failed> {
        Ok(pool(self.database.url(), &PoolSettings::new().size(1))?)
    }

    /// A pool of the application's role, of so many connections, in sessions that have these
    /// settings besides.
    ///
    /// # Errors
    /// Whatever goes wrong.
    pub fn pool(&self, size: usize, settings: &str) -> Result<Pool, Failed> {
        let options = Self::options(settings).replace(' ', "%20");
        let url = format!("{}?options={options}", self.database.url());
        Ok(pool(&url, &PoolSettings::new().size(size))?)
    }

    /// What makes a session one of the application's role: the same for every peer.
    pub(super) fn options(settings: &str) -> String {
        format!("-c role={APPLICATION} {settings}").trim_end().to_owned()
    }

    /// A store on a pool of so many connections.
    ///
    /// # Errors
    /// Whatever goes wrong.
    pub fn store(&self, connections: usize) -> Result<PostgresStore, Failed> {
        Ok(PostgresStore::new(self.pool(connections, "")?))
    }

    /// Fills it with so many organisations as of `now` (nanoseconds since 1970, UTC), a thousand
    /// or more.
    ///
    /// # Errors
    /// Whatever goes wrong.
    pub async fn fill(&self, organisations: u64, now: i64) -> Result<(), Failed> {
        let owner = self.owner()?.get().await?;
        // The data keep the rules, which the adapter's tests have the schema check.
        owner.batch_execute("SET session_replication_role = replica").await?;
        let fill = MANY
            .replace("{organisations}", &organisations.to_string())
            .replace("{now}", &format!("{now}::bigint"));
        owner.batch_execute(&fill).await?;
        for tidy in ["VACUUM ANALYZE", "CHECKPOINT"] {
            owner.batch_execute(tidy).await?;
        }
        Ok(())
    }
}

async fn migrate(url: String) -> Result<(), Failed> {
    let owner = pool(&url, &PoolSettings::new().size(1))?;
    owner.get().await?.batch_execute(&format!("CREATE ROLE {APPLICATION} LOGIN")).await?;
    Migrations::new(SchemaName::default()).application_role(APPLICATION).run(&owner).await?;
    Ok(())
}
