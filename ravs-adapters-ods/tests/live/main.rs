//! The live interface, as a server in the test plays it.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod answers;
mod stage;
mod trouble;
