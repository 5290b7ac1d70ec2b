//! Okta, tried by hand: what the program `okta` does.

mod arguments;
mod commands;
mod environment;
mod reconcile;

pub use arguments::{Command, InvalidArguments, USAGE};
pub use commands::run;
pub use environment::{Environment, InvalidEnvironment};
