//! PgBouncer in front of a server.
#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

mod client;

use client::{connect, number};
use ravs_testserver::pgbouncer::{Bouncer, Options, Version};
use ravs_testserver::postgres::{Durability, Server};

fn server() -> Server {
    Server::launch(ravs_testserver::postgres::Options::new(Durability::None)).unwrap()
}

#[tokio::test]
async fn many_clients_share_a_connection_transaction_by_transaction() {
    let server = server();
    let options = Options::new().setting("default_pool_size", "1");
    let bouncer = Bouncer::launch(&server.url("postgres"), &options).unwrap();
    let (one, other) =
        (connect(&bouncer.url("postgres")).await, connect(&bouncer.url("postgres")).await);
    let asked = "SELECT pg_backend_pid()";
    let pids = [&one, &other].map(|client| async move {
        let rows = client.simple_query(asked).await.unwrap();
        rows.iter().find_map(|row| match row {
            tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        })
    });
    let [first, second] = pids;
    let (first, second) = (first.await, second.await);
    assert!(first.is_some());
    assert_eq!(first, second);
    assert!(bouncer.version() >= Version { major: 1, minor: 0 }, "{}", bouncer.version());
}

#[tokio::test]
async fn it_serves_every_database_as_the_role_it_was_told() {
    let server = server();
    let direct = connect(&server.url("postgres")).await;
    direct.batch_execute("CREATE ROLE app LOGIN").await.unwrap();
    direct.batch_execute("CREATE DATABASE other").await.unwrap();
    let options = Options::new().user("app");
    let bouncer = Bouncer::launch(&server.url("postgres"), &options).unwrap();
    let client = connect(&bouncer.url("other")).await;
    let asked = "SELECT count(*) FROM pg_stat_activity \
                 WHERE pid = pg_backend_pid() AND usename = 'app' AND datname = 'other'";
    assert_eq!(number(&client, asked).await, 1);
}

#[test]
fn a_wrong_setting_is_told_with_its_words() {
    let server = server();
    let options = Options::new().setting("pool_mode", "no_such_mode");
    let error = Bouncer::launch(&server.url("postgres"), &options).unwrap_err().to_string();
    assert!(error.contains("no_such_mode"), "{error}");
}

#[tokio::test]
async fn it_ends_with_its_owner() {
    let server = server();
    let bouncer = Bouncer::launch(&server.url("postgres"), &Options::new()).unwrap();
    let url = bouncer.url("postgres");
    connect(&url).await.batch_execute("SELECT 1").await.unwrap();
    assert!(bouncer.log().contains("process up"), "{}", bouncer.log());
    drop(bouncer);
    assert!(tokio_postgres::connect(&url, tokio_postgres::NoTls).await.is_err());
}
