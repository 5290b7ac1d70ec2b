//! The effects that wait to be carried out.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::PortError;
use crate::effect::{Effect, EffectKey};

/// Proof of a claim: only the worker that holds the last one of an effect settles it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Receipt {
    /// The effect.
    pub key: EffectKey,
    /// Which claim of it this is, counted from 1.
    pub claim: u64,
}

/// An effect that a worker may carry out until its lease ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// What to do.
    pub effect: Effect,
    /// Which try this is since it was queued, or since it was last unparked, counted from 1.
    pub attempt: u32,
    /// With which to say how it went.
    pub receipt: Receipt,
}

/// An effect that was given up on, until somebody has it tried again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParkedEffect {
    /// The effect.
    pub effect: Effect,
    /// Why it was given up on; holds no personal data.
    pub why: String,
    /// When (UTC).
    pub parked_at: DateTime<Utc>,
}

/// The effects that commits have queued. Safe with many workers: what one has claimed no other
/// gets before the lease has ended. A receipt settles its effect once, and only while nobody has
/// claimed that again; one that is unknown, used or overtaken settles nothing and is a conflict.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait EffectQueue: Send + Sync {
    /// Claims up to `limit` effects that are due at `now`, each until `now + lease`: first those
    /// never tried, in the order in which they were queued, which are due whatever the clock
    /// says; then those put back or left by a worker, the longest due first.
    ///
    /// One that does not load stays claimed, for a worker that knows it (a newer version's, say),
    /// and holds up nothing else.
    ///
    /// # Errors
    /// [`PortError`] when the queue cannot be asked; corrupt where everything claimed is.
    async fn claim(
        &self,
        now: DateTime<Utc>,
        lease: TimeDelta,
        limit: usize,
    ) -> Result<Vec<Claim>, PortError>;

    /// It is carried out, and goes.
    ///
    /// # Errors
    /// [`PortError`], a conflict where the claim has been overtaken.
    async fn done(&self, receipt: &Receipt) -> Result<(), PortError>;

    /// It failed, and is due again at that time (UTC).
    ///
    /// # Errors
    /// [`PortError`], a conflict where the claim has been overtaken.
    async fn retry_at(&self, receipt: &Receipt, at: DateTime<Utc>) -> Result<(), PortError>;

    /// It is given up on, where it can be seen.
    ///
    /// # Errors
    /// [`PortError`], a conflict where the claim has been overtaken.
    async fn park(&self, receipt: &Receipt, at: DateTime<Utc>, why: &str) -> Result<(), PortError>;

    /// The first `limit` effects that were given up on, the first parked first. One of them that
    /// does not load is left out, and hides no other.
    ///
    /// # Errors
    /// [`PortError`] when the queue cannot be asked; corrupt where none of them loads.
    async fn parked(&self, limit: usize) -> Result<Vec<ParkedEffect>, PortError>;

    /// Has a parked effect tried again from `at` (UTC) on, its attempts counted anew; `false`
    /// where no such effect is parked.
    ///
    /// # Errors
    /// [`PortError`] when the queue cannot be told.
    async fn unpark(&self, key: &EffectKey, at: DateTime<Utc>) -> Result<bool, PortError>;
}
