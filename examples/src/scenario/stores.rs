//! The stores that stories can be told to.

use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use deadpool_postgres::Pool;
use ravs_adapters_postgres::{
    ConnectError, InvalidSchemaName, Migrations, PoolSettings, PostgresStore, SchemaError,
    SchemaName, pool,
};
use ravs_adapters_sqlite::{OpenError, SqliteStore};
use ravs_core::port::{EffectQueue, Store};
use ravs_testkit::MemoryStore;
use thiserror::Error;

/// Which store stories are told to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum StoreKind {
    /// The test kit's, in memory.
    #[default]
    Memory,
    /// A SQLite file, which must not exist yet.
    Sqlite(PathBuf),
    /// A PostgreSQL database, where each story gets a schema.
    Postgres(DatabaseUrl),
}

/// The URL of a database; it can hold a password, and is not shown.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseUrl(…)")
    }
}

/// What is asked for is no store that there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a store is `memory`, `sqlite:FILE` or `postgres://…`")]
pub struct UnknownStore;

impl FromStr for StoreKind {
    type Err = UnknownStore;

    fn from_str(text: &str) -> Result<Self, UnknownStore> {
        match text.split_once(':') {
            None if text == "memory" => Ok(Self::Memory),
            Some(("sqlite", file)) if !file.is_empty() => Ok(Self::Sqlite(file.into())),
            Some(("postgres" | "postgresql", rest)) if rest.starts_with("//") => {
                Ok(Self::Postgres(DatabaseUrl(text.to_owned())))
            }
            _ => Err(UnknownStore),
        }
    }
}

/// A store cannot be had for a story, or be removed after it.
#[derive(Debug, Error)]
pub enum StoreUnusable {
    /// The file is there already, and is left as it is.
    #[error("`{}` exists already", .0.display())]
    Exists(PathBuf),
    /// The file cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The file cannot be removed.
    #[error("`{}` cannot be removed", .0.display())]
    Remove(PathBuf, #[source] io::Error),
    /// The database cannot be connected to.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The schema cannot be made.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// The schema cannot be named.
    #[error(transparent)]
    Name(#[from] InvalidSchemaName),
    /// The schema cannot be removed.
    #[error("the schema `{0}` cannot be removed")]
    Drop(SchemaName),
}

/// An empty store for one story.
pub struct StoryStore {
    pub(super) store: Arc<dyn Store>,
    pub(super) queue: Arc<dyn EffectQueue>,
    leaves: Leaves,
}

impl fmt::Debug for StoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoryStore").field("leaves", &self.leaves).finish_non_exhaustive()
    }
}

/// What is there when a story is over.
#[derive(Debug)]
enum Leaves {
    Nothing,
    File(PathBuf),
    Schema(Pool, SchemaName),
}

impl StoreKind {
    /// An empty store for the story of that number, of so many.
    ///
    /// # Errors
    /// [`StoreUnusable`].
    pub async fn open(&self, story: usize, of: usize) -> Result<StoryStore, StoreUnusable> {
        match self {
            Self::Memory => Ok(StoryStore::of(&MemoryStore::new(), Leaves::Nothing)),
            Self::Sqlite(file) => {
                let file = if of == 1 { file.clone() } else { numbered(file, story) };
                if file.exists() {
                    return Err(StoreUnusable::Exists(file));
                }
                let store = SqliteStore::open(&file)?;
                Ok(StoryStore::of(&store, Leaves::File(file)))
            }
            Self::Postgres(DatabaseUrl(url)) => {
                let schema = schema_of_its_own(story)?;
                let pool = pool(url, &PoolSettings::new().size(2))?;
                Migrations::new(schema.clone()).run(&pool).await?;
                let store = PostgresStore::builder(pool.clone()).schema(schema.clone()).build();
                Ok(StoryStore::of(&store, Leaves::Schema(pool, schema)))
            }
        }
    }
}

impl StoryStore {
    fn of<S: Store + EffectQueue + Clone + 'static>(store: &S, leaves: Leaves) -> Self {
        Self { store: Arc::new(store.clone()), queue: Arc::new(store.clone()), leaves }
    }

    /// What would be left of the story, if anything.
    #[must_use]
    pub fn leaves(&self) -> Option<String> {
        match &self.leaves {
            Leaves::Nothing => None,
            Leaves::File(file) => Some(format!("the file {}", file.display())),
            Leaves::Schema(_, schema) => Some(format!("the schema {schema}")),
        }
    }

    /// Removes what would be left. Whatever else holds the store has to be dropped before.
    ///
    /// # Errors
    /// [`StoreUnusable`], where it stays.
    pub async fn remove(self) -> Result<(), StoreUnusable> {
        let Self { store, queue, leaves } = self;
        drop((store, queue));
        match leaves {
            Leaves::Nothing => Ok(()),
            Leaves::File(file) => {
                for file in files_of(file) {
                    match fs::remove_file(&file) {
                        Err(error) if error.kind() != io::ErrorKind::NotFound => {
                            return Err(StoreUnusable::Remove(file, error));
                        }
                        _ => {}
                    }
                }
                Ok(())
            }
            Leaves::Schema(pool, schema) => {
                let Ok(client) = pool.get().await else { return Err(StoreUnusable::Drop(schema)) };
                // A name of a schema needs no escaping.
                let gone = client.batch_execute(&format!("DROP SCHEMA \"{schema}\" CASCADE")).await;
                gone.map_err(|_| StoreUnusable::Drop(schema))
            }
        }
    }
}

/// `story.db` for the third story is `story-3.db`.
fn numbered(file: &Path, story: usize) -> PathBuf {
    let mut name = file.file_stem().map(OsString::from).unwrap_or_default();
    name.push(format!("-{story}"));
    if let Some(extension) = file.extension() {
        name.push(".");
        name.push(extension);
    }
    file.with_file_name(name)
}

/// The file, and those that SQLite and the store keep beside it.
fn files_of(file: PathBuf) -> [PathBuf; 4] {
    let beside = |end: &str| {
        let mut name = file.clone().into_os_string();
        name.push(end);
        PathBuf::from(name)
    };
    let others = ["-wal", "-shm", ".lock"].map(beside);
    let [wal, shm, lock] = others;
    [file, wal, shm, lock]
}

/// A name that no other run has, at this moment or later.
fn schema_of_its_own(story: usize) -> Result<SchemaName, InvalidSchemaName> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("ravs_story_{}_{}_{story}", since.as_nanos(), std::process::id()).parse()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_is_named_by_its_url() {
        assert_eq!("memory".parse(), Ok(StoreKind::Memory));
        assert_eq!("sqlite:a:b.db".parse(), Ok(StoreKind::Sqlite("a:b.db".into())));
        for url in ["postgres://ada:secret@localhost/ravs", "postgresql://localhost"] {
            let kind: StoreKind = url.parse().unwrap();
            assert_eq!(kind, StoreKind::Postgres(DatabaseUrl(url.to_owned())));
            assert!(!format!("{kind:?}").contains("secret"));
        }
        for other in ["", "Memory", "sqlite:", "sqlite", "postgres:", "mysql://localhost"] {
            assert_eq!(other.parse::<StoreKind>(), Err(UnknownStore), "{other}");
        }
    }

    #[test]
    fn files_are_numbered_before_their_extension() {
        assert_eq!(numbered(Path::new("a/story.db"), 3), Path::new("a/story-3.db"));
        assert_eq!(numbered(Path::new("story"), 12), Path::new("story-12"));
    }
}
