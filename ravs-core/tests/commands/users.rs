use ravs_core::command::{
    AddUser, ChangeUser, Known, add_user, change_user, deactivate_user, reactivate_user,
};
use ravs_core::{
    ClinicianStatus, Code, Guard, Member, MembershipStatus, OrganisationState, PermissionLevel,
    Place, Policy, Roster,
};

use crate::desk::{Desk, at, checked, faults, happened, known, queued, roster, whole, with};
use crate::sample;

const LEAD: PermissionLevel = PermissionLevel::LeadAdministrator;
const RECORDER: PermissionLevel = PermissionLevel::Recorder;

/// User 1, who is the one Active lead administrator, 2 who records, and 3 who is deactivated.
fn here(state: OrganisationState) -> Roster {
    roster(
        state,
        vec![
            sample::member(1, MembershipStatus::Active, LEAD),
            sample::member(2, MembershipStatus::Active, RECORDER),
            sample::member(3, MembershipStatus::Deactivated, RECORDER),
        ],
    )
}

fn jo() -> AddUser {
    AddUser {
        first_name: "Jo".into(),
        last_name: "Ng".into(),
        email: "jo@nhs.net".into(),
        clinician: ClinicianStatus::Clinician,
        level: PermissionLevel::Administrator,
    }
}

fn me() -> ravs_core::UserId {
    sample::user_id(1)
}

// R-U2, R-U6, R-N1, R-N2
#[test]
fn an_added_user_is_invited_with_the_level_given() {
    let desk = Desk::open();
    let roster = here(sample::active());
    let decided = checked(add_user(desk.user(), me(), &roster, None, &jo()).unwrap());
    let Member { user, membership } = &decided.answer;
    assert_eq!(user.email().as_str(), "jo@nhs.net");
    assert_eq!(membership.level(), PermissionLevel::Administrator);
    assert_eq!(membership.clinician(), ClinicianStatus::Clinician);
    assert_eq!(membership.status(), MembershipStatus::Invited);
    assert_eq!(happened(&decided.change), ["user_added", "member_added"]);
    let names: Vec<_> = queued(&decided.change).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["open_account", "welcome_user"]);
    // R-U9: it moves the organisation, and holds only while the acting lead stays what they are.
    let [organisation] = decided.change.organisations() else { panic!("it moves") };
    assert_eq!(organisation.replaces, Some(roster.organisation.version()));
    let acting = &roster.members[0].membership;
    let guard = Guard::Membership(acting.organisation(), me(), acting.version());
    assert_eq!(decided.change.guards(), [guard]);
}

// R-U2, R-U3: reported together.
#[test]
fn bad_input_gets_every_fault_at_once() {
    let desk = Desk::open();
    let (first_name, last_name) = ("x".repeat(51), " ".to_owned());
    let outcome = |email: &str| {
        let email = email.to_owned();
        let (first_name, last_name) = (first_name.clone(), last_name.clone());
        let command = AddUser { first_name, last_name, email, ..jo() };
        faults(add_user(desk.user(), me(), &here(sample::active()), None, &command))
    };
    for (email, code) in [
        ("no address", Code::EmailInvalid),
        ("jo@gmail.com", Code::EmailDomainNotAllowed),
        (" USER-2@nhs.net", Code::AlreadyAMember),
        ("user-3@nhs.net", Code::MemberDeactivated),
    ] {
        let expected = [
            at(Code::NameTooLong, "first_name"),
            at(Code::NameMissing, "last_name"),
            at(code, "email"),
        ];
        assert_eq!(outcome(email), expected);
    }
}

// R-U3: whoever is there already is not judged again.
#[test]
fn a_changed_allow_list_does_not_judge_members() {
    let mut desk = Desk::open();
    desk.settings.allowed_domains =
        ravs_core::AllowedDomains::new(["elsewhere.example"], []).unwrap();
    let (clinician, email) = (Some(ClinicianStatus::Clinician), "user-2@nhs.net".to_owned());
    let command = ChangeUser { email, clinician, level: None };
    assert!(change_user(desk.user(), me(), &here(sample::active()), &command).is_ok());
    let command = AddUser { email: "user-9@nhs.net".into(), ..jo() };
    let added = add_user(desk.user(), me(), &here(sample::active()), None, &command);
    assert_eq!(faults(added), [at(Code::EmailDomainNotAllowed, "email")]);
}

// R-U4
#[test]
fn an_email_known_elsewhere_gains_a_membership() {
    let place = Place {
        organisation: sample::organisation(2, sample::active()),
        membership: sample::membership(2, 5, MembershipStatus::Active, RECORDER),
    };
    let five = Known { user: sample::user(5), places: vec![place] };
    let command = AddUser { email: "user-5@nhs.net".into(), ..jo() };
    let outcome = |policy| {
        let desk = Desk::under(policy);
        add_user(desk.user(), me(), &here(sample::active()), Some(&five), &command)
    };
    assert_eq!(faults(outcome(Policy::AUG_2024)), [at(Code::EmailInUse, "email")]);
    let decided = checked(outcome(Policy::DEC_2024).unwrap());
    assert_eq!(decided.answer.user, sample::user(5)); // R-O5: the name too
    assert_eq!(happened(&decided.change), ["member_added"]);
    assert_eq!(queued(&decided.change)[0], ("open_account", Some(5)));
}

fn change(level: Option<PermissionLevel>, clinician: Option<ClinicianStatus>) -> ChangeUser {
    ChangeUser { email: "user-2@nhs.net".into(), level, clinician }
}

// R-U7: a level waits, a clinician status applies.
#[test]
fn a_level_waits_and_a_clinician_status_does_not() {
    let desk = Desk::open();
    let roster = here(sample::active());
    let both = change(Some(LEAD), Some(ClinicianStatus::Clinician));
    let decided = checked(change_user(desk.user(), me(), &roster, &both).unwrap());
    let after = &decided.answer.membership;
    assert_eq!((after.level(), after.next_level()), (RECORDER, Some(LEAD)));
    assert_eq!(after.clinician(), ClinicianStatus::Clinician);
    assert_eq!(happened(&decided.change), ["member_level_changed", "member_clinician_changed"]);
    assert_eq!(decided.change.organisations().len(), 1);

    // a clinician status alone does not move the organisation
    let one = change(None, Some(ClinicianStatus::Clinician));
    let decided = checked(change_user(desk.user(), me(), &roster, &one).unwrap());
    assert_eq!(decided.change.organisations(), []);
    assert_eq!(happened(&decided.change), ["member_clinician_changed"]);

    // what changes nothing is not saved
    let same = change(Some(RECORDER), Some(ClinicianStatus::NotClinician));
    for command in [same, change(None, None)] {
        let decided = change_user(desk.user(), me(), &roster, &command).unwrap();
        assert!(decided.change.is_empty() && decided.change.memberships().is_empty());
    }
}

// R-U7: changing back clears it; the last change wins.
#[test]
fn changing_back_clears_a_waiting_level() {
    let desk = Desk::open();
    let mut roster = here(sample::active());
    roster.members[1] = with(roster.members[1].clone(), |m| m.next_level = Some(LEAD));
    let next = |level| {
        let decided = change_user(desk.user(), me(), &roster, &change(Some(level), None)).unwrap();
        (decided.answer.membership.next_level(), decided.change.is_empty())
    };
    assert_eq!(next(RECORDER), (None, false));
    let administrator = PermissionLevel::Administrator;
    assert_eq!(next(administrator), (Some(administrator), false));
    assert_eq!(next(LEAD), (Some(LEAD), true));
}

// R-U7: who cannot be changed.
#[test]
fn a_deactivated_member_and_a_stranger_are_not_changed() {
    let desk = Desk::open();
    let outcome = |email: &str| {
        let command = ChangeUser { email: email.into(), level: Some(LEAD), clinician: None };
        faults(change_user(desk.user(), me(), &here(sample::active()), &command))
    };
    assert_eq!(outcome("user-3@nhs.net"), [at(Code::MembershipDeactivated, "email")]);
    assert_eq!(outcome("user-9@nhs.net"), [at(Code::NotAMember, "email")]);
    assert_eq!(outcome("no address"), [at(Code::NotAMember, "email")]);
}

// R-U8: at once, and nowhere else.
#[test]
fn deactivating_and_reactivating_a_user() {
    let desk = Desk::open();
    let roster = here(sample::active());
    let gone = checked(deactivate_user(desk.user(), me(), &roster, "User-2@nhs.net").unwrap());
    assert!(gone.answer.membership.is_deactivated());
    assert_eq!(gone.change.memberships().len(), 1);
    assert_eq!(happened(&gone.change), ["member_deactivated"]);
    assert_eq!(queued(&gone.change), [("settle_access", Some(2))]);
    let back = checked(reactivate_user(desk.user(), me(), &roster, "user-3@nhs.net").unwrap());
    assert_eq!(back.answer.membership.status(), MembershipStatus::Active);
    assert_eq!(happened(&back.change), ["member_reactivated"]);
    assert_eq!(queued(&back.change), [("settle_access", Some(3))]);
    let twice = deactivate_user(desk.user(), me(), &roster, "user-3@nhs.net");
    assert_eq!(faults(twice), [at(Code::AlreadyDeactivated, "email")]);
    let never = reactivate_user(desk.user(), me(), &roster, "user-2@nhs.net");
    assert_eq!(faults(never), [at(Code::NotDeactivated, "email")]);
    for step in [deactivate_user, reactivate_user] {
        let stranger = step(desk.user(), me(), &roster, "user-9@nhs.net");
        assert_eq!(faults(stranger), [at(Code::NotAMember, "email")]);
    }
}

// R-U9: deactivating and demoting, oneself included.
#[test]
fn the_last_lead_administrator_stays() {
    let desk = Desk::open();
    let roster = here(sample::active());
    let gone = deactivate_user(desk.user(), me(), &roster, "user-1@nhs.net");
    assert_eq!(faults(gone), [at(Code::LastLeadAdministrator, "email")]);
    let email = "user-1@nhs.net".to_owned();
    let demotion = ChangeUser { email, level: Some(RECORDER), clinician: None };
    let demoted = change_user(desk.user(), me(), &roster, &demotion);
    assert_eq!(faults(demoted), [at(Code::LastLeadAdministrator, "level")]);
}

// R-U1, R-P5: every call is decided by the matrix, and carries every reason.
#[test]
fn only_a_lead_administrator_manages_users() {
    let desk = Desk::open();
    let recorder = sample::user_id(2);
    let adding = |by, state| add_user(desk.user(), by, &here(state), None, &jo());
    let refused = |by, state| faults(adding(by, state));
    assert_eq!(refused(recorder, sample::active()), [whole(Code::PermissionLevel)]);
    assert_eq!(refused(sample::user_id(9), sample::active()), [whole(Code::NotAMember)]);
    assert_eq!(refused(me(), sample::deactivated()), [whole(Code::OrganisationDeactivated)]);
    assert_eq!(refused(me(), sample::INVITED), [whole(Code::OrganisationInvited)]);
    assert_eq!(
        refused(sample::user_id(3), sample::closed()),
        [Code::OrganisationClosed, Code::MembershipDeactivated, Code::PermissionLevel].map(whole)
    );
    let change = change_user(desk.user(), recorder, &here(sample::active()), &change(None, None));
    assert_eq!(faults(change), [whole(Code::PermissionLevel)]);
    let back = reactivate_user(desk.user(), recorder, &here(sample::active()), "user-3@nhs.net");
    assert_eq!(faults(back), [whole(Code::PermissionLevel)]);
}

// R-P3: in the 90 days access can still be taken away, and only that.
#[test]
fn a_leaver_can_be_removed_while_the_organisation_closes() {
    let desk = Desk::open();
    let roster = here(sample::deactivated());
    assert!(deactivate_user(desk.user(), me(), &roster, "user-2@nhs.net").is_ok());
    let back = reactivate_user(desk.user(), me(), &roster, "user-3@nhs.net");
    assert_eq!(faults(back), [whole(Code::OrganisationDeactivated)]);
}

// R-L3, R-L7: somebody who entered by a fast clock can be removed all the same, and what is
// stored afterwards loads.
#[test]
fn a_fast_clock_at_an_entry_does_not_push_the_organisation_past_its_closing() {
    let desk = Desk::open();
    let mut roster = here(sample::deactivated());
    let fast = sample::deactivated().closing().unwrap().instant() + chrono::TimeDelta::days(1);
    let member = roster.members[1].membership.clone().enter(fast).unwrap();
    roster.members[1].membership = member;
    let decided = deactivate_user(desk.user(), me(), &roster, "user-2@nhs.net").unwrap();
    let decided = checked(decided);
    assert_eq!(decided.answer.membership.stored().changed_at, fast);
    assert_eq!(decided.change.organisations()[0].state.stored().changed_at, desk.now);
}

#[test]
fn a_known_user_who_is_not_there_is_no_member() {
    // what a store found of an address is not taken for the address that was typed
    let desk = Desk::open();
    let added = add_user(
        desk.user(),
        me(),
        &here(sample::active()),
        Some(&known(5)),
        &AddUser { email: "user-5@nhs.net".into(), ..jo() },
    );
    assert_eq!(added.unwrap().answer.user.id(), sample::user_id(5));
}
