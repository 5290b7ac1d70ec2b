//! Databases from templates, many at once.

mod client;

use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use client::{connect, number};
use ravs_testserver::ServerError;
use ravs_testserver::postgres::{Durability, Options, Server, Template};
use tokio::task::JoinSet;
use tokio_postgres::{Client, NoTls};

/// A template with one table, which counts how often it was filled.
fn counted(name: &str) -> (Template, Arc<AtomicUsize>) {
    let filled = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&filled);
    let template = Template::new(name, move |url| {
        counter.fetch_add(1, Ordering::SeqCst);
        async move {
            let (client, connection) = tokio_postgres::connect(&url, NoTls).await?;
            // It is still open when this returns.
            tokio::spawn(connection);
            client.batch_execute("CREATE TABLE letter (n int); INSERT INTO letter VALUES (1)").await
        }
    });
    (template, filled)
}

async fn letters(client: &Client) -> i64 {
    number(client, "SELECT count(*) FROM letter").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_is_filled_once_and_its_copies_are_separate() {
    let shared = Server::shared().unwrap();
    let (template, filled) = counted("separate");
    let template = Arc::new(template);
    let mut asked = JoinSet::new();
    for copy in 0..24 {
        let template = Arc::clone(&template);
        asked.spawn(async move {
            let database = shared.database(&template).await.unwrap();
            let client = connect(database.url()).await;
            for _ in 0..copy {
                client.batch_execute("INSERT INTO letter VALUES (2)").await.unwrap();
            }
            (copy, client, database)
        });
    }
    for (copy, client, database) in asked.join_all().await {
        assert_eq!(letters(&client).await, 1 + copy);
        // Whoever is still connected is no hindrance.
        let url = database.url().to_owned();
        database.drop().await.unwrap();
        assert!(tokio_postgres::connect(&url, NoTls).await.is_err());
    }
    assert_eq!(filled.load(Ordering::SeqCst), 1);
}

#[test]
fn a_template_is_filled_once_for_many_runtimes() {
    let (template, filled) = counted("runtimes");
    std::thread::scope(|threads| {
        for _ in 0..8 {
            threads.spawn(|| {
                let runtime =
                    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(async {
                    let database = Server::shared().unwrap().database(&template).await.unwrap();
                    assert_eq!(letters(&connect(database.url()).await).await, 1);
                    database.drop().await.unwrap();
                });
            });
        }
    });
    assert_eq!(filled.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_template_that_fails_is_tried_again_by_the_next() {
    let tries = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&tries);
    let template = Template::new("failing", move |_| {
        let first = counter.fetch_add(1, Ordering::SeqCst) == 0;
        async move { if first { Err("no paper") } else { Ok(()) } }
    });
    let shared = Server::shared().unwrap();
    let error = shared.database(&template).await.unwrap_err();
    assert!(matches!(error, ServerError::Template { name, source }
        if name == "failing" && source.to_string() == "no paper"));
    shared.database(&template).await.unwrap().drop().await.unwrap();
    assert_eq!(tries.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn an_empty_template_holds_nothing() {
    let database = Server::shared().unwrap().database(&Template::empty()).await.unwrap();
    let client = connect(database.url()).await;
    let asked = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
    assert_eq!(number(&client, asked).await, 0);
    assert!(database.url().ends_with(database.name()));
    database.drop().await.unwrap();
}

#[tokio::test]
async fn all_of_this_holds_on_a_server_that_was_there_before() {
    let given = Server::launch(Options::new(Durability::None)).unwrap();
    let client = connect(&given.url("postgres")).await;
    let mut left = BTreeSet::new();
    for _ in 0..2 {
        let tests = Command::new(std::env::current_exe().unwrap())
            .args(["--skip", "all_of_this_holds_on_a_server_that_was_there_before"])
            .env("RAVS_POSTGRES_URL", given.url("postgres"))
            .stdout(Stdio::null())
            .status();
        assert!(tests.unwrap().success());
        // Each process leaves its templates, and removes those of the one before.
        let asked = "SELECT datname FROM pg_database WHERE datname LIKE 'ravs%'";
        let rows = client.query(asked, &[]).await.unwrap();
        let names: BTreeSet<String> = rows.iter().map(|row| row.get(0)).collect();
        assert!(!names.is_empty());
        assert!(names.is_disjoint(&left), "{names:?} {left:?}");
        left = names;
    }
}
