//! What every [`IdentityProvider`] keeps, case by case.
//!
//! Each case is a function of a provider without accounts and of what a test can do and see
//! behind its back, and panics where a promise is broken.

pub mod access;
pub mod accounts;
pub mod activation;
mod backstage;
pub mod outages;

use ravs_core::port::{AccountState, IdentityProvider, Person, PortError};
use ravs_core::{EmailAddress, PersonName};

use super::Running;
use super::seed::read;

pub use backstage::{Backstage, Capability, NoBackstage};

/// A case, for a program that runs the suite itself.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// Its name: `access::withdrawing_shuts_out`.
    pub name: &'static str,
    /// Runs it on a provider without accounts; panics where a promise is broken.
    pub run: for<'a> fn(&'a dyn IdentityProvider, &'a dyn Backstage) -> Running<'a>,
}

/// Every case, in the order of the files.
#[must_use]
pub fn all() -> &'static [Case] {
    crate::__identity_provider_cases! { __list_of_cases (__identity_provider_case) }
}

/// Where accounts can be.
const STATES: [AccountState; 4] = [
    AccountState::PendingActivation,
    AccountState::Active,
    AccountState::Suspended,
    AccountState::Deactivated,
];

/// Somebody with that address who has never signed in.
#[track_caller]
fn person(email: &str) -> Person {
    let Ok(name) = PersonName::new("Zoë \"Zo\"", "O'Neil <b>") else {
        panic!("a name of the suite's own")
    };
    Person { email: read::<EmailAddress>(email), name, subject: None }
}

/// One person for each state that an account can be put in here, already there in that state;
/// one that waits for activation can be made anywhere.
async fn people_in_every_state(
    provider: &dyn IdentityProvider,
    backstage: &dyn Backstage,
) -> Result<Vec<(Person, AccountState)>, PortError> {
    let mut people = Vec::new();
    for (number, state) in STATES.into_iter().enumerate() {
        let person = person(&format!("there.before{number}@nhs.net"));
        if backstage.can(Capability::PutAccount(state)) {
            backstage.put_account(&person, state).await;
        } else if state == AccountState::PendingActivation {
            provider.ensure_account(&person).await?;
        } else {
            continue;
        }
        people.push((person, state));
    }
    Ok(people)
}
