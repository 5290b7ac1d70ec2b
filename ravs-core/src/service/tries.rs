//! Deciding again after a conflict, a bounded number of times.

use crate::change::ChangeSet;
use crate::port::{PortError, Store};

/// How often a command is decided anew when what it was decided on has changed.
const MOST_TRIES: u32 = 32;

/// The tries of one command.
pub(super) struct Tries(u32);

impl Tries {
    pub(super) const fn new() -> Self {
        Self(MOST_TRIES)
    }

    /// Commits a change, and says whether it is done: `false` means that something moved, and
    /// that the command is to be decided on what is there now.
    pub(super) async fn commit(
        &mut self,
        store: &dyn Store,
        change: &ChangeSet,
    ) -> Result<bool, PortError> {
        if change.is_empty() {
            return Ok(true);
        }
        self.0 = self.0.saturating_sub(1);
        match store.commit(change).await {
            Err(error) if error.is_conflict() && self.0 > 0 => Ok(false),
            outcome => outcome.map(|()| true),
        }
    }
}
