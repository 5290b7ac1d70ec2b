#![doc = include_str!("../README.md")]

mod commit;
mod error;
mod log;
mod open;
mod queue;
mod read;
mod row;
mod schema;
mod store;
mod threads;
mod time;
mod unsettled;

pub use open::{InUse, NotAStore, OpenError, Options, SchemaTooNew, SqliteStore, Unusable};
