//! Ids in no order.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use ravs_core::port::IdSource;
use uuid::Uuid;

/// The same ids in every run, in no order at all: a list in the order of its ids is not one in
/// the order of making, and a suite sees the difference.
#[derive(Debug, Default)]
pub struct ScatteredIds {
    given: AtomicU64,
    /// The next one is to be another than its number says.
    other_next: AtomicBool,
}

impl ScatteredIds {
    /// A source that goes on as this one will, but for the very next id.
    pub(super) fn twin(&self) -> Self {
        let given = AtomicU64::new(self.given.load(Ordering::Relaxed));
        Self { given, other_next: AtomicBool::new(true) }
    }
}

impl IdSource for ScatteredIds {
    fn next_id(&self) -> Uuid {
        let number = self.given.fetch_add(1, Ordering::Relaxed);
        let other = self.other_next.swap(false, Ordering::Relaxed);
        let namespace = if other { Uuid::NAMESPACE_URL } else { Uuid::NAMESPACE_OID };
        Uuid::new_v5(&namespace, &number.to_be_bytes())
    }
}
