//! A directory of very many bodies, what is asked of it, and a plain scan that answers the same.

mod made;
mod queries;
mod scan;
mod taken;

pub use made::{csv, entries_of};
pub use queries::{Kind, queries};
pub use scan::Scan;
pub use taken::{resident, worked};
