//! One connection for the test server's own statements.

use tokio::task::JoinHandle;
use tokio_postgres::{Client, NoTls};

use crate::ServerError;
use crate::error::sql;

/// A connection that is surely closed when [`close`](Session::close) returns.
pub(super) struct Session {
    client: Client,
    connection: JoinHandle<Result<(), tokio_postgres::Error>>,
}

impl Session {
    pub(super) async fn open(url: &str) -> Result<Self, ServerError> {
        let (client, connection) =
            tokio_postgres::connect(url, NoTls).await.map_err(sql("connect to the server"))?;
        Ok(Self { client, connection: tokio::spawn(connection) })
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    pub(super) async fn close(self) {
        drop(self.client);
        // It is closed either way.
        let _ = self.connection.await;
    }

    /// Runs one statement on a connection of its own.
    pub(super) async fn run(url: &str, what: &str, statement: &str) -> Result<(), ServerError> {
        let session = Self::open(url).await?;
        let done = session.client.batch_execute(statement).await.map_err(sql(what));
        session.close().await;
        done
    }
}
