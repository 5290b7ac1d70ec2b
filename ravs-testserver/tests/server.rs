//! A server of our own: what it keeps, and that nothing of it stays.
#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

mod client;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use client::{connect, number};
use ravs_testserver::postgres::{Durability, Options, Server, Shutdown};
use tokio_postgres::Client;

async fn setting(client: &Client, name: &str) -> String {
    client.query_one("SELECT current_setting($1)", &[&name]).await.unwrap().get(0)
}

/// The server's main process and its children.
fn processes(data: &Path) -> Vec<u32> {
    let lock = fs::read_to_string(data.join("postmaster.pid")).unwrap();
    let main: u32 = lock.lines().next().unwrap().parse().unwrap();
    let children = fs::read_dir("/proc").unwrap().flatten().filter_map(|entry| {
        let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
        let (_, after_name) = stat.rsplit_once(')')?;
        (after_name.split_whitespace().nth(1)? == main.to_string())
            .then(|| entry.file_name().to_str()?.parse().ok())
            .flatten()
    });
    [main].into_iter().chain(children).collect()
}

fn runs(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(')').is_some_and(|(_, rest)| !rest.trim_start().starts_with(['Z', 'X']))
}

fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < Duration::from_secs(30), "{what} did not come true");
        thread::sleep(Duration::from_millis(5));
    }
}

#[tokio::test]
async fn a_killed_server_has_what_it_acknowledged() {
    let server = Server::launch(Options::new(Durability::Full)).unwrap();
    let client = connect(&server.url("postgres")).await;
    assert_eq!(setting(&client, "fsync").await, "on");
    client.batch_execute("CREATE TABLE kept (n int)").await.unwrap();

    for round in 1..=3 {
        let client = connect(&server.url("postgres")).await;
        client.execute("INSERT INTO kept VALUES ($1)", &[&round]).await.unwrap();
        client.batch_execute("BEGIN; INSERT INTO kept VALUES (100)").await.unwrap();
        let processes = processes(&server.data_dir());
        assert!(processes.len() > 4, "{processes:?}");
        assert!(server.is_running().unwrap());

        server.kill().unwrap();
        assert!(!server.is_running().unwrap());
        assert!(!processes.iter().any(|&pid| runs(pid)));
        assert!(client.query_one("SELECT 1", &[]).await.is_err());

        let port = server.port();
        server.start().unwrap();
        assert!(server.is_running().unwrap());
        assert_eq!(server.port(), port);
        let client = connect(&server.url("postgres")).await;
        let rows = client.query("SELECT n FROM kept ORDER BY n", &[]).await.unwrap();
        let numbers: Vec<i32> = rows.iter().map(|row| row.get(0)).collect();
        assert_eq!(numbers, (1..=round).collect::<Vec<_>>());
    }
    assert!(server.log().contains("automatic recovery in progress"), "{}", server.log());
}

#[tokio::test]
async fn a_stopped_server_starts_again_with_more_settings() {
    let options = Options::new(Durability::None).setting("work_mem", "7MB");
    let server = Server::launch(options).unwrap();
    let client = connect(&server.url("postgres")).await;
    assert_eq!(setting(&client, "fsync").await, "off");
    assert_eq!(setting(&client, "full_page_writes").await, "off");
    assert_eq!(setting(&client, "work_mem").await, "7MB");
    client.batch_execute("CREATE TABLE kept (n int)").await.unwrap();

    for how in [Shutdown::Fast, Shutdown::Immediate] {
        server.stop(how).unwrap();
        assert!(!server.is_running().unwrap());
        server.stop(how).unwrap();
        server.start().unwrap();
        server.start().unwrap();
        let client = connect(&server.url("postgres")).await;
        assert_eq!(number(&client, "SELECT count(*) FROM kept").await, 0);
    }

    server.restart_settings(&[("work_mem", "9MB")]).unwrap();
    let client = connect(&server.url("postgres")).await;
    assert_eq!(setting(&client, "work_mem").await, "9MB");
    assert_eq!(setting(&client, "max_connections").await, "300");
}

#[tokio::test]
async fn it_serves_on_a_unix_socket_too() {
    let server = Server::launch(Options::new(Durability::None)).unwrap();
    let folder = server.socket_dir().display();
    let client = connect(&format!("host={folder} port={} user=postgres", server.port())).await;
    client.query_one("SELECT 1", &[]).await.unwrap();
}

#[test]
fn a_setting_that_does_not_exist_is_told_with_the_servers_words() {
    let options = Options::new(Durability::None).setting("no_such_setting", "1");
    let error = Server::launch(options).unwrap_err().to_string();
    assert!(error.contains("unrecognized configuration parameter \"no_such_setting\""), "{error}");
}

#[test]
fn a_dropped_server_leaves_nothing() {
    for killed in [false, true] {
        let server = Server::launch(Options::new(Durability::None)).unwrap();
        let (folder, processes) =
            (server.data_dir().parent().unwrap().to_owned(), processes(&server.data_dir()));
        if killed {
            server.kill().unwrap();
        }
        drop(server);
        assert!(!folder.exists());
        assert!(!processes.iter().any(|&pid| runs(pid)));
    }
}

/// A process that holds a server, with the folder of the server's data.
fn a_holder() -> (Child, PathBuf) {
    let mut holder = Command::new(env!("CARGO_BIN_EXE_ravs-testserver"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(holder.stdout.take().unwrap()).lines();
    let lines: Vec<String> = lines.take(2).map(Result::unwrap).collect();
    assert!(lines[0].starts_with("postgres://postgres@127.0.0.1:"), "{lines:?}");
    (holder, PathBuf::from(&lines[1]))
}

#[test]
fn a_server_goes_with_the_process_that_started_it() {
    for signal in ["KILL", "TERM", "INT"] {
        let (mut holder, data) = a_holder();
        let processes = processes(&data);
        assert!(processes.iter().all(|&pid| runs(pid)));
        let holder_pid = holder.id().to_string();
        let sent = Command::new("kill").args([&format!("-{signal}"), &holder_pid]).status();
        assert!(sent.unwrap().success());
        holder.wait().unwrap();
        wait_until("the end of the folder", || !data.parent().unwrap().exists());
        assert!(!processes.iter().any(|&pid| runs(pid)), "after {signal}");
    }
}

#[test]
fn a_server_goes_when_its_holder_returns() {
    let (mut holder, data) = a_holder();
    drop(holder.stdin.take());
    assert!(holder.wait().unwrap().success());
    assert!(!data.parent().unwrap().exists());
}
