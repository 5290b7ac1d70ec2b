//! Opening a store: one file, one process.

mod connection;
mod error;
mod lock;

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::schema::{self, Found};
use crate::threads::Threads;
use crate::unsettled::Unsettled;

use lock::Lock;

pub use error::{InUse, NotAStore, OpenError, SchemaTooNew, Unusable};

/// How many threads read, where nobody says.
const READERS: usize = 4;

/// A store and its queue of effects, in one SQLite file. Clones share it.
///
/// Commits go through one thread, in their order; reads through several others, each as of one
/// moment. When the last clone is dropped, what was begun is finished, the file is brought into
/// one piece and the lock is given back; dropping it waits for that.
#[derive(Clone, Debug)]
pub struct SqliteStore {
    pub(crate) shared: Arc<Shared>,
}

/// What the clones of a store share. The fields are dropped in this order: the last connection
/// to close is the writer's, which empties the log into the file; then the lock goes.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) readers: Threads,
    pub(crate) writer: Threads,
    pub(crate) unsettled: Unsettled,
    pub(crate) commits: AtomicU64,
    _lock: Lock,
}

/// How to open a store.
///
/// ```
/// use ravs_adapters_sqlite::Options;
///
/// let folder = tempfile::tempdir()?;
/// let store = Options::new().readers(1).open(folder.path().join("ravs.db"))?;
/// # drop(store);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Options {
    readers: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { readers: READERS }
    }
}

impl SqliteStore {
    /// Opens the store in this file, and makes it where there is none; a file of an older schema
    /// is brought to the newest. Waits for the disk: do it before a service begins.
    ///
    /// # Errors
    /// [`OpenError`]: the file is in use, by another process or by this one; its schema is newer
    /// than this version knows; it is no store; it or its folder cannot be used.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        Options::new().open(path)
    }
}

impl Options {
    /// The usual ones.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many threads read, each with a connection of its own; at least 1, and 4 where nobody
    /// says.
    #[must_use]
    pub fn readers(self, readers: usize) -> Self {
        Self { readers: readers.max(1) }
    }

    /// Opens the store in this file, and makes it where there is none: see
    /// [`SqliteStore::open`].
    ///
    /// # Errors
    /// [`OpenError`], as there.
    pub fn open(&self, path: impl AsRef<Path>) -> Result<SqliteStore, OpenError> {
        let path = path.as_ref();
        let unusable = |error: io::Error| Unusable::new(path, error);
        let path = &found_or_made(path).map_err(unusable)?;
        let lock = lock::take(path)?;
        let refused = |error| connection::refused(path, error);
        let mut writer = connection::writing(path).map_err(refused)?;
        known(path, schema::found(&writer).map_err(refused)?)?;
        connection::keep_safe(path, &writer)?;
        known(path, schema::migrate(&mut writer).map_err(refused)?)?; // it may be another by now
        let readers: Result<Vec<_>, _> =
            (0..self.readers).map(|_| connection::reading(path)).collect();
        let writer = Threads::start("ravs-sqlite-writer", vec![writer]).map_err(unusable)?;
        let readers = readers.map_err(refused)?;
        let readers = Threads::start("ravs-sqlite-reader", readers).map_err(unusable)?;
        let (unsettled, commits) = (Unsettled::default(), AtomicU64::new(0));
        let shared = Shared { readers, writer, unsettled, commits, _lock: lock };
        Ok(SqliteStore { shared: Arc::new(shared) })
    }
}

/// Only what is nobody else's, and not newer than what is known here, is a store to open.
fn known(path: &Path, found: Found) -> Result<(), OpenError> {
    match found {
        Found::Foreign => Err(NotAStore::new(path).into()),
        Found::Schema(found) if found > schema::newest() => {
            Err(SchemaTooNew::new(path, found, schema::newest()).into())
        }
        Found::Schema(_) | Found::Nothing => Ok(()),
    }
}

/// The file's one true path: however it is reached, it is locked by the same name. What is in it
/// is nobody else's business.
fn found_or_made(path: &Path) -> io::Result<PathBuf> {
    if is_log_alone(&path.canonicalize().unwrap_or_else(|_| path.to_owned())) {
        return Err(io::Error::other("there is a log beside it, and no database it belongs to"));
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(file) => file.sync_all()?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error),
    }
    let path = path.canonicalize()?;
    #[cfg(unix)]
    be_alone(&path)?;
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?; // that there is such a file is on the disk, too
    }
    Ok(path)
}

/// Whether the log of a database is there, and not the database: SQLite would throw it away.
fn is_log_alone(path: &Path) -> bool {
    let size = |path: &Path| fs::metadata(path).map_or(0, |file| file.len());
    let mut log = OsString::from(path);
    log.push("-wal");
    // In this order: a store that is being made just now has its database first.
    size(Path::new(&log)) > 0 && size(path) == 0
}

/// A file has one name, which is what is locked; and one that somebody made beforehand, with
/// nothing in it yet, is read by nobody else.
#[cfg(unix)]
fn be_alone(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

    let file = fs::metadata(path)?;
    if !file.is_file() {
        return Ok(()); // SQLite says what is wrong with it
    }
    if file.nlink() > 1 {
        return Err(io::Error::other("the file has another name besides this one"));
    }
    if file.len() == 0 && file.mode() & 0o777 != 0o600 {
        fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    fn pragma(connection: &Connection, name: &str) -> String {
        let read = |row: &rusqlite::Row<'_>| row.get::<_, rusqlite::types::Value>(0);
        format!("{:?}", connection.pragma_query_value(None, name, read).unwrap())
    }

    #[test]
    fn a_commit_waits_for_the_disk_and_every_key_holds() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ravs.db");
        drop(SqliteStore::open(&path).unwrap());
        let writer = connection::writing(&path).unwrap();
        connection::keep_safe(&path, &writer).unwrap();
        let set = ["journal_mode", "synchronous", "foreign_keys", "recursive_triggers"];
        let expected = [r#"Text("wal")"#, "Integer(2)", "Integer(1)", "Integer(1)"];
        assert_eq!(set.map(|name| pragma(&writer, name)), expected);
    }

    #[test]
    fn a_reader_writes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ravs.db");
        let store = SqliteStore::open(&path).unwrap();
        let reader = connection::reading(&path).unwrap();
        let sql = "INSERT INTO change_sets VALUES (randomblob(16))";
        let error = reader.execute(sql, []).unwrap_err();
        assert_eq!(error.sqlite_error_code(), Some(rusqlite::ErrorCode::ReadOnly));
        drop(store);
    }
}
