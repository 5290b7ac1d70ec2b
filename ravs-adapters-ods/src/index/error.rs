//! Why an index is not replaced.

use ravs_core::OdsCode;
use ravs_core::port::PortError;
use tantivy::TantivyError;

use crate::file::ImportError;

/// Why a set is not taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError {
    /// Two entries have the same code.
    #[error("`{code}` is there twice")]
    Twice {
        /// The code.
        code: OdsCode,
    },
    /// The search engine failed.
    #[error("the search engine failed")]
    Engine(#[from] TantivyError),
}

/// Why files are not taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// There are faults in the files.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The set cannot be indexed.
    #[error(transparent)]
    Index(#[from] IndexError),
}

impl From<IndexError> for PortError {
    fn from(error: IndexError) -> Self {
        Self::rejected("the index of the directory cannot be searched").caused_by(error)
    }
}
