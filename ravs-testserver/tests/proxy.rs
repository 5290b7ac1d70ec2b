//! A wire that is cut before, during and after a commit.
#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

mod client;

use std::time::Duration;

use client::{connect, number};
use ravs_testserver::postgres::{Database, Durability, Options, Server, Template};
use ravs_testserver::proxy::{Fault, Proxy};
use tokio::time::timeout;
use tokio_postgres::{Client, Error, NoTls};

async fn letters() -> Database {
    let template = Template::new("letters", |url| async move {
        let (client, connection) = tokio_postgres::connect(&url, NoTls).await?;
        tokio::spawn(connection);
        client.batch_execute("CREATE TABLE letter (n int, text text)").await
    });
    Server::shared().unwrap().database(&template).await.unwrap()
}

async fn write(client: &mut Client, n: i32) -> Result<(), Error> {
    let transaction = client.transaction().await?;
    transaction.execute("INSERT INTO letter VALUES ($1)", &[&n]).await?;
    transaction.commit().await
}

async fn settled<T>(future: impl Future<Output = T>) -> T {
    timeout(Duration::from_secs(30), future).await.unwrap()
}

#[tokio::test]
async fn everything_passes_until_told_otherwise() {
    let database = letters().await;
    let proxy = Proxy::start(database.url()).await.unwrap();
    let mut client = connect(&proxy.url(database.name())).await;
    for n in 0..20 {
        write(&mut client, n).await.unwrap();
    }
    // More than any buffer on the way holds, both ways.
    let long = "x".repeat(5_000_000);
    client.execute("INSERT INTO letter VALUES (20, $1)", &[&long]).await.unwrap();
    let row = client.query_one("SELECT text FROM letter WHERE n = 20", &[]).await.unwrap();
    assert_eq!(row.get::<_, String>(0), long);
    assert_eq!(number(&client, "SELECT count(*) FROM letter").await, 21);
}

#[tokio::test]
async fn the_client_knows_nothing_and_the_server_does_what_reached_it() {
    let database = letters().await;
    let proxy = Proxy::start(database.url()).await.unwrap();
    let direct = connect(database.url()).await;
    for (n, fault, rows) in [(0, Fault::Before, 0), (1, Fault::During, 1), (2, Fault::After, 1)] {
        let mut client = connect(&proxy.url(database.name())).await;
        let mut bystander = connect(&proxy.url(database.name())).await;
        let loss = proxy.lose(fault, "COMMIT");
        assert!(!loss.has_happened());
        assert!(settled(write(&mut client, n)).await.unwrap_err().is_closed(), "{fault:?}");
        settled(loss.happened()).await.unwrap();
        let asked = format!("SELECT count(*) FROM letter WHERE n = {n}");
        assert_eq!(number(&direct, &asked).await, rows, "{fault:?}");
        // Once, and on one connection.
        write(&mut bystander, 100).await.unwrap();
    }
}

#[tokio::test]
async fn a_client_that_is_cut_off_at_once_comes_to_know_before_the_server_is_done() {
    let database = letters().await;
    let proxy = Proxy::start(database.url()).await.unwrap();
    let direct = connect(database.url()).await;
    direct.batch_execute("SELECT pg_advisory_lock(1)").await.unwrap();
    let client = connect(&proxy.url(database.name())).await;
    let loss = proxy.lose(Fault::During, "pg_advisory_xact_lock");
    let write = "SELECT pg_advisory_xact_lock(1); INSERT INTO letter VALUES (1)";
    assert!(settled(client.batch_execute(write)).await.unwrap_err().is_closed());

    assert!(!loss.has_happened());
    assert_eq!(number(&direct, "SELECT count(*) FROM letter").await, 0);
    direct.batch_execute("SELECT pg_advisory_unlock(1)").await.unwrap();
    settled(loss.happened()).await.unwrap();
    assert_eq!(number(&direct, "SELECT count(*) FROM letter").await, 1);
}

#[tokio::test]
async fn a_pattern_may_be_a_parameter_and_its_request_longer_than_a_read() {
    let database = letters().await;
    let proxy = Proxy::start(database.url()).await.unwrap();
    let direct = connect(database.url()).await;
    let client = connect(&proxy.url(database.name())).await;
    let insert = client.prepare("INSERT INTO letter VALUES ($1, $2)").await.unwrap();
    let loss = proxy.lose(Fault::After, 0x0102_0304_i32.to_be_bytes());
    let long = "x".repeat(1_000_000);
    client.execute(&insert, &[&7, &long]).await.unwrap();
    assert!(
        settled(client.execute(&insert, &[&0x0102_0304, &long])).await.unwrap_err().is_closed()
    );
    settled(loss.happened()).await.unwrap();
    let asked = "SELECT count(*) FROM letter WHERE length(text) = 1000000";
    assert_eq!(number(&direct, asked).await, 2);
}

#[tokio::test]
async fn all_connections_are_cut_and_new_ones_pass() {
    let database = letters().await;
    let proxy = Proxy::start(database.url()).await.unwrap();
    let url = proxy.url(database.name());
    let cut = [connect(&url).await, connect(&url).await];
    proxy.cut_all().await;
    for client in cut {
        assert!(settled(client.batch_execute("SELECT 1")).await.unwrap_err().is_closed());
    }
    connect(&url).await.batch_execute("SELECT 1").await.unwrap();
}

#[tokio::test]
async fn a_server_that_dies_takes_the_connections_with_it() {
    let server = Server::launch(Options::new(Durability::Full)).unwrap();
    let proxy = Proxy::start(&server.url("postgres")).await.unwrap();
    let client = connect(&proxy.url("postgres")).await;
    server.kill().unwrap();
    assert!(settled(client.batch_execute("SELECT 1")).await.is_err());
    assert!(settled(tokio_postgres::connect(&proxy.url("postgres"), NoTls)).await.is_err());
    server.start().unwrap();
    connect(&proxy.url("postgres")).await.batch_execute("SELECT 1").await.unwrap();
}

#[tokio::test]
async fn a_dropped_proxy_serves_nobody() {
    let database = letters().await;
    let proxy = Proxy::start(database.url()).await.unwrap();
    let url = proxy.url(database.name());
    let client = connect(&url).await;
    let loss = proxy.lose(Fault::After, "never sent");
    drop(proxy);
    assert!(settled(client.batch_execute("SELECT 1")).await.unwrap_err().is_closed());
    assert!(settled(loss.happened()).await.is_err());
    assert!(settled(tokio_postgres::connect(&url, NoTls)).await.is_err());
}
