//! Throw-away PostgreSQL servers, and databases on them.

mod binaries;
mod claim;
mod database;
mod databases;
mod options;
mod server;
mod session;
mod shared;
mod standby;
mod template;
mod tls;

pub use database::Database;
pub use databases::Databases;
pub use options::{Durability, Options};
pub use server::{Server, Shutdown};
pub use standby::{Replication, Standby};
pub use template::Template;
pub use tls::Authority;
