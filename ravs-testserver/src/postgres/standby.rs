//! A second server that follows the first, and can take over.

use std::io;
use std::path::Path;
use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep};

use super::Server;
use super::session::Session;
use crate::ServerError;
use crate::error::sql;
use crate::guard::Guard;

/// How long a standby may take to catch up, or to take over.
const PATIENCE: Duration = Duration::from_secs(60);

/// Whether a commit waits for the standby.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Replication {
    /// A commit is acknowledged when a synchronous standby has it on disk too; while there is
    /// none that answers, commits wait.
    Synchronous,
    /// The standby follows as it can.
    Asynchronous,
}

/// A server that follows another one, and answers reads meanwhile.
#[derive(Debug)]
pub struct Standby {
    server: Server,
    primary_port: u16,
}

impl Server {
    /// A new server that follows this one and has caught up with it. It has the same options.
    ///
    /// # Errors
    /// This server does not run, or `pg_basebackup` or the new server fails.
    pub async fn standby(&self, replication: Replication) -> Result<Standby, ServerError> {
        let primary = self.url("postgres");
        let session = Session::open(&primary).await?;
        let count = "SELECT count(*) FROM pg_replication_slots";
        let row = session.client().query_one(count, &[]).await.map_err(sql("list the slots"));
        session.close().await;
        let count: i64 = row?.get(0);
        let name = match replication {
            Replication::Synchronous => format!("ravs_synchronous_{count}"),
            Replication::Asynchronous => format!("ravs_asynchronous_{count}"),
        };

        let options = self.options().clone();
        let source =
            format!("host=127.0.0.1 port={} user=postgres application_name={name}", self.port());
        let slot = name.clone();
        let made = spawn_blocking(move || {
            Self::filled(options, |guard, binaries| copy(guard, binaries, &source, &slot))
        });
        let server = made.await.map_err(|error| ServerError::Io {
            what: "wait for the standby's start".to_owned(),
            source: io::Error::other(error),
        })??;

        if let Err(error) = follow(&primary, &name, replication).await {
            let log = format!("{error}\nprimary:\n{}\nstandby:\n{}", self.log(), server.log());
            return Err(ServerError::Program { what: format!("`{name}` did not follow"), log });
        }
        Ok(Standby { server, primary_port: self.port() })
    }
}

impl Standby {
    /// The standby's own server.
    #[must_use]
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// The URL of a database on the primary and on this server, for a client that takes whichever
    /// can be written to. It stays right when this server takes over.
    #[must_use]
    pub fn failover_url(&self, database: &str) -> String {
        let (primary, standby) = (self.primary_port, self.server.port());
        format!(
            "postgres://postgres@127.0.0.1:{primary},127.0.0.1:{standby}/{database}\
             ?target_session_attrs=read-write"
        )
    }

    /// Makes it a server of its own that can be written to, and waits until it can. Whether the
    /// primary still runs is not looked at.
    ///
    /// # Errors
    /// It does not run, or does not take over in a minute.
    pub async fn promote(self) -> Result<Server, ServerError> {
        let url = self.server.url("postgres");
        let seconds = PATIENCE.as_secs();
        let promote = format!(
            "DO $$ BEGIN IF NOT pg_promote(true, {seconds}) THEN \
             RAISE 'not promoted in {seconds} seconds'; END IF; END $$"
        );
        Session::run(&url, "promote the standby", &promote).await?;
        // Copied from the primary; here, nobody follows yet.
        configure(&url, "ALTER SYSTEM RESET synchronous_standby_names").await?;
        Ok(self.server)
    }
}

/// Fills the folder of a new server with what the primary has, and a note to follow it.
fn copy(guard: &mut Guard, binaries: &Path, source: &str, slot: &str) -> Result<(), ServerError> {
    let how = ["--write-recovery-conf", "--create-slot", "--slot", slot, "--wal-method=stream"];
    let plain = ["-D", "data", "-d", source, "--checkpoint=fast", "--no-sync"];
    guard.run(&binaries.join("pg_basebackup"), &[how.as_slice(), &plain].concat())
}

/// Waits until the standby of that name has caught up, and has the primary wait for it.
async fn follow(primary: &str, name: &str, replication: Replication) -> Result<(), ServerError> {
    wait_for_state(primary, name, &["async", "sync", "quorum"]).await?;
    if replication == Replication::Asynchronous {
        return Ok(());
    }
    let session = Session::open(primary).await?;
    let names = "SELECT string_agg(slot_name, ', ' ORDER BY slot_name) \
                 FROM pg_replication_slots WHERE starts_with(slot_name, 'ravs_synchronous_')";
    let row = session.client().query_one(names, &[]).await.map_err(sql("list the slots"));
    session.close().await;
    let names: String = row?.get(0);
    let set = format!("ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 ({names})'");
    configure(primary, &set).await?;
    wait_for_state(primary, name, &["sync", "quorum"]).await
}

/// `ALTER SYSTEM` goes into no transaction block, so each statement is sent alone.
async fn configure(url: &str, statement: &str) -> Result<(), ServerError> {
    Session::run(url, "change the server's settings", statement).await?;
    Session::run(url, "load the server's settings", "SELECT pg_reload_conf()").await
}

async fn wait_for_state(primary: &str, name: &str, wanted: &[&str]) -> Result<(), ServerError> {
    let session = Session::open(primary).await?;
    let asked = "SELECT sync_state FROM pg_stat_replication \
                 WHERE application_name = $1 AND state = 'streaming'";
    let start = Instant::now();
    let found = loop {
        match session.client().query_opt(asked, &[&name]).await {
            Ok(Some(row)) if wanted.contains(&row.get(0)) => break Ok(()),
            Ok(_) if start.elapsed() > PATIENCE => {
                let state = session.client().simple_query("TABLE pg_stat_replication").await;
                break Err(ServerError::Unusable(format!("`{name}` did not catch up: {state:?}")));
            }
            Ok(_) => sleep(Duration::from_millis(5)).await,
            Err(source) => {
                let what = "look at the standby".to_owned();
                break Err(ServerError::Sql { what, source });
            }
        }
    };
    session.close().await;
    found
}
