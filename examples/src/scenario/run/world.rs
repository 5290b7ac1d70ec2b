//! The world that a story begins in.

use chrono::{DateTime, TimeDelta, Utc};
use ravs_core::port::AccountState;
use ravs_core::{Delivery, Ports, Ravs, Settings};
use ravs_testkit::World;

use crate::scenario::setup::Setup;
use crate::scenario::stores::StoryStore;

/// Everything around an empty store as the setup says, and the library on it.
pub(super) fn begin(store: &StoryStore, setup: &Setup, now: DateTime<Utc>) -> (World, Ravs) {
    let world = World::at(now);
    for body in &setup.bodies {
        world.directory.add(body.clone());
    }
    for email in &setup.identity {
        world.identity.add_account(email, AccountState::Active);
    }
    let StoryStore { store, queue, .. } = store;
    let ports = Ports { store: store.clone(), queue: queue.clone(), ..world.ports() };
    let ravs = Ravs::new(ports, settings(setup));
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
