//! Ids from a counter.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ravs_core::port::IdSource;
use uuid::Uuid;

/// Ids from a counter: the same ones in every run, in ascending order.
#[derive(Clone, Debug, Default)]
pub struct SequentialIds(Arc<AtomicU64>);

impl SequentialIds {
    /// A counter that begins at 1.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl IdSource for SequentialIds {
    fn next_id(&self) -> Uuid {
        let number = self.0.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        Uuid::from_u128(number.into())
    }
}
