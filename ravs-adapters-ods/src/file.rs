//! The directory's CSV files.

mod fault;
mod line;
mod read;
mod row;
mod source;

pub use fault::{Fault, ImportError};
pub use read::{Progress, Summary, read};
pub use source::Source;
