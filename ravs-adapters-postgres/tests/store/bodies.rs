//! The national directory's bodies: one set follows the other, whole.
#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

use std::convert::Infallible;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use ravs_adapters_postgres::{BodySet, ImportError, PostgresStore};
use ravs_core::Body;
use ravs_core::port::PortErrorKind;
use tokio::time::timeout;

use crate::support::{Fresh, MIGRATED};

#[derive(Debug, thiserror::Error)]
#[error("line 3 of the file is wrong")]
struct WrongLine;

fn at() -> DateTime<Utc> {
    "2026-01-05T09:00:00.000000001Z".parse().unwrap()
}

fn body(code: &str, set: &str) -> Body {
    Body {
        code: code.parse().unwrap(),
        name: format!("ST MARY'S & {set}"),
        address: "1 HIGH STREET, \"OLD\" TOWN".into(),
        postcode: "NW1 2PG".into(),
        legally_closed: (code > "B").then(|| "2020-02-29".parse().unwrap()),
    }
}

fn sure(bodies: &[Body]) -> Vec<Result<Body, Infallible>> {
    bodies.iter().cloned().map(Ok).collect()
}

async fn all(store: &PostgresStore) -> Vec<Body> {
    let mut all = Vec::new();
    let take = |body| {
        all.push(body);
        Ok::<(), Infallible>(())
    };
    store.each_body(take).await.unwrap();
    all
}

#[tokio::test]
async fn a_set_comes_back_as_it_was_imported() {
    let store = Fresh::new().await.store;
    assert_eq!(store.body_set().await.unwrap(), None);
    assert!(all(&store).await.is_empty());
    let bodies = ["AAA", "CCC", "BBB"].map(|code| body(code, "ONE"));
    let set = store.import_bodies(sure(&bodies), at()).await.unwrap();
    assert_eq!(set, BodySet { number: 1, bodies: 3, imported_at: at() });
    assert_eq!(store.body_set().await.unwrap(), Some(set));
    let [a, c, b] = bodies;
    assert_eq!(store.body(&b.code).await.unwrap().as_ref(), Some(&b));
    assert_eq!(store.body(&"DDD".parse().unwrap()).await.unwrap(), None);
    assert_eq!(all(&store).await, [a, b, c]);
}

#[tokio::test]
async fn the_next_set_replaces_it_whole() {
    let store = Fresh::new().await.store;
    let [a, b, c] = ["AAA", "BBB", "CCC"].map(|code| body(code, "ONE"));
    store.import_bodies(sure(&[a, b]), at()).await.unwrap();
    let later = at() + TimeDelta::days(1);
    let next = [body("BBB", "TWO"), c];
    let set = store.import_bodies(sure(&next), later).await.unwrap();
    assert_eq!(set, BodySet { number: 2, bodies: 2, imported_at: later });
    assert_eq!(all(&store).await, next);
}

#[tokio::test]
async fn what_fails_on_the_way_changes_nothing() {
    let store = Fresh::new().await.store;
    let before = [body("AAA", "ONE"), body("BBB", "ONE")];
    let set = store.import_bodies(sure(&before), at()).await.unwrap();
    let broken = vec![Ok(body("CCC", "TWO")), Ok(body("DDD", "TWO")), Err(WrongLine)];
    match store.import_bodies(broken, at()).await {
        Err(ImportError::Source(WrongLine)) => {}
        other => panic!("{other:?}"),
    }
    let twice = [body("CCC", "TWO"), body("CCC", "TWO")];
    match store.import_bodies(sure(&twice), at()).await {
        Err(ImportError::Store(error)) => assert_eq!(*error.kind(), PortErrorKind::Conflict),
        other => panic!("{other:?}"),
    }
    assert_eq!(store.body_set().await.unwrap(), Some(set));
    assert_eq!(all(&store).await, before);
}

#[tokio::test]
async fn a_set_of_no_bodies_is_refused() {
    let store = Fresh::new().await.store;
    for set in [None, Some([body("AAA", "ONE"), body("BBB", "ONE")])] {
        let before = match &set {
            Some(bodies) => Some(store.import_bodies(sure(bodies), at()).await.unwrap()),
            None => None,
        };
        match store.import_bodies(sure(&[]), at() + TimeDelta::days(1)).await {
            Err(error @ ImportError::Empty) => {
                assert_eq!(
                    error.to_string(),
                    "there are no bodies to import; the set before stays"
                );
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(store.body_set().await.unwrap(), before);
        assert_eq!(all(&store).await, set.into_iter().flatten().collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn an_import_waits_for_another_no_longer_than_the_deadline() {
    let deadline = Duration::from_millis(500);
    let fresh = Fresh::with(&MIGRATED, |builder| builder.deadline(deadline)).await;
    let before = [body("AAA", "ONE")];
    let set = fresh.store.import_bodies(sure(&before), at()).await.unwrap();
    // An importer that has gone, and of which the server does not know yet.
    let mut gone = fresh.owner().get().await.unwrap();
    let gone = gone.transaction().await.unwrap();
    gone.execute("SELECT 1 FROM ravs.body_imports WHERE id = 1 FOR UPDATE", &[]).await.unwrap();
    let next = [body("BBB", "TWO")];
    let import = fresh.store.import_bodies(sure(&next), at());
    match timeout(Duration::from_secs(20), import).await.unwrap() {
        Err(ImportError::Store(error)) => assert_eq!(*error.kind(), PortErrorKind::Unavailable),
        other => panic!("{other:?}"),
    }
    assert_eq!(fresh.store.body_set().await.unwrap(), Some(set));
    assert_eq!(all(&fresh.store).await, before);
    gone.rollback().await.unwrap();
    assert_eq!(fresh.store.import_bodies(sure(&next), at()).await.unwrap().number, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_it_is_written_the_set_before_is_read() {
    let fresh = Fresh::new().await;
    let before = [body("AAA", "ONE")];
    fresh.store.import_bodies(sure(&before), at()).await.unwrap();
    let (seen, wait) = std::sync::mpsc::channel();
    let (begun, first) = std::sync::mpsc::channel();
    let next = (0..20_000).map(move |number| {
        if number == 10_000 {
            begun.send(()).unwrap();
            wait.recv().unwrap();
        }
        Ok::<_, Infallible>(body(&format!("X{number:05}"), "TWO"))
    });
    let store = fresh.store.clone();
    let importing = tokio::spawn(async move { store.import_bodies(next, at()).await });
    tokio::task::spawn_blocking(move || first.recv().unwrap()).await.unwrap();
    assert_eq!(all(&fresh.store).await, before);
    assert_eq!(fresh.store.body_set().await.unwrap().unwrap().number, 1);
    seen.send(()).unwrap();
    assert_eq!(importing.await.unwrap().unwrap().bodies, 20_000);
    assert_eq!(all(&fresh.store).await.len(), 20_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_imports_at_once_follow_each_other() {
    let fresh = Fresh::new().await;
    let sets = ["ONE", "TWO", "THREE", "FOUR"];
    let imports: Vec<_> = sets
        .map(|set| {
            let store = fresh.store.clone();
            let bodies: Vec<_> =
                (0..500).map(|number| body(&format!("X{number:05}"), set)).collect();
            tokio::spawn(async move { store.import_bodies(sure(&bodies), at()).await })
        })
        .into();
    let mut numbers = Vec::new();
    for import in imports {
        numbers.push(import.await.unwrap().unwrap().number);
    }
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2, 3, 4]);
    let last = all(&fresh.store).await;
    assert_eq!(last.len(), 500);
    assert!(last.iter().all(|body| body.name == last[0].name), "two sets are mixed");
}
