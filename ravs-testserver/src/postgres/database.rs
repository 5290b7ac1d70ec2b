//! One database for one test.

use super::session::Session;
use crate::ServerError;

/// A database of one test's own.
///
/// On a server of ours it goes with the server; [`drop`](Database::drop) frees its space at once.
#[derive(Debug)]
pub struct Database {
    maintenance: String,
    url: String,
    name: String,
}

impl Database {
    pub(super) fn new(maintenance: String, url: String, name: String) -> Self {
        Self { maintenance, url, name }
    }

    /// Where it is, as a role that may do anything there.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its name, which needs no quotes in SQL.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Removes it, whoever is still connected.
    ///
    /// # Errors
    /// The server does not answer.
    pub async fn drop(self) -> Result<(), ServerError> {
        let statement = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        Session::run(&self.maintenance, "drop a database", &statement).await
    }
}
