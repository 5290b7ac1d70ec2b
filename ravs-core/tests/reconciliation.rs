//! Who should have access at the provider is compared with who has (R-N5).

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use ravs_core::command::AddRegionalLead;
use ravs_core::port::{
    AccessCursor, AccessPage, AccountState, IdentityProvider, Person, PortError, PortErrorKind,
    Resent, Store as _,
};
use ravs_core::service::{Difference, Mended, Reconcile, Reconciled};
use ravs_core::{EmailAddress, Failure, Ports, Ravs, Region, Settings, Subject, UserId};
use ravs_testkit::{MemoryIdentity, World, identity_of};

const LEADS: [&str; 5] = ["ada", "ben", "cleo", "dan", "eve"];

fn email(name: &str) -> EmailAddress {
    format!("{name}@nhs.net").parse().unwrap()
}

fn lead(name: &str) -> AddRegionalLead {
    AddRegionalLead {
        region: Region::London,
        requested_from: email("rvoc").as_str().into(),
        first_name: name.into(),
        last_name: "Lead".into(),
        email: email(name).as_str().into(),
    }
}

/// A world with five regional leads, everything delivered.
async fn with_leads() -> (World, Ravs, Vec<UserId>) {
    let begun: DateTime<Utc> = "2025-05-12T10:02:51Z".parse().unwrap();
    let world = World::at(begun);
    let mailboxes = [(Region::London, email("rvoc"))].into_iter().collect();
    let ravs = world.ravs(Settings { rvoc_mailboxes: mailboxes, ..Settings::default() });
    let mut ids = Vec::new();
    for name in LEADS {
        ids.push(ravs.support_desk().add_regional_lead(&lead(name)).await.unwrap().id());
    }
    ravs.housekeeping().deliver(100).await.unwrap();
    (world, ravs, ids)
}

async fn person(world: &World, name: &str) -> Person {
    let found = world.store.users_by_email(&[email(name)]).await.unwrap();
    assert!(world.identity.has_access(&email(name)), "{name} is let in");
    Person::from(found.first().unwrap())
}

async fn reconcile(ravs: &Ravs, how: Reconcile) -> (Reconciled, Vec<(Difference, String)>) {
    let mut told = Vec::new();
    let mut tell = |difference: &Difference, mended: &Mended| {
        told.push((difference.clone(), format!("{mended:?}")));
    };
    let found = ravs.housekeeping().reconcile(how, &mut tell).await.unwrap();
    (found, told)
}

#[tokio::test]
async fn where_nothing_differs_nothing_is_told() {
    let (world, ravs, _) = with_leads().await;
    let before = world.identity.calls();
    let (found, told) = reconcile(&ravs, Reconcile::Mend).await;
    assert_eq!(told, []);
    assert_eq!(found, Reconciled { accounts: 5, users: 5, differences: 0, failed: 0 });
    assert_eq!(world.identity.calls() - before, 2, "two pages were asked for, and nothing else");
}

#[tokio::test]
async fn every_kind_of_difference_is_told_of_and_mended_when_wanted() {
    let (world, ravs, ids) = with_leads().await;
    let identity = &world.identity;
    // Someone has been shut out by hand, someone who was stopped was let in again by hand, and
    // there is an account that nobody here knows.
    identity.withdraw_access(&person(&world, "ada").await).await.unwrap();
    let ben = person(&world, "ben").await;
    ravs.support_desk().stop_regional_lead("ben@nhs.net").await.unwrap();
    ravs.housekeeping().deliver(100).await.unwrap();
    identity.grant_access(&ben).await.unwrap();
    let stranger = Person { email: email("stranger"), name: ben.name.clone(), subject: None };
    identity.ensure_account(&stranger).await.unwrap();
    identity.grant_access(&stranger).await.unwrap();

    let surplus = Difference::Surplus { user: ids[1] };
    let unknown = Difference::Stranger { subject: identity_of("stranger@nhs.net").subject };
    let missing = Difference::Missing { user: ids[0] };
    for (how, mended) in [(Reconcile::Report, "Left"), (Reconcile::Mend, "Done")] {
        let (found, told) = reconcile(&ravs, how).await;
        let differences = [&surplus, &unknown, &missing];
        assert_eq!(told, differences.map(|difference| (difference.clone(), mended.to_owned())));
        assert_eq!(found, Reconciled { accounts: 5, users: 5, differences: 3, failed: 0 });
    }
    for (name, expected) in [("ada", true), ("ben", false), ("stranger", false), ("eve", true)] {
        assert_eq!(identity.has_access(&email(name)), expected, "{name}");
    }
    assert_eq!(reconcile(&ravs, Reconcile::Mend).await.1, [], "safe to run twice");
}

#[tokio::test]
async fn an_account_that_took_over_an_address_is_a_stranger() {
    let (_, ravs, _) = with_leads().await;
    // Ada signs in with another account than the one that the provider lists under her address.
    let mut identity = identity_of("ada@nhs.net");
    identity.subject = identity_of("someone.else@nhs.net").subject;
    ravs.regional_desk(&identity).await.unwrap();
    let (_, told) = reconcile(&ravs, Reconcile::Report).await;
    let listed = identity_of("ada@nhs.net").subject;
    assert!(told.iter().any(|(what, _)| *what == Difference::Stranger { subject: listed.clone() }));
}

#[tokio::test]
async fn what_the_provider_rejects_does_not_end_it() {
    let (world, ravs, ids) = with_leads().await;
    let ada = person(&world, "ada").await;
    world.identity.withdraw_access(&ada).await.unwrap();
    world.identity.add_account(&ada.email, AccountState::Deactivated);
    let eve = person(&world, "eve").await;
    world.identity.withdraw_access(&eve).await.unwrap();
    let (found, told) = reconcile(&ravs, Reconcile::Mend).await;
    assert_eq!((found.differences, found.failed), (2, 1));
    assert_eq!(told[0].0, Difference::Missing { user: ids[0] });
    assert!(told[0].1.starts_with("Failed(") && told[0].1.contains("Rejected"), "{}", told[0].1);
    assert_eq!(told[1], (Difference::Missing { user: ids[4] }, "Done".to_owned()));
    assert!(world.identity.has_access(&eve.email));
}

#[tokio::test]
async fn a_provider_that_is_down_ends_it() {
    let (world, ravs, _) = with_leads().await;
    world.identity.set_down(true);
    let nothing = &mut |difference: &Difference, _: &Mended| panic!("{difference:?}");
    let failure = ravs.housekeeping().reconcile(Reconcile::Mend, nothing).await.unwrap_err();
    let Failure::Failed(error) = failure else { panic!("{failure:?}") };
    assert_eq!(*error.kind(), PortErrorKind::Unavailable);
}

/// A provider with something wrong about it.
#[derive(Debug)]
struct Odd {
    inner: MemoryIdentity,
    what: What,
    /// How often access was granted or withdrawn, or was to be.
    changes: AtomicUsize,
}

#[derive(Debug)]
enum What {
    /// Every page leads to the first one.
    GoesRound,
    /// It changes nobody's access.
    ChangesNothing,
    /// While a stranger is shut out, somebody adds them.
    IsOvertaken(Mutex<Option<(Ravs, AddRegionalLead)>>),
}

#[async_trait]
impl IdentityProvider for Odd {
    async fn account(&self, person: &Person) -> Result<Option<AccountState>, PortError> {
        self.inner.account(person).await
    }

    async fn ensure_account(&self, person: &Person) -> Result<AccountState, PortError> {
        self.inner.ensure_account(person).await
    }

    async fn grant_access(&self, person: &Person) -> Result<(), PortError> {
        self.changes.fetch_add(1, Ordering::Relaxed);
        match self.what {
            What::ChangesNothing => Err(PortError::unavailable("it changes nothing")),
            _ => self.inner.grant_access(person).await,
        }
    }

    async fn withdraw_access(&self, person: &Person) -> Result<(), PortError> {
        self.inner.withdraw_access(person).await
    }

    async fn resend_activation(&self, person: &Person) -> Result<Resent, PortError> {
        self.inner.resend_activation(person).await
    }

    async fn accounts_with_access(
        &self,
        after: Option<AccessCursor>,
    ) -> Result<AccessPage, PortError> {
        match self.what {
            What::GoesRound => {
                let page = self.inner.accounts_with_access(None).await?;
                Ok(AccessPage { next: Some(AccessCursor("again".into())), ..page })
            }
            _ => self.inner.accounts_with_access(after).await,
        }
    }

    async fn withdraw_access_of(&self, subject: &Subject) -> Result<(), PortError> {
        let adding = match &self.what {
            What::IsOvertaken(adding) => adding.lock().unwrap().take(),
            _ => None,
        };
        if let Some((ravs, lead)) = adding {
            ravs.support_desk().add_regional_lead(&lead).await.unwrap();
            ravs.housekeeping().deliver(100).await.unwrap();
        }
        self.inner.withdraw_access_of(subject).await
    }
}

/// The same world with an odd provider.
fn odd(world: &World, what: What) -> (Ravs, Arc<Odd>) {
    let odd = Odd { inner: world.identity.clone(), what, changes: AtomicUsize::new(0) };
    let odd = Arc::new(odd);
    let ports = Ports { identity: odd.clone(), ..world.ports() };
    (Ravs::new(ports, Settings::default()), odd)
}

#[tokio::test]
async fn a_list_that_goes_round_ends_it() {
    let (world, _, _) = with_leads().await;
    let (ravs, _) = odd(&world, What::GoesRound);
    let nothing = &mut |_: &Difference, _: &Mended| {};
    let failure = ravs.housekeeping().reconcile(Reconcile::Report, nothing).await.unwrap_err();
    assert!(failure.to_string().contains("back to itself"), "{failure}");
}

#[tokio::test]
async fn one_after_the_other_that_cannot_be_mended_ends_it() {
    let (world, _, _) = with_leads().await;
    for name in LEADS {
        let lead = person(&world, name).await;
        world.identity.withdraw_access(&lead).await.unwrap();
    }
    let (ravs, odd) = odd(&world, What::ChangesNothing);
    let mut failed = 0;
    let tell = &mut |_: &Difference, mended: &Mended| {
        assert!(matches!(mended, Mended::Failed(_)), "{mended:?}");
        failed += 1;
    };
    let failure = ravs.housekeeping().reconcile(Reconcile::Mend, tell).await.unwrap_err();
    assert!(matches!(failure, Failure::Failed(_)), "{failure:?}");
    assert_eq!((failed, odd.changes.load(Ordering::Relaxed)), (3, 3), "of five");
}

#[tokio::test]
async fn whoever_is_added_while_they_are_shut_out_is_let_in_again() {
    let (world, ravs, _) = with_leads().await;
    let ada = person(&world, "ada").await;
    let stranger = Person { email: email("stranger"), name: ada.name, subject: None };
    world.identity.ensure_account(&stranger).await.unwrap();
    world.identity.grant_access(&stranger).await.unwrap();
    let lead = lead("stranger");
    let (ravs, _) = odd(&world, What::IsOvertaken(Mutex::new(Some((ravs, lead)))));
    let (found, told) = reconcile(&ravs, Reconcile::Mend).await;
    // Who came meanwhile was not on the list that was read before.
    assert_eq!((found.differences, found.failed), (2, 0));
    assert!(matches!(told[0].0, Difference::Stranger { .. }), "{told:?}");
    assert!(matches!(told[1].0, Difference::Missing { .. }), "{told:?}");
    assert!(world.identity.has_access(&stranger.email));
}
