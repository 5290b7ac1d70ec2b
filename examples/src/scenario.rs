//! Scenario files: stories told to the library in JSON Lines, one step a line.
//!
//! This half reads them and knows nothing of the library: [`Scenario::read`] checks a whole file
//! before anything of it is run, and [`Expectation::differences`] compares an answer with what a
//! step expects.

mod actor;
mod command;
mod expect;
mod fault;
mod fields;
mod file;
mod json;
mod names;
mod setup;
mod step;
mod vocabulary;

pub use actor::{Actor, ActorKind, UnknownActor};
pub use command::{Command, Nominee, Permission, Reference};
pub use expect::{Difference, Expectation};
pub use fault::{Malformed, ScenarioError};
pub use file::Scenario;
pub use setup::{AllowedDomains, Body, Setup};
pub use step::Step;
pub use vocabulary::{Level, Policy, Provider, Region, Status, UnknownWord};
