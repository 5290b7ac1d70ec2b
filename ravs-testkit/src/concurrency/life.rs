//! Steps of an organisation's life that race (section 4).

#![expect(clippy::expect_used, reason = "a case says what failed by panicking")]

use chrono::TimeDelta;
use ravs_core::command::{ChangeUser, RecordVaccination};
use ravs_core::{ClinicianStatus, Code, Event, Happening, OrganisationStatus, Policy};

use super::arena::{Arena, LONDON_LEADS, MIDLANDS_LEAD, count, onboarding, outcome, people, race};
use crate::identity_of;
use crate::model::StoreUnderTest;

/// One lead deactivates and another reactivates while vaccinations are recorded: nothing is
/// recorded after the deactivation's commit and before the reactivation's (R-L2).
///
/// # Panics
/// Where the store lets a race through.
pub async fn deactivating_reactivating_and_recording(
    under_test: impl StoreUnderTest,
    rounds: usize,
) {
    let arena = Arena::open(&under_test, Policy::default()).await;
    let first = arena.desk(LONDON_LEADS[0]).await;
    let second = arena.desk(LONDON_LEADS[1]).await;
    for round in 0..rounds {
        let [ann, bob] = people(round);
        let id = arena.onboard(&arena.body(round, 'D'), &[ann.clone(), bob.clone()]).await;
        let id = id.organisation;
        let desk = arena.enter(&ann, id).await;
        let clinician = Some(ClinicianStatus::Clinician);
        let change = ChangeUser { email: ann.clone(), level: None, clinician };
        desk.change_user(&change).await.expect("a clinician");
        let record = RecordVaccination {
            vaccine: "Flu".into(),
            given_on: ravs_core::london_date(chrono::DateTime::UNIX_EPOCH),
            assessing: ann.clone(),
            consenting: ann.clone(),
        };
        let (first, second) = (first.clone(), second.clone());
        let recording = move || {
            let (desk, record) = (desk.clone(), record.clone());
            Box::pin(async move {
                let mut told = Vec::new();
                for _ in 0..3 {
                    told.push(outcome(desk.record(&record).await).map(|_| ()));
                }
                told
            })
        };
        let answers = race(vec![
            Box::pin(async move { vec![outcome(first.deactivate(id).await).map(|_| ())] }),
            Box::pin(async move { vec![outcome(second.reactivate(id).await).map(|_| ())] }),
            recording(),
            recording(),
        ])
        .await;
        assert_eq!(answers[0], [Ok(())], "round {round}: nothing stands against deactivating");
        assert!(matches!(answers[1][0], Ok(()) | Err(Code::NotDeactivated)), "round {round}");
        let refused = |answer: &Result<(), Code>| *answer == Err(Code::OrganisationDeactivated);
        let recorded = answers[2..].iter().flatten().filter(|answer| answer.is_ok()).count();
        assert!(answers[2..].iter().flatten().all(|answer| answer.is_ok() || refused(answer)));

        let events = arena.history(id).await;
        assert_eq!(count(&events, "vaccination_recorded"), recorded, "round {round}: none lost");
        assert_eq!(count(&events, "organisation_deactivated"), 1);
        assert_recorded_while_active(&events);
        let organisation = arena.store.organisation(id).await.expect("a store");
        let status = organisation.expect("an organisation").status_at(chrono::DateTime::UNIX_EPOCH);
        let reactivated = answers[1][0].is_ok();
        assert_eq!(status == OrganisationStatus::Active, reactivated, "round {round}");
    }
    arena.assert_raced();
}

fn assert_recorded_while_active(events: &[Event]) {
    let mut active = false;
    for event in events {
        match event.what {
            Happening::OrganisationActivated | Happening::OrganisationReactivated { .. } => {
                active = true;
            }
            Happening::OrganisationDeactivated { .. } => active = false,
            Happening::VaccinationRecorded { .. } => assert!(active, "recorded after the commit"),
            _ => {}
        }
    }
}

/// All lead administrators enter a new organisation at the same moment: it becomes Active once,
/// and all have entered (R-L1).
///
/// # Panics
/// Where the store lets a race through.
pub async fn first_entries(under_test: impl StoreUnderTest, rounds: usize) {
    let arena = Arena::open(&under_test, Policy::default()).await;
    for round in 0..rounds {
        let people: [String; 4] = people(round);
        let id = arena.onboard(&arena.body(round, 'E'), &people).await.organisation;
        for email in &people {
            arena.link(email).await;
        }
        let tasks = people.iter().map(|email| {
            let (ravs, identity) = (arena.ravs.clone(), identity_of(email));
            Box::pin(async move { outcome(ravs.enter(&identity, id).await).map(|_| ()) }) as _
        });
        let answers = race(tasks.collect()).await;
        assert_eq!(answers, [Ok(()); 4], "round {round}");
        let events = arena.history(id).await;
        assert_eq!(count(&events, "organisation_activated"), 1, "round {round}");
        assert_eq!(count(&events, "member_entered"), 4, "round {round}");
    }
    arena.assert_raced();
}

/// An entry and a withdrawal at the same moment: one of them is refused (R-O7).
///
/// # Panics
/// Where the store lets a race through.
pub async fn an_entry_and_a_withdrawal(under_test: impl StoreUnderTest, rounds: usize) {
    let arena = Arena::open(&under_test, Policy::default()).await;
    let desk = arena.desk(LONDON_LEADS[0]).await;
    for round in 0..rounds {
        let people: [String; 2] = people(round);
        let id = arena.onboard(&arena.body(round, 'W'), &people).await.organisation;
        arena.link(&people[0]).await;
        let (ravs, identity, desk) = (arena.ravs.clone(), identity_of(&people[0]), desk.clone());
        let answers = race(vec![
            Box::pin(async move { outcome(ravs.enter(&identity, id).await).map(|_| ()) }),
            Box::pin(async move { outcome(desk.withdraw(id).await).map(|_| ()) }),
        ])
        .await;
        let won_by_one = matches!(
            answers.as_slice(),
            [Ok(()), Err(Code::AlreadyActive)] | [Err(Code::OrganisationClosed), Ok(())]
        );
        assert!(won_by_one, "round {round}: {answers:?}");
        arena.history(id).await;
    }
    arena.assert_raced();
}

/// Two sweeps and an onboarding of the same body at the moment a closing has come: the closing
/// is written down once, and the new organisation is there (R-O4, R-L6).
///
/// # Panics
/// Where the store lets a race through.
pub async fn two_sweeps_and_an_onboarding(under_test: impl StoreUnderTest, rounds: usize) {
    let arena = Arena::open(&under_test, Policy::default()).await;
    let desk = arena.desk(LONDON_LEADS[0]).await;
    let other = arena.desk(MIDLANDS_LEAD).await;
    for round in 0..rounds {
        let people: [String; 2] = people(round);
        let code = arena.body(round, 'S');
        let id = arena.onboard(&code, &people).await.organisation;
        arena.enter(&people[0], id).await;
        let deactivated = desk.deactivate(id).await.expect("deactivated");
        arena.world.clock.set(deactivated.closes_at.expect("a closing"));
        let sweep = || {
            let ravs = arena.ravs.clone();
            Box::pin(async move {
                outcome(ravs.housekeeping().sweep(100).await).map(|closed| closed.len())
            })
        };
        let (other, command) = (other.clone(), onboarding(&code, &people));
        let onboard =
            Box::pin(async move { outcome(other.onboard(&command).await).map(|_| usize::MAX) });
        let answers = race(vec![sweep(), onboard, sweep()]).await;
        assert_eq!(answers[1], Ok(usize::MAX), "round {round}: the code is free");
        let swept: usize = [0, 2].iter().filter_map(|n| answers[*n].ok()).sum();
        assert!(swept <= 1, "round {round}: two sweeps closed one organisation");
        let events = arena.history(id).await;
        assert_eq!(count(&events, "organisation_closed"), 1, "round {round}");
        let new = arena.store.unclosed_organisation(&code.parse().expect("a code")).await;
        let new = new.expect("a store").expect("a new organisation").id();
        assert_ne!(new, id);
        arena.history(new).await;
        arena.world.clock.advance(TimeDelta::seconds(1));
    }
    arena.assert_raced();
}
