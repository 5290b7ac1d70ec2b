//! The conformance suites: what every adapter of a port keeps, as cases that it runs.
//!
//! A suite is a list of plain functions, one a promise: `pub async fn case(store: &dyn Store)`.
//! Each panics, at the line where it is stated, when a promise is broken. The macros only name
//! the cases, so that each becomes a test of its own:
//!
//! - [`store_conformance!`](crate::store_conformance): see [`store`]
//! - [`effect_queue_conformance!`](crate::effect_queue_conformance): see [`effect_queue`]
//! - [`identity_provider_conformance!`](crate::identity_provider_conformance): see
//!   [`identity_provider`]
//! - [`body_directory_conformance!`](crate::body_directory_conformance): see [`body_directory`]
//! - [`mailer_conformance!`](crate::mailer_conformance): see [`mailer`]
//! - [`spoilt_store_conformance!`](crate::spoilt_store_conformance): see [`spoilt_store`]
//! - [`spoilt_queue_conformance!`](crate::spoilt_queue_conformance): see [`spoilt_queue`]
//!
//! A program that runs a suite itself takes the cases from `all()` in each of these modules. It
//! runs them on a runtime of several threads, since some cases race.
//!
//! What an adapter cannot do is stated, as a value ([`identity_provider::Capability`],
//! [`mailer::Capability`]) or by what it hands in ([`spoilt_store::Spoil`],
//! [`spoilt_queue::SpoilEffect`]); nothing is skipped in silence.

#![expect(clippy::panic, reason = "a case that fails panics, as any test does")]

pub mod body_directory;
pub mod effect_queue;
pub mod identity_provider;
mod macros;
pub mod mailer;
mod promise;
mod race;
pub mod seed;
pub mod spoilt_queue;
pub mod spoilt_store;
pub mod store;

use std::pin::Pin;

/// A case under way.
pub type Running<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;
