use ravs_core::command::{EditRecord, RecordVaccination, edit_record, record_vaccination};
use ravs_core::{
    Code, Guard, Member, MembershipStatus, PermissionLevel, RecordDetails, RecordId, Revision,
    Standing, StoredRecord, VaccinationRecord,
};
use uuid::Uuid;

use crate::desk::{Desk, at, checked, clinician, faults, happened, whole};
use crate::sample;

fn standing() -> Standing {
    sample::standing(sample::active(), MembershipStatus::Active, PermissionLevel::Recorder)
}

/// 2 and 3 can be chosen; 4 is a clinician who is gone, 5 none.
fn members() -> Vec<Member> {
    let member = |number, status| sample::member(number, status, PermissionLevel::Recorder);
    vec![
        clinician(member(2, MembershipStatus::Active)),
        clinician(member(3, MembershipStatus::Invited)),
        clinician(member(4, MembershipStatus::Deactivated)),
        member(5, MembershipStatus::Active),
    ]
}

fn email(number: u128) -> String {
    format!("user-{number}@nhs.net")
}

fn command(vaccine: &str, assessing: u128, consenting: u128) -> RecordVaccination {
    RecordVaccination {
        vaccine: vaccine.into(),
        given_on: "2026-03-01".parse().unwrap(),
        assessing: email(assessing),
        consenting: email(consenting),
    }
}

fn record() -> VaccinationRecord {
    let given_on = "2026-02-01".parse().unwrap();
    let (assessing, consenting) = (sample::user_id(2), sample::user_id(4));
    let details = RecordDetails { given_on, assessing, consenting };
    VaccinationRecord::restore(StoredRecord {
        id: RecordId::from_uuid(Uuid::from_u128(1)),
        organisation: sample::organisation_id(1),
        vaccine: "Flu".parse().unwrap(),
        revisions: vec![Revision { details, by: sample::user_id(7), at: sample::start() }],
    })
    .unwrap()
}

// R-R1, R-R2
#[test]
fn a_record_belongs_to_its_organisation_and_its_author() {
    let desk = Desk::open();
    let command = command("FLU", 2, 3);
    let decided = record_vaccination(desk.user(), Some(&standing()), &members(), &command);
    let decided = checked(decided.unwrap());
    let record = &decided.answer;
    assert_eq!(record.organisation(), sample::organisation_id(1));
    assert_eq!((record.author(), record.recorded_at()), (sample::user_id(1), desk.now));
    assert_eq!(record.vaccine().as_str(), "Flu"); // as it was granted
    assert_eq!(record.current().details.assessing, sample::user_id(2));
    assert_eq!(record.current().details.consenting, sample::user_id(3));
    assert_eq!(decided.change.records()[0].state, *record);
    assert_eq!(happened(&decided.change), ["vaccination_recorded"]);
    // it holds only while organisation, author and clinicians are as they were
    let organisation = sample::organisation_id(1);
    let guarded = |number| {
        move |guard: &Guard| {
            matches!(guard, Guard::Membership(at, user, _)
            if *at == organisation && *user == sample::user_id(number))
        }
    };
    assert!([1, 2, 3].into_iter().all(|n| decided.change.guards().iter().any(guarded(n))));
    let moved = |guard: &Guard| matches!(guard, Guard::Organisation(id, _) if *id == organisation);
    assert!(decided.change.guards().iter().any(moved));
}

// R-R1, R-U11: both at once.
#[test]
fn bad_input_gets_every_fault_at_once() {
    let desk = Desk::open();
    let refused = |assessing, consenting| {
        let command = command("Flu", assessing, consenting);
        faults(record_vaccination(desk.user(), Some(&standing()), &members(), &command))
    };
    let both = [at(Code::NotAClinician, "assessing"), at(Code::NotAClinician, "consenting")];
    assert_eq!(refused(4, 5), both);
    assert_eq!(refused(9, 2), both[..1]);
    assert_eq!(refused(2, 9), both[1..]);
    let typed = RecordVaccination {
        vaccine: "\n".into(),
        assessing: "no address".into(),
        ..command("Flu", 2, 5)
    };
    let mut all = vec![at(Code::UnknownVaccine, "vaccine")];
    all.extend(both);
    let outcome = record_vaccination(desk.user(), Some(&standing()), &members(), &typed);
    assert_eq!(faults(outcome), all);
}

// R-R1, R-P5
#[test]
fn recording_is_decided_on_the_standing() {
    let desk = Desk::open();
    let refused = |standing: Option<&Standing>, vaccine| {
        faults(record_vaccination(desk.user(), standing, &members(), &command(vaccine, 2, 3)))
    };
    assert_eq!(refused(Some(&standing()), "RSV"), [whole(Code::VaccineNotGranted)]);
    assert_eq!(refused(None, "Flu"), [whole(Code::NotAMember)]);
    let recorder = PermissionLevel::Recorder;
    let closing = sample::standing(sample::deactivated(), MembershipStatus::Active, recorder);
    assert_eq!(
        refused(Some(&closing), "RSV"),
        [whole(Code::OrganisationDeactivated), whole(Code::VaccineNotGranted)]
    );
}

// R-R3
#[test]
fn an_edit_adds_a_revision() {
    let desk = Desk::open();
    let command = EditRecord { consenting: Some(email(3)), ..EditRecord::default() };
    let record = record();
    let decided =
        edit_record(desk.user(), Some(&standing()), Some(&record), &members(), &command).unwrap();
    let edited = &decided.answer;
    assert_eq!((edited.author(), edited.current().by), (sample::user_id(7), sample::user_id(1)));
    assert_eq!(edited.current().details.consenting, sample::user_id(3));
    assert_eq!(edited.current().details.assessing, sample::user_id(2));
    assert_eq!(edited.version().number(), 2);
    assert_eq!(decided.change.records()[0].replaces, Some(record.version()));
    assert_eq!(happened(&decided.change), ["record_edited"]);
}

// R-R3: an unchanged clinician may have left, a newly named one may not.
#[test]
fn only_a_newly_named_clinician_must_be_choosable() {
    let desk = Desk::open();
    let edit = |command: EditRecord| {
        edit_record(desk.user(), Some(&standing()), Some(&record()), &members(), &command)
    };
    let given_on = Some("2026-02-02".parse().unwrap());
    let unchanged = EditRecord { given_on, consenting: Some(email(4)), assessing: None };
    assert!(edit(unchanged).is_ok());
    let newly = EditRecord {
        assessing: Some(email(4)),
        consenting: Some(email(5)),
        ..EditRecord::default()
    };
    let both = [at(Code::NotAClinician, "assessing"), at(Code::NotAClinician, "consenting")];
    assert_eq!(faults(edit(newly)), both);
    // nothing new is no revision
    let same = edit(EditRecord { consenting: Some(email(4)), ..EditRecord::default() }).unwrap();
    assert!(same.change.is_empty() && same.answer == record());
}

// R-R2: another organisation's record answers as none.
#[test]
fn another_organisations_record_is_not_found() {
    let desk = Desk::open();
    let stored = StoredRecord { organisation: sample::organisation_id(2), ..record().into() };
    let other = VaccinationRecord::restore(stored).unwrap();
    for record in [None, Some(&other)] {
        let outcome =
            edit_record(desk.user(), Some(&standing()), record, &[], &EditRecord::default());
        assert_eq!(faults(outcome), [whole(Code::RecordNotFound)]);
    }
    let invited =
        sample::standing(sample::active(), MembershipStatus::Invited, PermissionLevel::Recorder);
    let outcome =
        edit_record(desk.user(), Some(&invited), Some(&record()), &[], &EditRecord::default());
    assert_eq!(faults(outcome), [whole(Code::MembershipInvited)]);
}
