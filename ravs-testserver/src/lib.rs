#![doc = include_str!("../README.md")]

mod account;
mod error;
mod guard;
mod look_for;
pub mod pgbouncer;
mod port;
pub mod postgres;
mod process;
pub mod proxy;
mod url;

pub use error::ServerError;
