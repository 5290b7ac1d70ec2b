//! Effects are carried out once, retried, parked and settled on the truth (R-N1 to R-N7, R-L6).

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use ravs_core::command::{AddRegionalLead, AddUser, Nominee, Onboard};
use ravs_core::port::{AccountState, EffectQueue, Mailer, PortError};
use ravs_core::service::{Delivered, RegionalDesk};
use ravs_core::{
    Body, ClinicianStatus, Delivery, Email, EmailAddress, Happening, NoticeKind, OrganisationId,
    PermissionLevel, Ports, Ravs, Region, Session, Settings, Stream,
};
use ravs_testkit::{World, identity_of};

const MAILBOX: &str = "rvoc.london@nhs.net";
const LEAD: &str = "lead@nhs.net";

fn email(text: &str) -> EmailAddress {
    text.parse().unwrap()
}

fn begun() -> DateTime<Utc> {
    "2025-05-12T10:02:51Z".parse().unwrap()
}

/// A world with a regional lead, everything delivered.
async fn with_lead() -> (World, Ravs, RegionalDesk) {
    let world = World::at(begun());
    for code in ["RRV", "RJ1"] {
        world.directory.add(Body {
            code: code.parse().unwrap(),
            name: format!("TRUST {code}"),
            address: "LONDON".into(),
            postcode: "NW1 2PG".into(),
            legally_closed: None,
        });
    }
    let mailboxes = [(Region::London, email(MAILBOX))].into_iter().collect();
    let ravs = world.ravs(Settings { rvoc_mailboxes: mailboxes, ..Settings::default() });
    let lead = AddRegionalLead {
        region: Region::London,
        requested_from: MAILBOX.into(),
        first_name: "Robin".into(),
        last_name: "Lead".into(),
        email: LEAD.into(),
    };
    ravs.support_desk().add_regional_lead(&lead).await.unwrap();
    assert_eq!(deliver(&ravs).await, done(2));
    drop(world.mailer.take());
    let desk = ravs.regional_desk(&identity_of(LEAD)).await.unwrap();
    (world, ravs, desk)
}

async fn onboard(desk: &RegionalDesk, code: &str) -> OrganisationId {
    let nominee = |name: &str| Nominee {
        first_name: name.into(),
        last_name: "Nominee".into(),
        email: format!("{name}@nhs.net"),
    };
    let command = Onboard {
        ods_code: code.into(),
        vaccines: vec!["Flu".into()],
        nominees: vec![nominee("ann"), nominee("ben")],
    };
    desk.onboard(&command).await.unwrap().organisation
}

async fn enter(ravs: &Ravs, who: &str, organisation: OrganisationId) -> Session {
    ravs.enter(&identity_of(who), organisation).await.unwrap().session
}

async fn deliver(ravs: &Ravs) -> Delivered {
    ravs.housekeeping().deliver(100).await.unwrap()
}

fn done(done: usize) -> Delivered {
    Delivered { done, ..Delivered::default() }
}

fn kinds(world: &World) -> Vec<(NoticeKind, String)> {
    world.mailer.take().iter().map(|m| (m.notice, m.to.as_str().to_owned())).collect()
}

// R-N1, R-N2
#[tokio::test]
async fn nominees_get_an_account_and_a_welcome_that_fits_it() {
    let (world, ravs, desk) = with_lead().await;
    world.identity.add_account(&email("ben@nhs.net"), AccountState::Active);
    onboard(&desk, "RRV").await;
    assert_eq!(deliver(&ravs).await, done(4));
    let sent = world.mailer.take();
    let [ann, ben] = sent.as_slice() else { panic!("two welcomes, not {}", sent.len()) };
    assert!(ann.text.contains("First activate your Okta account"));
    assert!(ben.text.contains("You already have an Okta account"));
    assert_eq!(world.identity.activation_emails(&email("ann@nhs.net")), 1);
    assert_eq!(world.identity.activation_emails(&email("ben@nhs.net")), 0);
    for who in ["ann@nhs.net", "ben@nhs.net"] {
        assert!(world.identity.has_access(&email(who)));
    }
    assert_eq!(deliver(&ravs).await, done(0));
}

// R-N4
#[tokio::test]
async fn while_the_provider_is_down_commands_succeed_and_effects_wait_longer_and_longer() {
    let (world, ravs, desk) = with_lead().await;
    world.identity.set_down(true);
    onboard(&desk, "RRV").await;
    let waiting = Delivered { waiting: 4, ..Delivered::default() };
    assert_eq!(deliver(&ravs).await, waiting);
    world.clock.advance(TimeDelta::seconds(29));
    assert_eq!(deliver(&ravs).await, done(0));
    world.clock.advance(TimeDelta::seconds(1));
    assert_eq!(deliver(&ravs).await, waiting);
    world.clock.advance(TimeDelta::seconds(59));
    assert_eq!(deliver(&ravs).await, done(0));
    world.identity.set_down(false);
    world.clock.advance(TimeDelta::seconds(1));
    assert_eq!(deliver(&ravs).await, done(4));
    assert_eq!(world.mailer.sent().len(), 3); // the lead's, and two nominees'
}

// R-N4: given up on where it can be seen, and tried again when somebody says so.
#[tokio::test]
async fn what_the_provider_rejects_is_parked_and_can_be_retried() {
    let (world, ravs, desk) = with_lead().await;
    world.identity.add_account(&email("ann@nhs.net"), AccountState::Deactivated);
    onboard(&desk, "RRV").await;
    assert_eq!(deliver(&ravs).await, Delivered { done: 3, waiting: 0, failed: 1 });
    let parked = ravs.housekeeping().parked(10).await.unwrap();
    let [parked] = parked.as_slice() else { panic!("one effect is parked") };
    assert!(parked.why.starts_with("rejected: "));
    world.identity.add_account(&email("ann@nhs.net"), AccountState::Active);
    assert_eq!(deliver(&ravs).await, done(0));
    assert!(ravs.housekeeping().retry(&parked.effect.key).await.unwrap());
    assert_eq!(deliver(&ravs).await, done(1));
    assert!(world.identity.has_access(&email("ann@nhs.net")));
    assert!(!ravs.housekeeping().retry(&parked.effect.key).await.unwrap());
}

// R-N4
#[tokio::test]
async fn an_effect_is_parked_after_its_last_attempt() {
    let (world, _, desk) = with_lead().await;
    let delivery = Delivery { attempts: 2, ..Delivery::default() };
    let ravs = world.ravs(Settings { delivery, ..Settings::default() });
    onboard(&desk, "RRV").await;
    world.mailer.set_down(true);
    assert_eq!(deliver(&ravs).await, Delivered { done: 2, waiting: 2, failed: 0 });
    world.clock.advance(TimeDelta::hours(1));
    assert_eq!(deliver(&ravs).await, Delivered { done: 0, waiting: 0, failed: 2 });
    world.mailer.set_down(false);
    world.clock.advance(TimeDelta::days(30));
    assert_eq!(deliver(&ravs).await, done(0));
}

// R-N5, R-U8
#[tokio::test]
async fn access_goes_with_the_last_usable_membership_and_comes_back_with_one() {
    let (world, ravs, desk) = with_lead().await;
    let (first, second) = (onboard(&desk, "RRV").await, onboard(&desk, "RJ1").await);
    let at_first = ravs.organisation_desk(enter(&ravs, "ann@nhs.net", first).await);
    let at_second = ravs.organisation_desk(enter(&ravs, "ann@nhs.net", second).await);
    deliver(&ravs).await;
    let ben = email("ben@nhs.net");
    at_first.deactivate_user("ben@nhs.net").await.unwrap();
    deliver(&ravs).await;
    assert!(world.identity.has_access(&ben), "still a member of the other one");
    at_second.deactivate_user("ben@nhs.net").await.unwrap();
    assert!(world.identity.has_access(&ben), "nothing is carried out before it is delivered");
    deliver(&ravs).await;
    assert!(!world.identity.has_access(&ben));
    assert_eq!(world.identity.account_state(&ben), Some(AccountState::PendingActivation));
    at_first.reactivate_user("ben@nhs.net").await.unwrap();
    deliver(&ravs).await;
    assert!(world.identity.has_access(&ben));
    assert_eq!(world.identity.activation_emails(&ben), 1, "the account was there");
}

// R-N5: neither order nor repeats matter.
#[tokio::test]
async fn access_is_settled_on_what_is_true_when_it_is_carried_out() {
    let (world, ravs, desk) = with_lead().await;
    let first = onboard(&desk, "RRV").await;
    let at_first = ravs.organisation_desk(enter(&ravs, "ann@nhs.net", first).await);
    for _ in 0..3 {
        at_first.deactivate_user("ben@nhs.net").await.unwrap();
        at_first.reactivate_user("ben@nhs.net").await.unwrap();
    }
    at_first.deactivate_user("ben@nhs.net").await.unwrap();
    deliver(&ravs).await;
    let ben = email("ben@nhs.net");
    assert!(!world.identity.has_access(&ben));
    assert_eq!(world.identity.account_state(&ben), None, "no account was made for nothing");
    at_first.reactivate_user("ben@nhs.net").await.unwrap();
    deliver(&ravs).await;
    assert!(world.identity.has_access(&ben), "an account is made where there was none");
}

// R-N5, R-L6: a closing that is written down releases the accounts.
#[tokio::test]
async fn a_swept_closing_withdraws_access_but_not_a_regional_leads() {
    let (world, ravs, desk) = with_lead().await;
    let first = onboard(&desk, "RRV").await;
    let at_first = ravs.organisation_desk(enter(&ravs, "ann@nhs.net", first).await);
    let add = AddUser {
        first_name: "Robin".into(),
        last_name: "Other".into(),
        email: LEAD.into(),
        clinician: ClinicianStatus::NotClinician,
        level: PermissionLevel::Recorder,
    };
    at_first.add_user(&add).await.unwrap();
    deliver(&ravs).await;
    let shown = desk.deactivate(first).await.unwrap();
    let closes_at = shown.closes_at.unwrap();
    world.clock.set(closes_at - TimeDelta::nanoseconds(1));
    assert_eq!(ravs.housekeeping().sweep(10).await.unwrap(), []);
    world.clock.set(closes_at);
    assert_eq!(ravs.housekeeping().sweep(10).await.unwrap(), [first]);
    assert_eq!(ravs.housekeeping().sweep(10).await.unwrap(), []);
    deliver(&ravs).await;
    assert!(!world.identity.has_access(&email("ann@nhs.net")));
    assert!(world.identity.has_access(&email(LEAD)));
    ravs.support_desk().stop_regional_lead(LEAD).await.unwrap();
    deliver(&ravs).await;
    assert!(!world.identity.has_access(&email(LEAD)));
}

// R-N3: everyone is told of each step, and of none as if it were still so.
#[tokio::test]
async fn an_email_that_was_overtaken_says_so() {
    let (world, ravs, desk) = with_lead().await;
    let first = onboard(&desk, "RRV").await;
    enter(&ravs, "ann@nhs.net", first).await;
    deliver(&ravs).await;
    drop(world.mailer.take());
    desk.deactivate(first).await.unwrap();
    world.clock.advance(TimeDelta::minutes(1));
    desk.reactivate(first).await.unwrap();
    assert_eq!(deliver(&ravs).await, done(6)); // two emails each, and access settled anew
    let sent = world.mailer.take();
    let told = |kind: NoticeKind| sent.iter().filter(move |email| email.notice == kind);
    let (deactivated, reactivated) =
        (NoticeKind::OrganisationDeactivated, NoticeKind::OrganisationReactivated);
    assert_eq!((told(deactivated).count(), told(reactivated).count()), (2, 2));
    for email in told(deactivated) {
        assert!(email.text.contains("has changed again since"), "{}", email.text);
        assert!(!email.text.contains("no longer be recorded"), "{}", email.text);
    }
    for email in told(reactivated) {
        assert!(email.text.contains("can be recorded there again"), "{}", email.text);
    }
}

// R-N7
#[tokio::test]
async fn an_email_that_has_lost_its_point_is_dropped_once_and_the_history_says_so() {
    let (world, ravs, desk) = with_lead().await;
    let first = onboard(&desk, "RRV").await;
    let at_first = ravs.organisation_desk(enter(&ravs, "ann@nhs.net", first).await);
    at_first.deactivate_user("ben@nhs.net").await.unwrap();
    deliver(&ravs).await;
    assert_eq!(kinds(&world), [(NoticeKind::WelcomeLeadAdministrator, "ann@nhs.net".into())]);
    let events = world.store.events(Stream::Organisation(first)).unwrap();
    let dropped = events.iter().filter(|event| {
        let kind = NoticeKind::WelcomeLeadAdministrator;
        matches!(event.what, Happening::EmailDropped { notice, .. } if notice == kind)
    });
    assert_eq!(dropped.count(), 1);
}

// R-N7
#[tokio::test]
async fn a_withdrawn_invitation_sends_nothing_and_makes_no_account() {
    let (world, ravs, desk) = with_lead().await;
    let first = onboard(&desk, "RRV").await;
    desk.withdraw(first).await.unwrap();
    let delivered = deliver(&ravs).await;
    assert_eq!((delivered.waiting, delivered.failed), (0, 0));
    assert_eq!(kinds(&world), []);
    assert_eq!(world.identity.account_state(&email("ann@nhs.net")), None);
}

// R-N4: a worker that dies leaves its effects to another, and what it had sent is recognised.
#[tokio::test]
async fn a_repeat_after_a_lost_lease_sends_nothing_twice() {
    let (world, ravs, desk) = with_lead().await;
    onboard(&desk, "RRV").await;
    let lease = TimeDelta::minutes(5);
    let claims = world.store.claim(begun(), lease, 100).await.unwrap();
    assert_eq!(claims.len(), 4);
    assert_eq!(deliver(&ravs).await, done(0));
    world.clock.advance(lease);
    assert_eq!(deliver(&ravs).await, done(4));
    let sent = world.mailer.take();
    for email in &sent {
        world.mailer.send(email).await.unwrap();
    }
    assert_eq!(world.mailer.take(), []);
    for claim in claims {
        let late = EffectQueue::done(&world.store, &claim.receipt).await;
        assert!(late.unwrap_err().is_conflict());
    }
}

// R-A5
#[tokio::test]
async fn support_has_the_activation_email_sent_again() {
    let (world, ravs, desk) = with_lead().await;
    onboard(&desk, "RRV").await;
    deliver(&ravs).await;
    ravs.support_desk().resend_activation(" ANN@nhs.net").await.unwrap();
    assert_eq!(deliver(&ravs).await, done(1));
    assert_eq!(world.identity.activation_emails(&email("ann@nhs.net")), 2);
}

/// A mailer that asks for patience.
struct Throttled;

#[async_trait::async_trait]
impl Mailer for Throttled {
    async fn send(&self, _: &Email) -> Result<(), PortError> {
        Err(PortError::throttled(Some(Duration::from_secs(7)), "too many emails a minute"))
    }
}

// R-N4
#[tokio::test]
async fn an_adapter_that_asks_for_patience_is_given_it() {
    let (world, ravs, desk) = with_lead().await;
    onboard(&desk, "RRV").await;
    let ports = Ports { mailer: Arc::new(Throttled), ..world.ports() };
    let throttled = Ravs::new(ports, Settings::default());
    assert_eq!(deliver(&throttled).await, Delivered { done: 2, waiting: 2, failed: 0 });
    world.clock.advance(TimeDelta::seconds(7) - TimeDelta::nanoseconds(1));
    assert_eq!(deliver(&ravs).await, done(0));
    world.clock.advance(TimeDelta::nanoseconds(1));
    assert_eq!(deliver(&ravs).await, done(2));
}
