//! Commands that race: each case plays many rounds on one store, and any adapter can run it.
//!
//! Run them on a runtime with several threads. Every round ends with the same look: the history
//! replays to what is stored, and the versions have no gap.
//!
//! ```
//! use ravs_testkit::{MemoryStore, concurrency};
//!
//! let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
//! runtime.block_on(concurrency::arrivals::two_regions_onboard_one_body(MemoryStore::new(), 5));
//! ```
//!
//! [`races!`](crate::races) makes a test of each.

mod arena;
pub mod arrivals;
pub mod delivery;
pub mod leads;
pub mod life;
mod macros;
