//! The store on PostgreSQL, held against PostgreSQL's own `pgbench` with the same statements, and
//! against itself with many more organisations.

mod capture;
mod clones;
pub mod commit;
mod figure;
mod ground;
pub mod growth;
mod pgbench;
mod script;
pub mod standing;

pub use figure::Figure;
pub use ground::{Ground, Stage};

use std::error::Error;
use std::time::Duration;

/// Whatever goes wrong; nobody is to recover from it.
pub type Failed = Box<dyn Error + Send + Sync>;

/// Is told each figure when it is there.
pub type Tell<'a> = &'a mut (dyn FnMut(&Figure) + Send);

/// How long to measure.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How often peers take turns.
    pub turns: usize,
    /// About how long a turn takes.
    pub turn: Duration,
}
