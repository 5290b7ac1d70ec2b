//! Every story gives the same bytes on every store, and leaves nothing behind.

#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use ravs_testserver::postgres::{Server, Template};
use tempfile::TempDir;
use tokio_postgres::NoTls;

fn scenario(arguments: &[&str]) -> Output {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut stories: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    stories.sort();
    scenario_of(arguments, stories.iter().map(|story| story.to_str().unwrap()))
}

fn scenario_of<'a>(arguments: &[&str], stories: impl Iterator<Item = &'a str>) -> Output {
    Command::new(env!("CARGO_BIN_EXE_scenario")).args(arguments).args(stories).output().unwrap()
}

fn story() -> String {
    format!("{}/scenarios/03-first-entry.jsonl", env!("CARGO_MANIFEST_DIR"))
}

fn names(folder: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(folder.path()).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

async fn schemas(url: &str) -> i64 {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    let count = "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'ravs%'";
    client.query_one(count, &[]).await.unwrap().get(0)
}

#[track_caller]
fn same(told: &Output, as_in_memory: &Output) {
    let [told_text, memory_text] =
        [told, as_in_memory].map(|output| String::from_utf8(output.stdout.clone()).unwrap());
    for (told, memory) in told_text.lines().zip(memory_text.lines()) {
        assert_eq!(told, memory);
    }
    assert_eq!(told_text.len(), memory_text.len());
    assert!(memory_text.lines().count() > 800);
    let says = String::from_utf8_lossy(&told.stderr);
    assert!(told.status.success() && says.ends_with(" passed, 0 failed\n"), "{says}");
}

#[test]
fn sqlite_tells_what_memory_tells() {
    let folder = TempDir::new().unwrap();
    let store = format!("sqlite:{}", folder.path().join("story.db").display());
    same(&scenario(&["--store", &store]), &scenario(&["--store", "memory"]));
    assert_eq!(names(&folder), [""; 0]);
}

#[tokio::test]
async fn postgresql_tells_what_memory_tells() {
    let database = Server::shared().unwrap().database(&Template::empty()).await.unwrap();
    same(&scenario(&["--store", database.url()]), &scenario(&[]));
    assert_eq!(schemas(database.url()).await, 0);
    database.drop().await.unwrap();
}

#[test]
fn a_file_that_is_there_is_left_as_it_is() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("story.db");
    fs::write(&file, "mine").unwrap();
    let told =
        scenario_of(&[&format!("--store=sqlite:{}", file.display())], [&*story()].into_iter());
    assert_eq!((told.status.code(), told.stdout.len()), (Some(2), 0));
    assert!(String::from_utf8_lossy(&told.stderr).contains("exists already"));
    assert_eq!(fs::read(&file).unwrap(), b"mine");
}

#[tokio::test]
async fn what_is_kept_is_named() {
    let folder = TempDir::new().unwrap();
    let store = format!("sqlite:{}", folder.path().join("story.db").display());
    let told = scenario_of(&["--keep", "--store", &store], [&*story()].into_iter());
    assert!(String::from_utf8_lossy(&told.stderr).starts_with("kept: the file "));
    assert!(names(&folder).contains(&"story.db".to_owned()));

    let database = Server::shared().unwrap().database(&Template::empty()).await.unwrap();
    let told = scenario_of(&["--keep", "--store", database.url()], [&*story()].into_iter());
    assert!(String::from_utf8_lossy(&told.stderr).starts_with("kept: the schema ravs_story_"));
    assert_eq!(schemas(database.url()).await, 1);
    database.drop().await.unwrap();
}
