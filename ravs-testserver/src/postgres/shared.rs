//! One server for all tests of a process.

use std::env;
use std::sync::OnceLock;

use super::{Databases, Durability, Options, Server};
use crate::ServerError;

/// Names a server that runs already.
const URL: &str = "RAVS_POSTGRES_URL";

/// Whose server the tests of this process share.
enum Shared {
    Ours(Box<Server>),
    Given(Databases),
}

impl Server {
    /// The server that all tests of this process share: the one named by `RAVS_POSTGRES_URL`,
    /// whose role must be allowed to make databases, else one of [`Durability::None`] that is
    /// started now and ends with the process.
    ///
    /// It waits for the server's start; whoever asks meanwhile waits too.
    ///
    /// # Errors
    /// As [`launch`](Server::launch), or the URL cannot be read.
    pub fn shared() -> Result<&'static Databases, &'static ServerError> {
        static SHARED: OnceLock<Result<Shared, ServerError>> = OnceLock::new();
        let shared = SHARED.get_or_init(|| match env::var(URL) {
            Ok(url) if !url.is_empty() => Databases::on_given(&url).map(Shared::Given),
            _ => Server::launch(Options::new(Durability::None))
                .map(|server| Shared::Ours(Box::new(server))),
        });
        shared.as_ref().map(|shared| match shared {
            Shared::Ours(server) => server.databases(),
            Shared::Given(databases) => databases,
        })
    }
}
