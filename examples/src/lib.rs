//! What the runnable hosts share: the time and ids, the scenario files and how they are read, and
//! Okta tried by hand.

pub mod bring_your_own_store;
pub mod host;
pub mod okta;
pub mod scenario;

/// The code in the project's README, which is run as a test.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod front_door {}
