//! Opening and closing: one file, one process, and everything as it was.

use std::error::Error as _;
use std::fs;
use std::path::Path;

use ravs_adapters_sqlite::{OpenError, SqliteStore};
use ravs_core::port::{EffectQueue as _, PageRequest, Store as _};
use ravs_core::{Region, Stream};
use ravs_testkit::conformance::seed::{Seed, whole_life};
use ravs_testkit::model::StoreUnderTest as _;
use rusqlite::Connection;

use crate::fresh::Fresh;

fn refused(path: &Path) -> OpenError {
    match SqliteStore::open(path) {
        Err(error) => error,
        Ok(_) => panic!("it was opened"),
    }
}

fn beside(path: &Path, ending: &str) -> bool {
    Path::new(&format!("{}{ending}", path.display())).exists()
}

#[test]
fn a_second_opening_is_refused_until_the_last_clone_has_gone() {
    let Fresh { store, folder } = Fresh::new();
    let path = folder.path().join("ravs.db");
    let clone = store.clone();
    for way in [path.clone(), folder.path().join(".").join("ravs.db")] {
        let error = refused(&way);
        assert!(matches!(&error, OpenError::InUse(in_use) if in_use.path().ends_with("ravs.db")));
        assert!(error.to_string().contains("is in use"), "{error}");
    }
    drop(store);
    assert!(matches!(refused(&path), OpenError::InUse(_)), "a clone has it still");
    assert!(beside(&path, "-wal"));
    drop(clone);
    assert!(!beside(&path, "-wal") && !beside(&path, "-shm"), "it is in one piece");
    drop(SqliteStore::open(&path).unwrap());
}

#[cfg(unix)]
#[test]
fn a_link_to_the_file_is_the_same_file() {
    use std::os::unix::fs::PermissionsExt as _;

    let fresh = Fresh::new();
    let link = fresh.folder.path().join("link.db");
    std::os::unix::fs::symlink(fresh.path(), &link).unwrap();
    assert!(matches!(refused(&link), OpenError::InUse(_)));
    for ending in ["", "-wal", ".lock"] {
        let file = format!("{}{ending}", fresh.path().display());
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file} is nobody else's business");
    }
}

#[tokio::test]
async fn what_was_stored_is_there_when_it_is_opened_again() {
    let (mut seed, fresh) = (Seed::new(), Fresh::new());
    let life = whole_life(&mut seed, &fresh.store).await.unwrap();
    let lease = chrono::TimeDelta::seconds(30);
    let claims = fresh.store.claim(seed.now(), lease, 4).await.unwrap();
    fresh.store.done(&claims[0].receipt).await.unwrap();
    fresh.store.park(&claims[1].receipt, seed.now(), "given up").await.unwrap();
    fresh.store.retry_at(&claims[2].receipt, seed.now()).await.unwrap();
    let before = content(&fresh, &seed).await;
    assert!(before.len() > 1000, "{before}");

    let Fresh { store, folder } = fresh;
    let path = folder.path().join("ravs.db");
    drop(store);
    let fresh = Fresh { store: SqliteStore::open(&path).unwrap(), folder };
    assert_eq!(content(&fresh, &seed).await, before);
    for change in &life {
        fresh.store.commit(change).await.unwrap();
    }
    assert_eq!(content(&fresh, &seed).await, before, "what was saved is not saved again");
    fresh.store.done(&claims[3].receipt).await.unwrap();
    let due = fresh.store.claim(seed.now(), lease, 1000).await.unwrap();
    assert_eq!(due.last().unwrap().receipt.key, claims[2].receipt.key);
    assert_eq!(due.last().unwrap().receipt.claim, 2);
}

/// Everything that the ports show, to the nanosecond and in its order.
async fn content(fresh: &Fresh, seed: &Seed) -> String {
    let (mut told, store) = (String::new(), &fresh.store);
    let page = PageRequest { after: None, limit: 100 };
    for region in Region::ALL {
        let page = store.organisations(region, &Default::default(), &page, seed.now()).await;
        for organisation in page.unwrap().organisations {
            let roster = store.roster(organisation.id()).await.unwrap().unwrap();
            let json = serde_json::to_string(&roster.organisation).unwrap();
            told += &format!("{json}\n");
            let mut streams = vec![Stream::Organisation(organisation.id())];
            for member in roster.members {
                let json = serde_json::to_string(&(&member.user, &member.membership)).unwrap();
                told += &format!("{json}\n");
                streams.push(Stream::Person(member.user.id()));
            }
            for stream in streams {
                for entry in store.history(stream, None, 1000).await.unwrap() {
                    let json = serde_json::to_string(&entry.event).unwrap();
                    told += &format!("{} {json}\n", entry.position.0);
                }
            }
            let records = store.records(organisation.id(), None, 1000).await.unwrap();
            told += &format!("{}\n", serde_json::to_string(&records).unwrap());
        }
    }
    for effect in fresh.effects().await {
        told += &format!("{}\n", serde_json::to_string(&effect).unwrap());
    }
    told + &format!("{:?} {:?}", fresh.done().await, store.parked(100).await.unwrap())
}

#[test]
fn a_newer_schema_is_refused_and_left_as_it_is() {
    let Fresh { store, folder } = Fresh::new();
    let path = folder.path().join("ravs.db");
    drop(store);
    let connection = Connection::open(&path).unwrap();
    connection.pragma_update(None, "user_version", 2).unwrap();
    drop(connection);
    let before = fs::read(&path).unwrap();
    let OpenError::SchemaTooNew(error) = refused(&path) else { panic!("it is another refusal") };
    assert_eq!((error.found(), error.known()), (2, 1));
    assert!(error.to_string().ends_with("has schema 2, and this version knows up to 1"));
    assert_eq!(fs::read(&path).unwrap(), before);
    assert!(!beside(&path, "-wal"));
}

#[test]
fn what_is_no_store_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("notes.txt");
    fs::write(&text, "Dear diary, this is no database at all. ".repeat(100)).unwrap();
    let theirs = folder.path().join("theirs.db");
    let connection = Connection::open(&theirs).unwrap();
    connection.execute_batch("CREATE TABLE theirs (a INTEGER)").unwrap();
    drop(connection);
    for path in [text, theirs] {
        let before = fs::read(&path).unwrap();
        let error = refused(&path);
        assert!(matches!(error, OpenError::NotAStore(_)), "{error}");
        assert_eq!(fs::read(&path).unwrap(), before);
    }
}

#[test]
fn an_empty_file_becomes_a_store() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("empty.db");
    fs::write(&path, "").unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    }
    drop(SqliteStore::open(&path).unwrap());
    let file = fs::metadata(&path).unwrap();
    assert!(file.len() > 0);
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::MetadataExt::mode(&file) & 0o777, 0o600);
}

#[test]
fn a_place_that_cannot_be_used_is_told_with_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    for path in [folder.path().join("nowhere").join("ravs.db"), folder.path().to_owned()] {
        let error = refused(&path);
        assert!(matches!(error, OpenError::Unusable(_)), "{error}");
        assert!(error.source().is_some() && error.to_string().contains("cannot be used"));
    }
}

#[cfg(unix)]
#[test]
fn a_file_of_two_names_is_refused() {
    let Fresh { store, folder } = Fresh::new();
    let (path, other) = (folder.path().join("ravs.db"), folder.path().join("other.db"));
    fs::hard_link(&path, &other).unwrap();
    let error = refused(&other);
    assert!(matches!(error, OpenError::Unusable(_)), "{error}");
    let why = error.source().unwrap().to_string();
    assert_eq!(why, "the file has another name besides this one");
    assert!(!beside(&other, "-wal") && !beside(&other, ".lock"));
    drop(store);
    assert!(matches!(refused(&path), OpenError::Unusable(_)));
    fs::remove_file(&other).unwrap();
    drop(SqliteStore::open(&path).unwrap());
}

#[test]
fn a_log_without_its_database_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ravs.db");
    let log = folder.path().join("ravs.db-wal");
    fs::write(&log, "commits that were acknowledged").unwrap();
    for made in [false, true] {
        if made {
            fs::write(&path, "").unwrap();
        }
        let error = refused(&path);
        assert!(matches!(error, OpenError::Unusable(_)), "{error}");
        assert!(error.source().unwrap().to_string().contains("there is a log"));
        assert_eq!(fs::read(&log).unwrap(), b"commits that were acknowledged");
        assert_eq!(path.exists(), made);
        assert!(!beside(&path, ".lock"));
    }
    fs::remove_file(&log).unwrap();
    drop(SqliteStore::open(&path).unwrap());
}
