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
use std::thread::available_parallelism;
use std::time::Duration;

use tokio::runtime::Runtime;

/// Whatever goes wrong; nobody is to recover from it.
pub type Failed = Box<dyn Error + Send + Sync>;

/// As many threads for so many clients as `pgbench` has: no more than there are cores.
fn threads(clients: usize) -> Result<usize, Failed> {
    Ok(available_parallelism()?.get().min(clients))
}

/// A runtime on which the store has no more threads than its peer.
fn runtime(clients: usize) -> Result<Runtime, Failed> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    Ok(builder.worker_threads(threads(clients)?).enable_all().build()?)
}

/// Is told each figure when it is there.
pub type Tell<'a> = &'a mut dyn FnMut(&Figure);

/// How long to measure.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How often peers take turns.
    pub turns: usize,
    /// About how long a turn takes.
    pub turn: Duration,
}
