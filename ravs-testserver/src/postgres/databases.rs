//! The databases of one server.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use super::Database;
use super::claim::{self, RunName};
use super::session::Session;
use super::template::Template;
use crate::error::sql;
use crate::{ServerError, url};

/// Where databases can be made: a server of ours, or one that was there before.
///
/// It is safe to ask for many at once, also from several runtimes and several processes.
#[derive(Debug)]
pub struct Databases {
    server: String,
    /// The database that statements about others are run in.
    maintenance: String,
    /// Tells our databases from those of another process on the same server.
    run: RunName,
    made: AtomicU64,
    templates: Mutex<HashMap<String, Arc<OnceCell<String>>>>,
}

impl Databases {
    /// On a server of our own.
    pub(super) fn on(server: &str) -> Result<Self, ServerError> {
        let maintenance = url::with_database(server, "postgres")?;
        Ok(Self::named(server, maintenance, RunName::new()))
    }

    /// On a server that was there before, whose role may make databases. What earlier processes
    /// have left there is removed.
    pub(super) fn on_given(server: &str) -> Result<Self, ServerError> {
        let maintenance = match url::database(server) {
            Some(_) => server.to_owned(),
            None => url::with_database(server, "postgres")?,
        };
        let run = claim::claim(&maintenance)?;
        Ok(Self::named(server, maintenance, run))
    }

    fn named(server: &str, maintenance: String, run: RunName) -> Self {
        let (made, templates) = (AtomicU64::new(0), Mutex::default());
        Self { server: server.to_owned(), maintenance, run, made, templates }
    }

    /// The URL of a database on this server.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        // It was tried when this was made.
        url::with_database(&self.server, database).unwrap_or_default()
    }

    /// A new database, a copy of the template; the template is made first where it is not yet.
    ///
    /// # Errors
    /// The server does not answer or refuses, or the template cannot be filled.
    pub async fn database(&self, template: &Template) -> Result<Database, ServerError> {
        let cell = Arc::clone(
            self.templates
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .entry(template.name().to_owned())
                .or_default(),
        );
        // Who fails or is dropped in the middle leaves it to the next one.
        let source = cell.get_or_try_init(|| self.make_template(template)).await?;
        let name = self.next_name("db");
        self.copy(source, &name).await?;
        Ok(Database::new(self.maintenance.clone(), self.url(&name), name))
    }

    async fn make_template(&self, template: &Template) -> Result<String, ServerError> {
        let name = self.next_name("template");
        self.copy("template0", &name).await?;
        template
            .fill(self.url(&name))
            .await
            .map_err(|source| ServerError::Template { name: template.name().to_owned(), source })?;
        // A connection that lingers would be in the way of every copy.
        let close = format!(
            "ALTER DATABASE {name} ALLOW_CONNECTIONS false; \
             SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        );
        Session::run(&self.maintenance, "close a template", &close).await?;
        Ok(name)
    }

    async fn copy(&self, source: &str, name: &str) -> Result<(), ServerError> {
        let session = Session::open(&self.maintenance).await?;
        let copied = copy_with(&session, source, name).await;
        session.close().await;
        copied.map_err(sql("make a database"))
    }

    fn next_name(&self, kind: &str) -> String {
        self.run.database(kind, self.made.fetch_add(1, Ordering::Relaxed))
    }
}

async fn copy_with(
    session: &Session,
    source: &str,
    name: &str,
) -> Result<(), tokio_postgres::Error> {
    let asked = "SELECT current_setting('server_version_num')::int >= 150000, \
                 current_setting('fsync') = 'off'";
    let row = session.client().query_one(asked, &[]).await?;
    // Older servers know one way only. Where every file is flushed, the log is the quicker one.
    let strategy = match (row.get(0), row.get(1)) {
        (false, _) => "",
        (true, true) => "STRATEGY file_copy",
        (true, false) => "STRATEGY wal_log",
    };
    let statement = format!("CREATE DATABASE {name} TEMPLATE {source} {strategy}");
    session.client().batch_execute(&statement).await
}
