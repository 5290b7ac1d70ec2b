//! Everything a service needs, in the process.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use ravs_core::{Ports, Ravs, Settings};

use crate::{
    ManualClock, MemoryDirectory, MemoryIdentity, MemoryMailer, MemoryStore, SequentialIds,
};

/// Everything a service needs, in the process: a store and fakes of all that is outside.
#[derive(Clone, Debug)]
pub struct World {
    /// The store, and its queue of effects.
    pub store: MemoryStore,
    /// The identity provider.
    pub identity: MemoryIdentity,
    /// The directory of bodies.
    pub directory: MemoryDirectory,
    /// The mailer.
    pub mailer: MemoryMailer,
    /// The clock.
    pub clock: ManualClock,
    /// Where ids come from.
    pub ids: SequentialIds,
}

impl World {
    /// An empty world at this time (UTC).
    #[must_use]
    pub fn at(now: DateTime<Utc>) -> Self {
        Self {
            store: MemoryStore::new(),
            identity: MemoryIdentity::new(),
            directory: MemoryDirectory::default(),
            mailer: MemoryMailer::new(),
            clock: ManualClock::at(now),
            ids: SequentialIds::new(),
        }
    }

    /// Its ports, for a host that changes one of them.
    #[must_use]
    pub fn ports(&self) -> Ports {
        Ports {
            store: Arc::new(self.store.clone()),
            queue: Arc::new(self.store.clone()),
            identity: Arc::new(self.identity.clone()),
            directory: Arc::new(self.directory.clone()),
            mailer: Arc::new(self.mailer.clone()),
            clock: Arc::new(self.clock.clone()),
            ids: Arc::new(self.ids.clone()),
        }
    }

    /// A service in this world.
    #[must_use]
    pub fn ravs(&self, settings: Settings) -> Ravs {
        Ravs::new(self.ports(), settings)
    }
}
