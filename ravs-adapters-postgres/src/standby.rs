//! A standby, asked for what tolerates a little age.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use deadpool_postgres::Pool;
use tokio::time::{Instant, timeout};

/// How long it may take for a page, and for how long it is not asked when it took longer or could
/// not be reached: a standby that is away is felt once, and not with every page.
const PATIENCE: Duration = Duration::from_secs(1);
const REST: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub(crate) struct Standby {
    pool: Pool,
    rests_until: Mutex<Option<Instant>>,
}

impl Standby {
    pub(crate) fn new(pool: Pool) -> Self {
        Self { pool, rests_until: Mutex::default() }
    }

    /// What it answers; nothing while it rests, or where it is away, which lets it rest.
    pub(crate) async fn ask<T, E>(
        &self,
        ask: impl AsyncFnOnce(&Pool) -> Result<T, E>,
    ) -> Option<T> {
        let rests_until = *self.rests_until.lock().unwrap_or_else(PoisonError::into_inner);
        if rests_until.is_some_and(|until| Instant::now() < until) {
            return None;
        }
        if let Ok(Ok(answer)) = timeout(PATIENCE, ask(&self.pool)).await {
            return Some(answer);
        }
        let until = Instant::now() + REST;
        *self.rests_until.lock().unwrap_or_else(PoisonError::into_inner) = Some(until);
        None
    }
}
