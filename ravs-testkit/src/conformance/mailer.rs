//! What every [`Mailer`] keeps, case by case.
//!
//! Each case is a function of a mailer that has sent nothing and of what a test can do and see
//! behind its back, and panics where a promise is broken.

mod backstage;
pub mod outages;
pub mod refusals;
pub mod repeats;
pub mod sending;

use ravs_core::port::Mailer;
use ravs_core::{Email, EmailAddress, PersonName};

use super::Running;
use super::seed::read;
use crate::letters::letters;

pub use backstage::{Arrived, Backstage, Capability, NoBackstage};

/// A case, for a program that runs the suite itself.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// Its name: `repeats::a_repeat_does_not_go_again`.
    pub name: &'static str,
    /// Runs it on a mailer that has sent nothing; panics where a promise is broken.
    pub run: for<'a> fn(&'a dyn Mailer, &'a dyn Backstage) -> Running<'a>,
}

/// Every case, in the order of the files.
#[must_use]
pub fn all() -> &'static [Case] {
    crate::__mailer_cases! { __list_of_cases (__mailer_case) }
}

/// Every email there is, to that address.
#[track_caller]
fn emails(to: &str) -> Vec<Email> {
    let Ok(name) = PersonName::new("Zoë \"Zo\"", "O'Neil <b>") else {
        panic!("a name of the suite's own")
    };
    match letters(&name, &read::<EmailAddress>(to), "ST. MARY'S & ST. JOHN'S") {
        Ok(emails) => emails,
        Err(corrupt) => panic!("emails of the suite's own: {corrupt:?}"),
    }
}

/// One of them.
#[track_caller]
fn email(to: &str) -> Email {
    match emails(to).into_iter().next() {
        Some(email) => email,
        None => panic!("there is one"),
    }
}
