use alloc::string::ToString as _;
use alloc::vec;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::*;
use crate::change::ChangeSetId;
use crate::event::Actor;
use crate::membership::{ClinicianStatus, MembershipStatus, PermissionLevel};
use crate::notice::NoticeKind;
use crate::organisation::{Closing, OrganisationId, OrganisationStatus};
use crate::record::RecordDetails;
use crate::region::Region;
use crate::stored::Version;

const LEAD: PermissionLevel = PermissionLevel::LeadAdministrator;

fn user(number: u128) -> UserId {
    UserId::from_uuid(Uuid::from_u128(number))
}

fn day(number: u32) -> DateTime<Utc> {
    alloc::format!("2026-03-{number:02}T09:00:00Z").parse().unwrap()
}

fn record() -> RecordId {
    RecordId::from_uuid(Uuid::from_u128(50))
}

fn details(given_on: &str) -> RecordDetails {
    let (assessing, consenting) = (user(1), user(2));
    RecordDetails { given_on: given_on.parse().unwrap(), assessing, consenting }
}

fn event(number: u32, version: Option<u64>, what: Happening) -> Event {
    Event {
        id: EventId::from_uuid(Uuid::from_u128(1000 + u128::from(number))),
        change: ChangeSetId::from_uuid(Uuid::from_u128(2000)),
        stream: Stream::Organisation(OrganisationId::from_uuid(Uuid::from_u128(3000))),
        organisation_version: version.and_then(Version::new),
        at: day(number),
        by: Actor::User(user(1)),
        what,
    }
}

fn invitation() -> Event {
    event(
        1,
        Some(1),
        Happening::OrganisationInvited {
            ods_code: "RRV".parse().unwrap(),
            name: "A trust".to_string(),
            address: "1 High Street".to_string(),
            postcode: "N1 1AA".to_string(),
            region: Region::London,
            invited_by: user(9),
            vaccines: vec!["Flu".parse().unwrap()],
        },
    )
}

fn added(number: u32, version: u64, who: u128) -> Event {
    let (level, clinician) = (PermissionLevel::Recorder, ClinicianStatus::NotClinician);
    let (user, next_level, instead_of) = (user(who), None, None);
    let what = Happening::MemberAdded { user, level, next_level, clinician, instead_of };
    event(number, Some(version), what)
}

fn closing() -> Closing {
    Closing::after(day(9), 90)
}

/// A life with every step in it that a history can have, one event a day.
fn life() -> Vec<Event> {
    let (one, two) = (user(1), user(2));
    let flu = || "Flu".parse().unwrap();
    let (from, to) = (None, Some(LEAD));
    vec![
        invitation(),
        added(2, 2, 1),
        added(3, 3, 2),
        event(4, None, Happening::MemberEntered { user: one, replaced_level: None }),
        event(4, Some(4), Happening::OrganisationActivated),
        event(5, Some(5), Happening::VaccinesAdded { vaccines: vec!["RSV".parse().unwrap()] }),
        event(6, Some(6), Happening::MemberLevelChanged { user: two, from, to }),
        event(
            6,
            None,
            Happening::MemberClinicianChanged {
                user: two,
                from: ClinicianStatus::NotClinician,
                to: ClinicianStatus::Clinician,
            },
        ),
        event(
            7,
            None,
            Happening::VaccinationRecorded {
                record: record(),
                vaccine: flu(),
                details: details("2026-03-07"),
            },
        ),
        event(
            8,
            None,
            Happening::RecordEdited {
                record: record(),
                from: details("2026-03-07"),
                to: details("2026-03-06"),
            },
        ),
        event(9, Some(7), Happening::OrganisationDeactivated { closes_at: closing() }),
        event(10, Some(8), Happening::MemberDeactivated { user: two }),
        event(
            11,
            None,
            Happening::EmailDropped { notice: NoticeKind::OrganisationDeactivated, user: two },
        ),
        event(12, Some(9), Happening::OrganisationReactivated { instead_of: Some(closing()) }),
        event(13, Some(10), Happening::MemberReactivated { user: two }),
        event(14, Some(11), Happening::MemberDeactivated { user: two }),
        event(
            15,
            Some(12),
            Happening::MemberNominatedAgain {
                user: two,
                replaced_level: PermissionLevel::Recorder,
                replaced_next_level: Some(LEAD),
            },
        ),
    ]
}

// R-H1: an organisation as its events tell it.
#[test]
fn a_history_gives_what_is_stored() {
    let replay = OrganisationReplay::of(&life()).unwrap();
    let organisation = replay.organisation().unwrap();
    assert_eq!(organisation.status_at(day(16)), OrganisationStatus::Active);
    assert_eq!((organisation.version().number(), organisation.stored().changed_at), (12, day(15)));
    assert_eq!(organisation.stored().invited_at, day(1));
    let vaccines: Vec<_> = organisation.vaccines().iter().map(|v| v.as_str()).collect();
    assert_eq!(vaccines, ["Flu", "RSV"]);
    let [one, two] = [1, 2].map(|number| &replay.memberships()[&user(number)]);
    assert_eq!((one.status(), one.level()), (MembershipStatus::Active, PermissionLevel::Recorder));
    assert_eq!(
        (two.status(), two.level(), two.next_level()),
        (MembershipStatus::Invited, LEAD, None)
    );
    assert_eq!(two.clinician(), ClinicianStatus::Clinician);
    let record = &replay.records()[&record()];
    assert_eq!(record.revisions().count(), 2);
    assert_eq!(record.current().details, details("2026-03-06"));
    assert_eq!((record.author(), record.recorded_at()), (user(1), day(7)));
}

// R-H1, R-L6, R-O7: both ways to be closed.
#[test]
fn a_history_that_ends_closed_gives_a_closed_organisation() {
    let because = ClosedBecause::GracePeriodEnded;
    let mut swept = life()[..11].to_vec();
    let mut closed = event(12, Some(8), Happening::OrganisationClosed { because });
    closed.at = closing().instant();
    swept.push(closed);
    let replay = OrganisationReplay::of(&swept).unwrap();
    let organisation = replay.organisation().unwrap();
    assert_eq!(organisation.state().closed_because(day(12)), Some(because));
    assert_eq!(organisation.stored().changed_at, closing().instant());

    let because = ClosedBecause::Withdrawn;
    let withdrawn = [invitation(), event(2, Some(2), Happening::OrganisationClosed { because })];
    let replay = OrganisationReplay::of(&withdrawn).unwrap();
    let organisation = replay.organisation().unwrap();
    assert_eq!(organisation.state().closed_because(day(2)), Some(because));
}

fn does_not_follow(events: &[Event], wrong: Event) {
    let mut events = events.to_vec();
    let id = wrong.id;
    events.push(wrong);
    let error = OrganisationReplay::of(&events).unwrap_err();
    assert_eq!(error.event(), id);
    assert!(error.to_string().starts_with(&alloc::format!("event {id} does not follow")));
}

// R-H1
#[test]
fn an_event_that_does_not_follow_is_named() {
    let life = life();
    let next = |what| event(20, None, what);
    // twice the same
    does_not_follow(&life, invitation());
    does_not_follow(&life, added(20, 13, 1));
    does_not_follow(&life, Event { id: EventId::from_uuid(Uuid::from_u128(1)), ..life[8].clone() });
    // nobody there
    let user = user(77);
    does_not_follow(&life, next(Happening::MemberEntered { user, replaced_level: None }));
    does_not_follow(&life, next(Happening::MemberDeactivated { user }));
    let other = RecordId::from_uuid(Uuid::from_u128(51));
    let (from, to) = (details("2026-03-07"), details("2026-03-06"));
    does_not_follow(&life, next(Happening::RecordEdited { record: other, from, to }));
    // not from where it is
    does_not_follow(&life, next(Happening::OrganisationReactivated { instead_of: None }));
    let because = ClosedBecause::Withdrawn;
    does_not_follow(&life, next(Happening::OrganisationClosed { because }));
    let because = ClosedBecause::GracePeriodEnded;
    does_not_follow(&life, next(Happening::OrganisationClosed { because }));
    // before there is an organisation
    does_not_follow(&[], added(1, 1, 1));
    does_not_follow(&[], life[12].clone());
    // nobody's work
    let by = Actor::System;
    does_not_follow(&life[..8], Event { by, ..life[8].clone() });
    does_not_follow(&life[..9], Event { by, ..life[9].clone() });
}

// R-H1: a version that is missing is noticed.
#[test]
fn a_gap_in_the_versions_is_named() {
    let life = life();
    does_not_follow(&life[..5], life[6].clone());
    does_not_follow(&life[..1], Event { organisation_version: Version::new(3), ..life[1].clone() });
}

// R-H1: a person's history is not an organisation's.
#[test]
fn what_happened_to_a_person_is_no_part_of_it() {
    let organisation = OrganisationId::from_uuid(Uuid::from_u128(3000));
    for what in [
        Happening::EmailClaimed { organisation },
        Happening::RegionalLeadAdded { region: Region::London },
        Happening::RegionalLeadStopped { region: Region::London },
        Happening::ActivationEmailRequested,
    ] {
        does_not_follow(&life(), event(20, None, what));
    }
    let person = Stream::Person(user(1));
    does_not_follow(&life(), Event { stream: person, ..added(20, 13, 5) });
}
