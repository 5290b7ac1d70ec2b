//! A client for the tests.
#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

use tokio_postgres::{Client, NoTls};

/// A connection that lives as long as the client.
pub(crate) async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// The one number that a query answers.
pub(crate) async fn number(client: &Client, query: &str) -> i64 {
    client.query_one(query, &[]).await.unwrap().get(0)
}
