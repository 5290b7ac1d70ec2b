//! Scenario files: stories told to the library in JSON Lines, one step a line.
//!
//! [`Scenario::read`] checks a whole file before anything of it is run, [`Run`] tells it to the
//! library step by step, and [`Expectation::differences`] compares an answer with what a step
//! expects.

mod actor;
mod command;
mod expect;
mod fault;
mod fields;
mod file;
mod json;
mod names;
pub mod run;
mod setup;
mod step;
mod stores;
mod vocabulary;

pub use actor::{Actor, ActorKind, UnknownActor};
pub use command::{Command, Reference};
pub use expect::{Difference, Expectation};
pub use fault::{Malformed, ScenarioError};
pub use file::{Comment, Scenario};
pub use run::{Line, Outcome, Pretty, Run};
pub use setup::Setup;
pub use step::Step;
pub use stores::{DatabaseUrl, StoreKind, StoreUnusable, StoryStore, UnknownStore};
pub use vocabulary::{Profile, Provider, UnknownWord};
