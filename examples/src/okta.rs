//! Okta, tried by hand: what the program `okta` does.

mod arguments;
mod commands;
mod environment;
mod reconcile;
mod sign_in;

pub use arguments::{Command, InvalidArguments, Task, USAGE};
pub use commands::run;
pub use environment::{Environment, InvalidEnvironment, SignInEnvironment};
pub use sign_in::{NobodyCame, sign_in};
