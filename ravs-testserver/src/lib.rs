#![doc = include_str!("../README.md")]

mod account;
mod error;
mod guard;
mod look_for;
mod port;
pub mod postgres;
mod process;

pub use error::ServerError;
