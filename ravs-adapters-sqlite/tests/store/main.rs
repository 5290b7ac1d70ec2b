//! The store, in this process: what every adapter keeps, and what a file adds to it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot begin fails")]

mod careless_hand;
mod concurrency;
mod conformance;
mod dropped_commits;
mod fresh;
mod hostile_statements;
mod limits;
mod locked_file;
mod model;
mod opening;
