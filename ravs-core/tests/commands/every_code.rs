use std::collections::BTreeSet;

use ravs_core::command::{
    self, AddRegionalLead, AddUser, ChangeUser, EditRecord, Found, Nominate, Onboard,
    RecordVaccination,
};
use ravs_core::{
    Actor, Body, ClinicianStatus, Code, Context, Fault, MembershipStatus, Organisation,
    OrganisationState, PermissionLevel, Policy, Refusal, Region, RegionalLead, ReportRange, Roster,
    choices,
};

use crate::desk::{Desk, nominee, roster};
use crate::sample;

type Step = fn(Context<'_>, &RegionalLead, Option<&Roster>) -> command::Outcome<Organisation>;

/// The codes of a refusal.
fn of<T>(outcome: Result<T, Refusal>) -> Vec<Code> {
    let refusal = outcome.err().expect("a refusal");
    refusal.faults().map(Fault::code).collect()
}

fn here(state: OrganisationState) -> Roster {
    let lead = PermissionLevel::LeadAdministrator;
    roster(
        state,
        vec![
            sample::member(1, MembershipStatus::Active, lead),
            sample::member(2, MembershipStatus::Active, PermissionLevel::Recorder),
            sample::member(3, MembershipStatus::Deactivated, PermissionLevel::Recorder),
        ],
    )
}

/// What the region is refused.
fn in_the_onboarding_tool() -> Vec<Code> {
    let (desk, early) = (Desk::open(), Desk::under(Policy::AUG_2024));
    let lead = sample::active_lead();
    let body = Body {
        code: "RRV".parse().unwrap(),
        name: "A trust".into(),
        address: String::new(),
        postcode: String::new(),
        legally_closed: Some("2020-01-01".parse().unwrap()),
    };
    let onboard = |desk: &Desk, body, unclosed, command| {
        let found = Found { body, unclosed, known: vec![] };
        of(command::onboard(desk.region(), &lead, &found, &command))
    };
    let nominees = vec![
        nominee("", &"x".repeat(51), "a@gmail.com"),
        nominee("Jo", "Ng", "no address"),
        nominee("Jo", "Ng", "a@gmail.com"),
    ];
    let wrong = Onboard { nominees, vaccines: vec![String::new()], ..Onboard::default() };
    let nothing = Onboard::default();
    let step = |step: Step, state| of(step(desk.region(), &lead, Some(&here(state))));
    let known = command::Known {
        user: sample::user(5),
        places: vec![ravs_core::Place {
            organisation: sample::organisation(2, sample::active()),
            membership: sample::membership(
                2,
                5,
                MembershipStatus::Active,
                PermissionLevel::Recorder,
            ),
        }],
    };
    let nominate = |state, email| {
        let command = Nominate { nominees: vec![nominee("Jo", "Ng", email)] };
        let (roster, known) = (here(state), std::slice::from_ref(&known));
        of(command::nominate(early.region(), &lead, Some(&roster), known, &command))
    };
    [
        onboard(&desk, None, None, wrong),
        onboard(&desk, Some(body), Some(here(sample::active())), nothing),
        step(command::withdraw, sample::active()),
        step(command::deactivate, sample::INVITED),
        step(command::deactivate, sample::deactivated()),
        step(command::reactivate, sample::active()),
        step(command::reactivate, sample::closed()),
        of(command::withdraw(desk.region(), &lead, None)),
        nominate(sample::deactivated(), "jo@nhs.net"),
        nominate(sample::active(), "user-2@nhs.net"),
        nominate(sample::active(), "user-5@nhs.net"),
    ]
    .concat()
}

/// What a user is refused where they have entered.
fn at_an_organisation() -> Vec<Code> {
    let desk = Desk::open();
    let by = sample::user_id;
    let add = |by, state, email: &str| {
        let command = AddUser {
            first_name: "Jo".into(),
            last_name: "Ng".into(),
            email: email.into(),
            clinician: ClinicianStatus::Clinician,
            level: PermissionLevel::Recorder,
        };
        of(command::add_user(desk.user(), by, &here(state), None, &command))
    };
    let active = here(sample::active());
    let change = ChangeUser { email: "user-3@nhs.net".into(), ..ChangeUser::default() };
    let record = |state, status, vaccine: &str| {
        let standing = sample::standing(state, status, PermissionLevel::Recorder);
        let command = RecordVaccination {
            vaccine: vaccine.into(),
            given_on: "2026-03-01".parse().unwrap(),
            assessing: "user-2@nhs.net".into(),
            consenting: "user-2@nhs.net".into(),
        };
        of(command::record_vaccination(desk.user(), Some(&standing), &active.members, &command))
    };
    let standing =
        sample::standing(sample::active(), MembershipStatus::Active, PermissionLevel::Recorder);
    let edit = EditRecord::default();
    [
        add(by(1), sample::active(), "user-3@nhs.net"),
        add(by(2), sample::active(), "jo@nhs.net"),
        add(by(9), sample::active(), "jo@nhs.net"),
        of(command::deactivate_user(desk.user(), by(1), &active, "user-1@nhs.net")),
        of(command::change_user(desk.user(), by(1), &active, &change)),
        record(sample::INVITED, MembershipStatus::Invited, "Flu"),
        record(sample::active(), MembershipStatus::Active, "RSV"),
        record(sample::active(), MembershipStatus::Active, "Flu"),
        of(command::edit_record(desk.user(), Some(&standing), None, &[], &edit)),
    ]
    .concat()
}

/// What is refused anywhere else.
fn elsewhere() -> Vec<Code> {
    let desk = Desk::open();
    let request = AddRegionalLead {
        region: Region::London,
        requested_from: "jo@nhs.net".into(),
        first_name: "Jo".into(),
        last_name: "Ng".into(),
        email: "jo@nhs.net".into(),
    };
    let range = |first: &str, last: &str| {
        let [first, last] = [first, last].map(|day| day.parse().unwrap());
        ReportRange::new(first, last).map_err(Refusal::from)
    };
    [
        of(command::add_regional_lead(desk.by(Actor::Support), None, &request)),
        of(command::stop_regional_lead(desk.by(Actor::Support), None)),
        of(command::identify(None, None)),
        of(choices(&[], desk.now)),
        of(range("2026-01-02", "2026-01-01")),
        of(range("2026-01-01", "2026-04-01")),
    ]
    .concat()
}

// A code that nobody can get would be noticed here, and one that is new.
#[test]
fn every_code_is_given_by_something() {
    let given: BTreeSet<Code> = [in_the_onboarding_tool(), at_an_organisation(), elsewhere()]
        .concat()
        .into_iter()
        .collect();
    let all: BTreeSet<Code> = Code::ALL.iter().copied().collect();
    let missing: Vec<_> = all.difference(&given).collect();
    assert!(missing.is_empty(), "nobody is refused with {missing:?}");
}
