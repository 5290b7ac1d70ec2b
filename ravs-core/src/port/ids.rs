//! New ids.

use uuid::Uuid;

/// Gives ids that nobody else has. In production, version 7 UUIDs are a good choice: they sort
/// by time.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait IdSource: Send + Sync {
    /// The next id.
    fn next_id(&self) -> Uuid;
}
