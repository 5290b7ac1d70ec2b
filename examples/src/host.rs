//! What every host brings: the time, and ids.

use chrono::{DateTime, Utc};
use ravs_core::port::{Clock, IdSource};
use uuid::Uuid;

/// The machine's clock.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// Ids that nobody guesses, and that lie beside each other in an index when they are made one
/// after the other (UUID version 7).
#[derive(Clone, Copy, Debug)]
pub struct TimeOrderedIds;

impl IdSource for TimeOrderedIds {
    fn next_id(&self) -> Uuid {
        Uuid::now_v7()
    }
}
