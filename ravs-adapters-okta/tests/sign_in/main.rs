//! Sign-in against a stand-in that signs with keys of its own: one program, so that the keys are
//! made once.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what it relies on")]

mod callback;
mod clients;
mod discovery;
mod exchange;
mod happy;
mod keys;
mod leaks;
mod mutations;
mod pending;
mod scene;
mod signing;
mod tenant;
mod time;
mod token;
mod vouching;
