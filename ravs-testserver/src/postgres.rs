//! Throw-away PostgreSQL servers, and databases on them.

mod binaries;
mod database;
mod databases;
mod options;
mod server;
mod session;
mod shared;
mod template;
mod url;

pub use database::Database;
pub use databases::Databases;
pub use options::{Durability, Options};
pub use server::{Server, Shutdown};
pub use template::Template;
