//! The national directory of bodies.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use async_trait::async_trait;
use chrono::NaiveDate;

use super::PortError;
use crate::organisation::{Body, OdsCode};

/// What to look for in the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BodySearch {
    /// A code, a name, an address or a postcode, or some words of them.
    pub query: String,
    /// The most bodies to give.
    pub limit: usize,
    /// The day, in London, on which a body is open or legally closed.
    pub on: NaiveDate,
    /// Whether bodies that are legally closed on that day are found too.
    pub closed: ClosedBodies,
}

/// What becomes of bodies that are legally closed on the day of a search.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClosedBodies {
    /// They are left out.
    #[default]
    LeftOut,
    /// They are found like any other.
    Included,
}

/// Finds bodies in the national directory (R-O1).
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait BodyDirectory: Send + Sync {
    /// The body with this code, closed or not; `None` if there is none.
    ///
    /// # Errors
    /// [`PortError`] when the directory cannot be asked.
    async fn body(&self, code: &OdsCode) -> Result<Option<Body>, PortError>;

    /// Bodies by code, name, address or postcode, the best first; none for a query without a
    /// letter or digit. The same question on the same directory has the same answer.
    ///
    /// # Errors
    /// [`PortError`] when the directory cannot be asked.
    async fn search(&self, search: &BodySearch) -> Result<Vec<Body>, PortError>;
}
