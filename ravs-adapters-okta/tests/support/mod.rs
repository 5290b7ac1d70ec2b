//! What the tests stand on: a time that nobody waits for, and stand-ins for Okta.

pub mod keys;
pub mod people;
pub mod script;
pub mod tenant;
pub mod time;
pub mod wire;
