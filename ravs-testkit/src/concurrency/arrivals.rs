//! People and bodies that arrive twice at the same moment.

#![expect(clippy::expect_used, reason = "a case says what failed by panicking")]

use std::pin::Pin;

use ravs_core::command::{AddUser, Nominate};
use ravs_core::port::Store;
use ravs_core::{
    ClinicianStatus, Code, EmailAddress, OrganisationId, PermissionLevel, Policy, Stream, Subject,
    User, VerifiedIdentity,
};

use super::arena::{
    Arena, LONDON_LEADS, MIDLANDS_LEAD, count, nominee, onboarding, outcome, people, race,
};
use crate::model::StoreUnderTest;

/// Two regions onboard one body: exactly one wins (R-O4).
///
/// # Panics
/// Where the store lets a race through.
pub async fn two_regions_onboard_one_body(under_test: impl StoreUnderTest, rounds: usize) {
    let arena = Arena::open(&under_test, Policy::default()).await;
    for round in 0..rounds {
        let code = arena.body(round, 'B');
        let people: [String; 4] = people(round);
        let mut tasks: Vec<Task> = Vec::new();
        for (lead, nominees) in [(LONDON_LEADS[0], &people[..2]), (MIDLANDS_LEAD, &people[2..])] {
            let (desk, command) = (arena.desk(lead).await, onboarding(&code, nominees));
            tasks.push(Box::pin(async move {
                outcome(desk.onboard(&command).await).map(|view| view.organisation)
            }));
        }
        let answers = race(tasks).await;
        let refused: Vec<Code> = answers.iter().filter_map(|answer| answer.err()).collect();
        assert_eq!(refused, [Code::AlreadyOnboarded], "round {round}");
        let won = answers.into_iter().find_map(Result::ok);
        let unclosed = arena.store.unclosed_organisation(&code.parse().expect("a code")).await;
        let unclosed = unclosed.expect("a store").expect("an organisation").id();
        assert_eq!(Some(unclosed), won, "round {round}");
        arena.history(unclosed).await;
        let known = users(&*arena.store, &people).await;
        assert_eq!(known.len(), 2, "round {round}: nothing of the loser is left");
    }
    arena.assert_raced();
}

/// One new address is added at two organisations: one user with two memberships (R-O5).
///
/// # Panics
/// Where the store lets a race through.
pub async fn one_address_at_two_organisations(under_test: impl StoreUnderTest, rounds: usize) {
    add_at_two(&under_test, Policy::SEP_2025, rounds).await;
}

/// The same while an address serves at one organisation alone: exactly one wins (R-U4).
///
/// # Panics
/// Where the store lets a race through.
pub async fn one_address_where_one_is_the_limit(under_test: impl StoreUnderTest, rounds: usize) {
    add_at_two(&under_test, Policy::AUG_2024, rounds).await;
}

async fn add_at_two(under_test: &impl StoreUnderTest, policy: Policy, rounds: usize) {
    let arena = Arena::open(under_test, policy).await;
    let shared = policy.shared_email_from.is_some();
    for round in 0..rounds {
        let [ann, ben, bob, cat, new] = people(round);
        let mut tasks: Vec<Task> = Vec::new();
        let mut ids = Vec::new();
        for (body, [owner, other]) in [('P', [ann, ben]), ('Q', [bob, cat])] {
            let code = arena.body(round, body);
            let id = arena.onboard(&code, &[owner.clone(), other]).await.organisation;
            let (desk, command) = (arena.enter(&owner, id).await, adding(&new));
            tasks.push(Box::pin(async move { outcome(desk.add_user(&command).await).map(|_| id) }));
            ids.push(id);
        }
        let answers = race(tasks).await;
        let refused: Vec<Code> = answers.into_iter().filter_map(Result::err).collect();
        let expected: &[Code] = if shared { &[] } else { &[Code::EmailInUse] };
        assert_eq!(refused, expected, "round {round}");
        let known = users(&*arena.store, &[new]).await;
        assert_eq!(known.len(), 1, "round {round}: one person");
        let places = arena.store.places(known[0].id()).await.expect("places");
        assert_eq!(places.len(), if shared { 2 } else { 1 }, "round {round}");
        for id in ids {
            arena.history(id).await;
        }
        let stream = Stream::Person(known[0].id());
        let history = arena.store.history(stream, None, 100).await.expect("a history");
        let events: Vec<_> = history.into_iter().map(|entry| entry.event).collect();
        assert_eq!(count(&events, "user_added"), 1, "round {round}");
    }
    arena.assert_raced();
}

/// Two leads nominate one address at the same organisation: exactly one wins (R-O8).
///
/// # Panics
/// Where the store lets a race through.
pub async fn two_nominations_of_one_address(under_test: impl StoreUnderTest, rounds: usize) {
    let arena = Arena::open(&under_test, Policy::default()).await;
    for round in 0..rounds {
        let [ann, bob, new] = people(round);
        let id = arena.onboard(&arena.body(round, 'M'), &[ann, bob]).await.organisation;
        let mut tasks: Vec<Task> = Vec::new();
        for lead in LONDON_LEADS {
            let command = Nominate { nominees: vec![nominee(&new)] };
            let desk = arena.desk(lead).await;
            tasks.push(Box::pin(async move {
                outcome(desk.nominate(id, &command).await).map(|view| view.organisation)
            }));
        }
        let answers = race(tasks).await;
        let refused: Vec<Code> = answers.into_iter().filter_map(Result::err).collect();
        assert_eq!(refused, [Code::AlreadyAMember], "round {round}");
        assert_eq!(count(&arena.history(id).await, "member_added"), 3, "round {round}");
        assert_eq!(users(&*arena.store, &[new]).await.len(), 1, "round {round}");
    }
    arena.assert_raced();
}

/// Two subjects sign in under one address that is not linked yet: one is linked for good, the
/// other is unknown (R-S1).
///
/// # Panics
/// Where the store lets a race through.
pub async fn two_subjects_of_one_address(under_test: impl StoreUnderTest, rounds: usize) {
    let arena = Arena::open(&under_test, Policy::default()).await;
    for round in 0..rounds {
        let [ann, bob] = people(round);
        let id = arena.onboard(&arena.body(round, 'K'), &[ann.clone(), bob]).await.organisation;
        let subjects = ["first", "second"].map(|which| format!("{which} {round}"));
        let tasks = subjects.iter().map(|subject| {
            let email: EmailAddress = ann.parse().expect("an address");
            let subject = Subject::new(subject).expect("a subject");
            let identity = VerifiedIdentity { subject, email: Some(email) };
            let ravs = arena.ravs.clone();
            Box::pin(async move { outcome(ravs.enter(&identity, id).await).map(|_| ()) }) as _
        });
        let answers = race(tasks.collect()).await;
        let refused: Vec<Code> = answers.iter().copied().filter_map(Result::err).collect();
        assert_eq!(refused, [Code::UnknownUser], "round {round}");
        let known = users(&*arena.store, &[ann]).await;
        let winner = usize::from(answers[0].is_err());
        let linked = known[0].subject().map(|subject| subject.as_str().to_owned());
        assert_eq!(linked.as_ref(), Some(&subjects[winner]), "round {round}");
        assert_eq!(count(&arena.history(id).await, "member_entered"), 1, "round {round}");
    }
    arena.assert_raced();
}

/// One that gives where it was done, or why not.
type Task = Pin<Box<dyn Future<Output = Result<OrganisationId, Code>> + Send>>;

fn adding(email: &str) -> AddUser {
    AddUser {
        first_name: "Eve".into(),
        last_name: "Clark".into(),
        email: email.to_owned(),
        clinician: ClinicianStatus::NotClinician,
        level: PermissionLevel::Recorder,
    }
}

async fn users(store: &dyn Store, emails: &[String]) -> Vec<User> {
    let emails: Vec<EmailAddress> = emails.iter().filter_map(|email| email.parse().ok()).collect();
    store.users_by_email(&emails).await.expect("users")
}
