#![doc = include_str!("../README.md")]

pub mod chance;
pub mod host;
pub mod journal;
pub mod ledger;
pub mod load;
pub mod newcomer;
pub mod outside;
pub mod race;
pub mod stage;
pub mod told;
pub mod watched;
pub mod workers;

/// Why a trial cannot go on.
pub type Failed = Box<dyn std::error::Error + Send + Sync>;
