//! One file, one process.

use ravs_adapters_sqlite::{OpenError, SqliteStore};

use crate::child::{Process, Role};

/// While this process has the file open another does not get it, and says why; nor the other way
/// round.
pub(crate) fn a_second_process_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ravs.db");
    let store = SqliteStore::open(&path).unwrap();
    let mut second = Process::start(Role::Hold, &path);
    let said = second.line().unwrap();
    assert!(said.contains("ravs.db` is in use"), "{said}");
    assert_eq!(second.line(), None, "it ends");
    drop(store);
    let mut third = Process::start(Role::Hold, &path);
    assert_eq!(third.line().unwrap(), "open");
    assert!(matches!(SqliteStore::open(&path), Err(OpenError::InUse(_))));
}

/// A lock does not outlive the process that held it.
pub(crate) fn a_killed_process_gives_the_file_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ravs.db");
    let mut holder = Process::start(Role::Hold, &path);
    assert_eq!(holder.line().unwrap(), "open");
    assert!(matches!(SqliteStore::open(&path), Err(OpenError::InUse(_))));
    holder.kill();
    drop(SqliteStore::open(&path).unwrap());
}
