#![doc = include_str!("../README.md")]

mod bodies;
mod commit;
mod connect;
mod database;
mod error;
mod lane;
mod migration;
mod queue;
mod read;
mod row;
mod schema;
mod standby;
mod statement;
mod store;
mod time;

pub use bodies::{BodySet, ImportError};
pub use connect::{ConnectError, PoolSettings, pool};
pub use error::DatabaseError;
pub use lane::{InvalidLanes, Lanes};
pub use migration::{Migrations, SchemaError};
pub use rustls::RootCertStore;
pub use schema::{InvalidSchemaName, SchemaName};
pub use statement::StatementMode;
pub use store::{Builder, PostgresStore};
