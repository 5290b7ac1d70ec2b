//! Who should have access at the provider is compared with who has (R-N5).

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

use chrono::{DateTime, Utc};
use ravs_core::command::AddRegionalLead;
use ravs_core::port::{AccountState, IdentityProvider as _, Person, PortErrorKind, Store as _};
use ravs_core::service::{Difference, Mended, Reconcile, Reconciled};
use ravs_core::{EmailAddress, Failure, Ravs, Region, Settings, UserId};
use ravs_testkit::{World, identity_of};

const LEADS: [&str; 5] = ["ada", "ben", "cleo", "dan", "eve"];

fn email(name: &str) -> EmailAddress {
    format!("{name}@nhs.net").parse().unwrap()
}

/// A world with five regional leads, everything delivered.
async fn with_leads() -> (World, Ravs, Vec<UserId>) {
    let begun: DateTime<Utc> = "2025-05-12T10:02:51Z".parse().unwrap();
    let world = World::at(begun);
    let mailboxes = [(Region::London, email("rvoc"))].into_iter().collect();
    let ravs = world.ravs(Settings { rvoc_mailboxes: mailboxes, ..Settings::default() });
    let mut ids = Vec::new();
    for name in LEADS {
        let lead = AddRegionalLead {
            region: Region::London,
            requested_from: email("rvoc").as_str().into(),
            first_name: name.into(),
            last_name: "Lead".into(),
            email: email(name).as_str().into(),
        };
        ids.push(ravs.support_desk().add_regional_lead(&lead).await.unwrap().id());
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
