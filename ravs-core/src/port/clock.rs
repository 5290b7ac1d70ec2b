//! The time.

use chrono::{DateTime, Utc};

/// Tells the time. A service reads it once for each call.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait Clock: Send + Sync {
    /// The time now (UTC).
    fn now(&self) -> DateTime<Utc>;
}
