//! Who somebody is: by the subject, and by the address once (R-S1).

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

use chrono::{DateTime, Utc};
use ravs_core::command::AddRegionalLead;
use ravs_core::port::Store as _;
use ravs_core::{Code, Ravs, Region, Settings, VerifiedIdentity};
use ravs_testkit::{World, identity_of};

const RAE: &str = "rae@nhs.net";

/// A world with one regional lead, who has not signed in yet.
async fn with_rae() -> (World, Ravs) {
    let begun: DateTime<Utc> = "2025-05-12T10:02:51Z".parse().unwrap();
    let world = World::at(begun);
    let mailboxes = [(Region::London, "rvoc@nhs.net".parse().unwrap())].into_iter().collect();
    let ravs = world.ravs(Settings { rvoc_mailboxes: mailboxes, ..Settings::default() });
    let command = AddRegionalLead {
        region: Region::London,
        requested_from: "rvoc@nhs.net".into(),
        first_name: "Rae".into(),
        last_name: "Lead".into(),
        email: RAE.into(),
    };
    ravs.support_desk().add_regional_lead(&command).await.unwrap();
    (world, ravs)
}

/// The same person, of whom the provider vouches for no address.
fn without_address() -> VerifiedIdentity {
    VerifiedIdentity { email: None, ..identity_of(RAE) }
}

#[tokio::test]
async fn whoever_is_linked_needs_no_address() {
    let (_world, ravs) = with_rae().await;
    ravs.regional_desk(&identity_of(RAE)).await.unwrap();
    ravs.regional_desk(&without_address()).await.unwrap();
}

#[tokio::test]
async fn without_an_address_nobody_is_linked() {
    let (world, ravs) = with_rae().await;
    let refused = ravs.regional_desk(&without_address()).await.err().and_then(|error| error.code());
    assert_eq!(refused, Some(Code::NotARegionalLead));
    let refused = ravs.sign_in(&without_address()).await.err().and_then(|error| error.code());
    assert_eq!(refused, Some(Code::UnknownUser));
    let found = world.store.users_by_email(&[RAE.parse().unwrap()]).await.unwrap();
    assert_eq!(found[0].subject(), None);
    // Nothing stands in the way of the first sign-in that has one.
    ravs.regional_desk(&identity_of(RAE)).await.unwrap();
}
