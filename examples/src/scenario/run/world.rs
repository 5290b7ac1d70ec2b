//! The world that a story begins in.

use std::str::FromStr;

use chrono::{DateTime, TimeDelta, Utc};
use ravs_core::port::AccountState;
use ravs_core::{Delivery, Ravs, Settings};
use ravs_testkit::World;
use thiserror::Error;

use crate::scenario::setup::Setup;

/// Which store stories are told to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StoreKind {
    /// The test kit's, in memory.
    #[default]
    Memory,
}

/// What is asked for is no store that there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("there is no such store: `memory` is the only one until adapters add theirs")]
pub struct UnknownStore;

impl FromStr for StoreKind {
    type Err = UnknownStore;

    fn from_str(text: &str) -> Result<Self, UnknownStore> {
        if text == "memory" { Ok(Self::Memory) } else { Err(UnknownStore) }
    }
}

/// An empty store, everything around it as the setup says, and the library on it.
pub(super) fn begin(store: StoreKind, setup: &Setup, now: DateTime<Utc>) -> (World, Ravs) {
    let StoreKind::Memory = store;
    let world = World::at(now);
    for body in &setup.bodies {
        world.directory.add(body.clone());
    }
    for email in &setup.identity {
        world.identity.add_account(email, AccountState::Active);
    }
    let ravs = world.ravs(settings(setup));
    (world, ravs)
}

fn settings(setup: &Setup) -> Settings {
    Settings {
        policy: setup.policy,
        allowed_domains: setup.allowed_domains.clone(),
        rvoc_mailboxes: setup.rvoc_mailboxes.clone().into_iter().collect(),
        delivery: at_once(),
        ..Settings::default()
    }
}

/// Whatever waits is tried again by the next `deliver`, and is not given up on.
fn at_once() -> Delivery {
    Delivery {
        first_wait: TimeDelta::zero(),
        longest_wait: TimeDelta::zero(),
        attempts: 1000,
        ..Delivery::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_the_only_store() {
        assert_eq!("memory".parse(), Ok(StoreKind::Memory));
        for other in ["", "Memory", "postgres://localhost/ravs", "sqlite:story.db"] {
            assert_eq!(other.parse::<StoreKind>(), Err(UnknownStore));
        }
    }
}
