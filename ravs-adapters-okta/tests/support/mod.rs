//! What the tests stand on: a time that nobody waits for, and stand-ins for Okta.

pub(crate) mod keys;
pub(crate) mod people;
pub(crate) mod script;
pub(crate) mod tenant;
pub(crate) mod time;
pub(crate) mod wire;
