use ravs_core::command::{Found, Known, Onboard, onboard};
use ravs_core::{
    Actor, Body, ClosedBecause, Code, Guard, Happening, MembershipStatus, OrganisationState,
    OrganisationStatus, PermissionLevel, Place, Policy, Roster, VaccineCatalogue,
};

use crate::desk::{Desk, at, checked, faults, happened, known, nominee, queued, roster};
use crate::sample;

const LEAD: PermissionLevel = PermissionLevel::LeadAdministrator;

fn body() -> Body {
    Body {
        code: "RRV".parse().unwrap(),
        name: "A trust".into(),
        address: "1 High Street".into(),
        postcode: "N1 1AA".into(),
        legally_closed: None,
    }
}

fn found() -> Found {
    Found { body: Some(body()), ..Found::default() }
}

fn good() -> Onboard {
    Onboard {
        ods_code: "RRV".into(),
        vaccines: vec!["rsv".into(), "Flu".into(), "RSV".into()],
        nominees: vec![
            nominee("Zoë", "Ng", "zoe@nhs.net"),
            nominee("Jo", "Smith", "Jo@uclh.nhs.uk"),
        ],
    }
}

// R-O1: what no store could keep is not written anywhere.
#[test]
fn nul_is_left_out_of_the_directorys_texts() {
    let [name, address, postcode] =
        ["A\0 trust", "\u{0}1 High Street", "N1 1AA\0"].map(String::from);
    let found = Found { body: Some(Body { name, address, postcode, ..body() }), ..found() };
    let (desk, lead) = (Desk::open(), sample::active_lead());
    let onboarded = |found| checked(onboard(desk.region(), &lead, found, &good()).unwrap());
    let decided = onboarded(&found);
    let stored = decided.answer.stored();
    assert_eq!(
        [&stored.name, &stored.address, &stored.postcode],
        ["A trust", "1 High Street", "N1 1AA"]
    );
    let Happening::OrganisationInvited { name, .. } = &decided.change.events()[0].what else {
        panic!("it begins with the invitation");
    };
    assert_eq!(name, "A trust");
}

// R-O2, R-O6, R-N1, R-N2
#[test]
fn an_onboarding_invites_its_nominees_as_lead_administrators() {
    let desk = Desk::open();
    let lead = sample::active_lead();
    let decided = checked(onboard(desk.region(), &lead, &found(), &good()).unwrap());
    let (change, organisation) = (decided.change, decided.answer);
    assert_eq!(organisation.status_at(desk.now), OrganisationStatus::Invited);
    assert_eq!((organisation.name(), organisation.region()), ("A trust", lead.region()));
    let vaccines: Vec<_> = organisation.vaccines().iter().map(|v| v.as_str()).collect();
    assert_eq!(vaccines, ["RSV", "Flu"]);
    assert_eq!(change.organisations().len(), 1);
    assert_eq!(change.organisations()[0].replaces, None);
    assert_eq!(change.organisations()[0].state, organisation);
    assert_eq!((change.users().len(), change.memberships().len()), (2, 2));
    for write in change.memberships() {
        let membership = &write.state;
        assert_eq!((membership.level(), membership.status()), (LEAD, MembershipStatus::Invited));
        assert_eq!((write.replaces, membership.organisation()), (None, organisation.id()));
    }
    let added = "member_added";
    assert_eq!(
        happened(&change),
        ["organisation_invited", "user_added", added, "user_added", added]
    );
    let names: Vec<_> = queued(&change).into_iter().map(|(name, _)| name).collect();
    let welcome = "welcome_lead_administrator";
    assert_eq!(names, ["open_account", welcome, "open_account", welcome]);
    assert_eq!(change.guards(), [Guard::RegionalLead(lead.user(), lead.version())]);
    assert!(change.events().iter().all(|event| event.by == Actor::RegionalLead(lead.user())));
}

// R-O3: all or nothing, and every fault with its field.
#[test]
fn bad_input_gets_every_fault_at_once() {
    let mut desk = Desk::open();
    desk.settings.vaccines = VaccineCatalogue::Closed(["Flu".parse().unwrap()].into());
    let command = Onboard {
        ods_code: "nowhere".into(),
        vaccines: vec!["Flu".into(), "RSV".into(), "\n".into()],
        nominees: vec![
            nominee("", "  ", "jo@gmail.com"),
            nominee("Jo", &"x".repeat(51), "not an address"),
            nominee(&"y".repeat(51), "", " JO@gmail.com "),
        ],
    };
    let outcome = onboard(desk.region(), &sample::active_lead(), &Found::default(), &command);
    assert_eq!(
        faults(outcome),
        [
            at(Code::BodyNotFound, "ods_code"),
            at(Code::UnknownVaccine, "vaccines[1]"),
            at(Code::UnknownVaccine, "vaccines[2]"),
            at(Code::NameMissing, "nominees[0].first_name"),
            at(Code::NameMissing, "nominees[0].last_name"),
            at(Code::EmailDomainNotAllowed, "nominees[0].email"),
            at(Code::NameTooLong, "nominees[1].last_name"),
            at(Code::EmailInvalid, "nominees[1].email"),
            at(Code::NameTooLong, "nominees[2].first_name"),
            at(Code::NameMissing, "nominees[2].last_name"),
            at(Code::DuplicateNominee, "nominees[2].email"),
            at(Code::EmailDomainNotAllowed, "nominees[2].email"),
        ]
    );
}

// R-O2, R-O4, R-O1: the remaining faults, at once too.
#[test]
fn nothing_chosen_and_nobody_nominated_are_faults_of_their_own() {
    let desk = Desk::open();
    let closed_body = Body { legally_closed: Some("2026-03-02".parse().unwrap()), ..body() };
    let unclosed = Some(roster(sample::active(), vec![]));
    let found = Found { body: Some(closed_body), unclosed, known: vec![] };
    let command = Onboard { ods_code: "RRV".into(), ..Onboard::default() };
    assert_eq!(
        faults(onboard(desk.region(), &sample::active_lead(), &found, &command)),
        [
            at(Code::BodyLegallyClosed, "ods_code"),
            at(Code::AlreadyOnboarded, "ods_code"),
            at(Code::NoVaccinesChosen, "vaccines"),
            at(Code::TooFewNominees, "nominees"),
        ]
    );
}

// R-O2: distinct people by address, whether or not each passes its own checks.
#[test]
fn nominees_are_counted_as_distinct_people() {
    let desk = Desk::open();
    let codes = |nominees| {
        let command = Onboard { nominees, ..good() };
        let outcome = onboard(desk.region(), &sample::active_lead(), &found(), &command);
        outcome.map_or_else(|r| r.faults().map(|f| f.code()).collect(), |_| Vec::new())
    };
    let jo = || nominee("Jo", "Ng", "jo@nhs.net");
    assert_eq!(codes(vec![jo()]), [Code::TooFewNominees]);
    assert_eq!(
        codes(vec![jo(), nominee("Jo", "Ng", " JO@NHS.net")]),
        [Code::TooFewNominees, Code::DuplicateNominee]
    );
    // a wrong one counts, so that only what is wrong is told
    assert_eq!(codes(vec![jo(), nominee("Zoë", "Ng", "zoe@gmail")]), [Code::EmailInvalid]);
    // blank ones are no duplicates of each other
    assert_eq!(
        codes(vec![nominee("Jo", "Ng", ""), nominee("Zoë", "Ng", " ")]),
        [Code::EmailInvalid, Code::EmailInvalid]
    );
    assert_eq!(codes(vec![jo(), nominee("Zoë", "Ng", "zoe@nhs.net")]), []);
}

// Section 1: one is enough, and vaccines are optional.
#[test]
fn the_earlier_profiles_ask_for_less() {
    let command =
        Onboard { vaccines: vec![], nominees: vec![nominee("Jo", "Ng", "jo@nhs.net")], ..good() };
    for policy in [Policy::AUG_2024, Policy::DEC_2024] {
        let desk = Desk::under(policy);
        let outcome = onboard(desk.region(), &sample::active_lead(), &found(), &command);
        assert!(outcome.is_ok());
        let nobody = Onboard { nominees: vec![], ..command.clone() };
        let outcome = onboard(desk.region(), &sample::active_lead(), &found(), &nobody);
        assert_eq!(faults(outcome), [at(Code::TooFewNominees, "nominees")]);
    }
}

// R-O4: the refusal says the status, and what can be done.
#[test]
fn a_live_organisation_stands_in_the_way() {
    let desk = Desk::open();
    let message = |state| {
        let unclosed = Some(roster(state, vec![]));
        let found = Found { unclosed, ..found() };
        let refusal = onboard(desk.region(), &sample::active_lead(), &found, &good()).unwrap_err();
        assert_eq!(refusal.code(), Code::AlreadyOnboarded);
        refusal.message().to_owned()
    };
    assert_eq!(message(sample::INVITED), "this body is onboarded already, and is Invited");
    assert_eq!(message(sample::active()), "this body is onboarded already, and is Active");
    assert_eq!(
        message(sample::deactivated()),
        "this body is onboarded already, and is Deactivated; it can be reactivated until it closes"
    );
}

// R-O4, R-L6: a closing that has come is written down by the same commit, in the library's name.
#[test]
fn an_old_organisation_whose_closing_has_come_is_written_down() {
    let mut desk = Desk::open();
    let closing = sample::deactivated().closing().unwrap().instant();
    desk.now = closing;
    let members = vec![
        sample::member(1, MembershipStatus::Active, LEAD),
        sample::member(2, MembershipStatus::Deactivated, LEAD),
    ];
    let unclosed = Some(roster(sample::deactivated(), members));
    let found = Found { unclosed, ..found() };
    let decided = checked(onboard(desk.region(), &sample::active_lead(), &found, &good()).unwrap());
    let change = decided.change;
    let [old, new] = change.organisations() else { panic!("two organisations are written") };
    let because = ClosedBecause::GracePeriodEnded;
    assert_eq!(*old.state.state(), OrganisationState::Closed { at: closing, because });
    assert_ne!(old.state.id(), new.state.id());
    let first = &change.events()[0];
    assert_eq!(first.what, Happening::OrganisationClosed { because });
    assert_eq!((first.by, first.at), (Actor::System, closing));
    assert!(change.events()[1..].iter().all(|e| e.by == Actor::RegionalLead(sample::user_id(0))));
    assert_eq!(queued(&change)[0], ("settle_access", Some(1)));
    assert!(!queued(&change).contains(&("settle_access", Some(2))));
}

// R-O1: by the London day.
#[test]
fn a_body_is_legally_closed_from_its_day_on() {
    let codes = |day: &str| {
        let desk = Desk::open();
        let body = Body { legally_closed: Some(day.parse().unwrap()), ..body() };
        let found = Found { body: Some(body), ..Found::default() };
        let outcome = onboard(desk.region(), &sample::active_lead(), &found, &good());
        outcome.map_or_else(|refusal| Some(refusal.code()), |_| None)
    };
    assert_eq!(codes("2026-03-03"), None);
    assert_eq!(codes("2026-03-02"), Some(Code::BodyLegallyClosed));
    assert_eq!(codes("2026-03-01"), Some(Code::BodyLegallyClosed));
}

// R-O5, R-U4: a known nominee keeps their user, and their name.
#[test]
fn a_known_nominee_keeps_their_user_and_their_name() {
    let desk = Desk::open();
    let nominees =
        vec![nominee("Another", "Name", " USER-5@nhs.net "), nominee("Jo", "Smith", "jo@nhs.net")];
    let (found, command) =
        (Found { known: vec![known(5)], ..found() }, Onboard { nominees, ..good() });
    let change =
        checked(onboard(desk.region(), &sample::active_lead(), &found, &command).unwrap()).change;
    assert_eq!(change.users().len(), 1);
    assert_eq!(change.users()[0].state.email().as_str(), "jo@nhs.net");
    assert_eq!(change.memberships()[0].state.user(), sample::user_id(5));
    assert!(queued(&change).contains(&("open_account", Some(5))));
}

// R-U4: before the policy's date an address serves at one live organisation alone.
#[test]
fn an_address_in_use_elsewhere_is_refused_while_policy_says_so() {
    let place = |state| Place {
        organisation: sample::organisation(2, state),
        membership: sample::membership(2, 5, MembershipStatus::Deactivated, LEAD),
    };
    let command = Onboard {
        nominees: vec![
            nominee("Ada", "Ng", "user-5@nhs.net"),
            nominee("Jo", "Smith", "jo@nhs.net"),
        ],
        ..good()
    };
    let outcome = |policy, state| {
        let desk = Desk::under(policy);
        let places = vec![place(state)];
        let known = vec![Known { user: sample::user(5), places }];
        let found = Found { known, ..found() };
        onboard(desk.region(), &sample::active_lead(), &found, &command)
    };
    for state in [sample::INVITED, sample::active(), sample::deactivated()] {
        let refused = faults(outcome(Policy::AUG_2024, state));
        assert_eq!(refused, [at(Code::EmailInUse, "nominees[0].email")]);
        assert!(outcome(Policy::DEC_2024, state).is_ok());
    }
    // taking it for one organisation is a change of the user
    let change = checked(outcome(Policy::AUG_2024, sample::closed()).unwrap()).change;
    assert!(happened(&change).contains(&"email_claimed"));
    let claimed = &change.users()[0];
    assert_eq!(claimed.replaces, Some(sample::user(5).version()));
    assert_eq!(claimed.state.version(), sample::user(5).version().next());
    let change = outcome(Policy::SEP_2025, sample::closed()).unwrap().change;
    assert!(!happened(&change).contains(&"email_claimed"));
}

// R-L5: what is closed for good is not touched.
#[test]
fn a_new_onboarding_has_an_id_of_its_own() {
    let desk = Desk::open();
    let lead = sample::active_lead();
    let id = || onboard(desk.region(), &lead, &found(), &good()).unwrap().answer.id();
    assert_ne!(id(), id());
    let closed =
        Roster { organisation: sample::organisation(1, sample::closed()), members: vec![] };
    let written =
        onboard(desk.region(), &lead, &Found { unclosed: Some(closed), ..found() }, &good());
    // a store gives none that is stored as Closed; one that does is told so
    assert_eq!(written.unwrap_err().code(), Code::OrganisationClosed);
}
