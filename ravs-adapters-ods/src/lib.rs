#![doc = include_str!("../README.md")]

mod entry;
mod file;
mod index;
mod live;
mod postcode;
mod words;

pub use entry::{Entry, Period, Status};
pub use file::{Fault, ImportError, Progress, Source, Summary, read};
pub use index::{IndexError, LoadError, OdsIndex};
pub use live::{LiveDirectory, LiveError, LiveSettings, Surroundings, TheWorld};
