//! Why a store cannot be opened.

use std::error::Error;
use std::path::{Path, PathBuf};

/// Why a store cannot be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// It is open already.
    #[error(transparent)]
    InUse(#[from] InUse),
    /// A newer version has written it.
    #[error(transparent)]
    SchemaTooNew(#[from] SchemaTooNew),
    /// The file is something else.
    #[error(transparent)]
    NotAStore(#[from] NotAStore),
    /// The file, or its folder, cannot be used.
    #[error(transparent)]
    Unusable(#[from] Unusable),
}

/// The file is open already, in another process or a second time in this one.
#[derive(Debug, thiserror::Error)]
#[error("`{}` is in use: another process, or this one, has it open", .path.display())]
pub struct InUse {
    path: PathBuf,
}

impl InUse {
    pub(super) fn new(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// The file's schema is newer than this version of the library knows: it is left as it is.
#[derive(Debug, thiserror::Error)]
#[error("`{}` has schema {found}, and this version knows up to {known}", .path.display())]
pub struct SchemaTooNew {
    path: PathBuf,
    found: i64,
    known: i64,
}

impl SchemaTooNew {
    pub(super) fn new(path: &Path, found: i64, known: i64) -> Self {
        Self { path: path.to_owned(), found, known }
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The schema it has.
    #[must_use]
    pub fn found(&self) -> i64 {
        self.found
    }

    /// The newest schema that is known here.
    #[must_use]
    pub fn known(&self) -> i64 {
        self.known
    }
}

/// The file is no database, or one of something else: it is left as it is.
#[derive(Debug, thiserror::Error)]
#[error("`{}` is not a store of this kind", .path.display())]
pub struct NotAStore {
    path: PathBuf,
}

impl NotAStore {
    pub(super) fn new(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// The file, or its folder, cannot be used; the source says why.
#[derive(Debug, thiserror::Error)]
#[error("`{}` cannot be used", .path.display())]
pub struct Unusable {
    path: PathBuf,
    source: Box<dyn Error + Send + Sync>,
}

impl Unusable {
    pub(super) fn new(path: &Path, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { path: path.to_owned(), source: source.into() }
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}
