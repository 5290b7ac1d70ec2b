//! `proptest` strategies for the core's public values, and for the model test's commands.

pub mod commands;
pub mod values;
