//! What the runnable hosts share: the scenario files and how they are read.

pub mod scenario;
