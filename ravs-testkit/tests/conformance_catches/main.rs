//! The suites catch what they are for: a store, a queue, a provider, a directory or a mailer with any
//! one of these faults fails, every case fails for some fault, and without a fault all pass.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod directory_fault;
mod identity_fault;
mod mailer_fault;
mod queue_fault;
mod store_fault;
mod store_under_suspicion;
mod suspects;

use std::collections::BTreeSet;

use directory_fault::{DirectoryFault, DirectoryUnderSuspicion};
use identity_fault::{IdentityFault, IdentityUnderSuspicion};
use mailer_fault::{MailerFault, MailerUnderSuspicion};
use queue_fault::QueueFault;
use ravs_testkit::conformance::{
    body_directory, effect_queue, identity_provider, mailer, spoilt_queue, spoilt_store, store,
};
use store_fault::StoreFault;
use store_under_suspicion::StoreUnderSuspicion;
use suspects::{Suspects, assert_caught};

/// The store's cases that fail for a store with that fault.
fn failing_store_cases(suspects: &Suspects, fault: Option<StoreFault>) -> BTreeSet<&'static str> {
    let cases = store::all().iter().map(|case| {
        let run = async move { (case.run)(&StoreUnderSuspicion::with(fault, None)).await };
        (case.name, run)
    });
    let spoilt = spoilt_store::all().iter().map(|case| {
        let run = async move {
            let store = StoreUnderSuspicion::with(fault, None);
            (case.run)(&store, &store).await;
        };
        (case.name, run)
    });
    let mut failing = suspects.failing(cases);
    failing.extend(suspects.failing(spoilt));
    failing
}

#[test]
fn every_fault_of_a_store_is_caught() {
    let suspects = Suspects::new();
    let all = store::all().iter().map(|case| case.name);
    let all = all.chain(spoilt_store::all().iter().map(|case| case.name)).collect();
    assert_caught(&all, StoreFault::ALL, |fault| failing_store_cases(&suspects, fault));
}

#[test]
fn every_fault_of_a_queue_is_caught() {
    let suspects = Suspects::new();
    let all = effect_queue::all().iter().map(|case| case.name);
    let all = all.chain(spoilt_queue::all().iter().map(|case| case.name)).collect();
    assert_caught(&all, QueueFault::ALL, |fault| {
        let mut failing = suspects.failing(effect_queue::all().iter().map(|case| {
            let run = async move {
                let store = StoreUnderSuspicion::with(None, fault);
                (case.run)(&store, &store).await;
            };
            (case.name, run)
        }));
        failing.extend(suspects.failing(spoilt_queue::all().iter().map(|case| {
            let run = async move {
                let store = StoreUnderSuspicion::with(None, fault);
                (case.run)(&store, &store, &store).await;
            };
            (case.name, run)
        })));
        failing
    });
}

#[test]
fn every_fault_of_an_identity_provider_is_caught() {
    let suspects = Suspects::new();
    let all = identity_provider::all().iter().map(|case| case.name).collect();
    assert_caught(&all, IdentityFault::ALL, |fault| {
        suspects.failing(identity_provider::all().iter().map(|case| {
            let run = async move {
                let provider = IdentityUnderSuspicion::with(fault);
                (case.run)(&provider, &provider).await;
            };
            (case.name, run)
        }))
    });
}

#[test]
fn every_fault_of_a_directory_is_caught() {
    let suspects = Suspects::new();
    let all = body_directory::all().iter().map(|case| case.name).collect();
    assert_caught(&all, DirectoryFault::ALL, |fault| {
        suspects.failing(body_directory::all().iter().map(|case| {
            let run = async move { (case.run)(&DirectoryUnderSuspicion::with(fault)).await };
            (case.name, run)
        }))
    });
}

#[test]
fn every_fault_of_a_mailer_is_caught() {
    let suspects = Suspects::new();
    let all = mailer::all().iter().map(|case| case.name).collect();
    assert_caught(&all, MailerFault::ALL, |fault| {
        suspects.failing(mailer::all().iter().map(|case| {
            let run = async move {
                let mailer = MailerUnderSuspicion::with(fault);
                (case.run)(&mailer, &mailer).await;
            };
            (case.name, run)
        }))
    });
}
