//! A host: the service on PostgreSQL, with the world outside, telling its journal.

use std::sync::Arc;

use chrono::TimeDelta;
use ravs_adapters_postgres::{Builder, PoolSettings, PostgresStore, pool};
use ravs_core::{Delivery, EmailAddress, Ports, Ravs, Region, RvocMailboxes, Settings};

use crate::Failed;
use crate::outside::{Outside, RandomIds, WallClock};
use crate::watched::{Watch, Watched};

/// The mailbox from which every region asks.
pub const MAILBOX: &str = "rvoc@nhs.net";

/// How far ahead the clock of the host that sweeps is: every deactivation is over there.
const AHEAD: TimeDelta = TimeDelta::days(92);

/// What a worker that died held comes back soon.
pub(crate) const SHORT_LEASE: TimeDelta = TimeDelta::seconds(3);

/// The service as a process runs it.
#[derive(Clone, Debug)]
pub struct Host {
    /// The service.
    pub ravs: Ravs,
    /// The same with a clock so far ahead that every closing has come. It is for sweeps.
    pub late: Ravs,
    /// The store itself, unwatched.
    pub store: PostgresStore,
}

impl Host {
    /// A host on a pool of its own; `watch` is told of its commits.
    ///
    /// # Errors
    /// The URL cannot be read.
    pub fn new(
        url: &str,
        outside: &Outside,
        watch: Arc<dyn Watch>,
        set: impl FnOnce(Builder) -> Builder,
    ) -> Result<Self, Failed> {
        Self::with_lease(SHORT_LEASE, url, outside, watch, set)
    }

    /// The same, holding on to the effects it has claimed for so long.
    ///
    /// # Errors
    /// The URL cannot be read.
    pub fn with_lease(
        lease: TimeDelta,
        url: &str,
        outside: &Outside,
        watch: Arc<dyn Watch>,
        set: impl FnOnce(Builder) -> Builder,
    ) -> Result<Self, Failed> {
        let pool = pool(url, &PoolSettings::new().size(4))?;
        let store = set(PostgresStore::builder(pool)).build();
        let ravs = |clock: WallClock| -> Result<Ravs, Failed> {
            let ports = Ports {
                store: Arc::new(Watched::new(Arc::new(store.clone()), Arc::clone(&watch))),
                queue: Arc::new(store.clone()),
                identity: Arc::new(outside.clone()),
                directory: Arc::new(outside.clone()),
                mailer: Arc::new(outside.clone()),
                clock: Arc::new(clock),
                ids: Arc::new(RandomIds),
            };
            Ok(Ravs::new(ports, settings(lease)?))
        };
        let (now, late) = (ravs(WallClock::default())?, ravs(WallClock { ahead: AHEAD })?);
        Ok(Self { ravs: now, late, store })
    }
}

/// No effect is ever given up on.
pub(crate) fn settings(lease: TimeDelta) -> Result<Settings, Failed> {
    let mailbox: EmailAddress = MAILBOX.parse()?;
    let mailboxes: RvocMailboxes =
        Region::ALL.into_iter().map(|region| (region, mailbox.clone())).collect();
    let delivery = Delivery {
        lease,
        first_wait: TimeDelta::milliseconds(20),
        longest_wait: TimeDelta::milliseconds(200),
        attempts: u32::MAX,
    };
    Ok(Settings { rvoc_mailboxes: mailboxes, delivery, ..Settings::default() })
}
