//! Whose databases they are, on a server that many processes share.
//!
//! A process holds an advisory lock for as long as it lives, and its databases carry the lock's
//! number in their names. Databases whose lock nobody holds were left by a process that has ended.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::mpsc;
use std::thread;

use tokio_postgres::{Client, NoTls};

use crate::ServerError;
use crate::error::{io, sql};

/// The first number of our advisory locks, so that they are nobody else's; "ravs" in letters.
const OURS: i32 = 0x7261_7673;

/// What the names of one process's databases begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RunName(u32);

impl RunName {
    /// A new one, drawn at random.
    pub(super) fn new() -> Self {
        Self(RandomState::new().hash_one(std::process::id()) as u32)
    }

    /// The name of a database, which needs no quotes in SQL.
    pub(super) fn database(self, kind: &str, number: u64) -> String {
        format!("{self}{kind}_{number}")
    }

    /// Whose database that is, where it is one of ours.
    fn of(database: &str) -> Option<Self> {
        let (number, _) = database.strip_prefix("ravs_test_")?.split_once('_')?;
        u32::from_str_radix(number, 16).ok().map(Self)
    }

    /// The second number of its advisory lock.
    fn key(self) -> i32 {
        self.0.cast_signed()
    }
}

impl fmt::Display for RunName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ravs_test_{:08x}_", self.0)
    }
}

/// Takes a name for as long as this process lives, and removes what others have left.
///
/// A thread of its own holds the lock: those of the tests, and their runtimes, come and go.
pub(super) fn claim(url: &str) -> Result<RunName, ServerError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(io("start a runtime"))?;
    let (answer, answered) = mpsc::channel();
    let url = url.to_owned();
    thread::spawn(move || {
        runtime.block_on(async move {
            let (client, connection) = match tokio_postgres::connect(&url, NoTls).await {
                Ok(connected) => connected,
                Err(source) => {
                    let what = "connect to the server of RAVS_POSTGRES_URL".to_owned();
                    return drop(answer.send(Err(ServerError::Sql { what, source })));
                }
            };
            let connection = tokio::spawn(connection);
            let claimed = claim_with(&client).await.map_err(sql("claim a name for databases"));
            drop(answer.send(claimed));
            // Until the process ends, or the server does.
            drop(connection.await);
            drop(client);
        });
    });
    answered.recv().unwrap_or_else(|_| Err(ServerError::Unusable("no name was claimed".into())))
}

async fn claim_with(client: &Client) -> Result<RunName, tokio_postgres::Error> {
    let mut run = RunName::new();
    while !lock(client, run).await? {
        run = RunName::new();
    }
    let asked = "SELECT datname FROM pg_database WHERE starts_with(datname, 'ravs_test_')";
    for row in client.query(asked, &[]).await? {
        let name: String = row.get(0);
        let Some(other) = RunName::of(&name).filter(|other| *other != run) else { continue };
        if lock(client, other).await? {
            // Another role's cannot be removed by us, and are not in our way.
            let _ =
                client.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
            client.execute("SELECT pg_advisory_unlock($1, $2)", &[&OURS, &other.key()]).await?;
        }
    }
    Ok(run)
}

async fn lock(client: &Client, run: RunName) -> Result<bool, tokio_postgres::Error> {
    let asked = "SELECT pg_try_advisory_lock($1, $2)";
    Ok(client.query_one(asked, &[&OURS, &run.key()]).await?.get(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::postgres::{Durability, Options, Server};

    #[test]
    fn a_name_says_whose_a_database_is() {
        let run = RunName(0xfedc_0001);
        assert_eq!(run.database("db", 7), "ravs_test_fedc0001_db_7");
        assert_eq!(RunName::of(&run.database("template", 0)), Some(run));
        for other in ["ravs_test_", "ravs_test_xyz_db_1", "postgres", "ravs_test_1"] {
            assert_eq!(RunName::of(other), None, "{other}");
        }
    }

    #[tokio::test]
    async fn only_what_ended_processes_have_left_is_removed() {
        let server = Server::launch(Options::new(Durability::None)).unwrap();
        let url = server.url("postgres");
        let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
        tokio::spawn(connection);
        let alive = claim(&url).unwrap();
        let left = RunName(alive.0.wrapping_add(1));
        for name in [alive.database("db", 1), left.database("db", 1), "ravs_test_mine".to_owned()] {
            client.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
        }

        assert_ne!(claim(&url).unwrap(), alive);
        let asked = "SELECT datname FROM pg_database WHERE datname LIKE 'ravs%' ORDER BY datname";
        let rows = client.query(asked, &[]).await.unwrap();
        let names: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        assert_eq!(names, [alive.database("db", 1), "ravs_test_mine".to_owned()]);
    }

    #[test]
    fn a_server_that_does_not_answer_is_told() {
        let server = Server::launch(Options::new(Durability::None)).unwrap();
        server.kill().unwrap();
        let error = claim(&server.url("postgres")).unwrap_err().to_string();
        assert_eq!(error, "cannot connect to the server of RAVS_POSTGRES_URL");
    }
}
