#![doc = include_str!("../README.md")]

pub mod clock;
pub mod conformance;
pub mod directory;
pub mod identity;
pub mod ids;
pub mod letters;
pub mod mailer;
pub mod memory;
pub mod pages;
pub mod world;

pub use clock::ManualClock;
pub use directory::MemoryDirectory;
pub use identity::{MemoryIdentity, identity_of};
pub use ids::SequentialIds;
pub use letters::letters;
pub use mailer::MemoryMailer;
pub use memory::MemoryStore;
pub use pages::all_records;
pub use world::World;

pub mod concurrency;
pub mod faulty;
pub mod model;
pub mod strategies;
