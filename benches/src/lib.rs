//! What the benches measure, and the peers it is held against.

pub mod bitset;
pub mod directory;
pub mod onboarded;
pub mod postgres;
pub mod standings;
pub mod states;
