use ravs_core::command::{Known, MoveToMainEmail, move_to_main_email};
use ravs_core::{
    ClinicianStatus, Code, Happening, Member, MembershipStatus, PermissionLevel, Place, Policy,
    Roster,
};

use crate::desk::{
    Desk, at, checked, clinician, faults, happened, known, queued, roster, whole, with,
};
use crate::sample;

const LEAD: PermissionLevel = PermissionLevel::LeadAdministrator;
const RECORDER: PermissionLevel = PermissionLevel::Recorder;

fn here(members: Vec<Member>) -> Roster {
    let mut all = vec![sample::member(1, MembershipStatus::Active, LEAD)];
    all.extend(members);
    roster(sample::active(), all)
}

fn from_to(from: &str, to: &str) -> MoveToMainEmail {
    MoveToMainEmail { from: from.into(), to: to.into() }
}

// R-U10: one command adds the main address and deactivates the extra one.
#[test]
fn the_main_address_takes_the_place_of_the_extra_one() {
    let desk = Desk::open();
    let extra = clinician(sample::member(2, MembershipStatus::Active, RECORDER));
    let extra = with(extra, |m| m.next_level = Some(LEAD));
    let roster = here(vec![extra]);
    let by = sample::user_id(1);
    let command = from_to(" USER-2@nhs.net", "ada.ng@nhs.net");
    let decided = move_to_main_email(desk.user(), by, &roster, None, &command).unwrap();
    let decided = checked(decided);
    let main = &decided.answer;
    assert_eq!((main.user.name().first(), main.user.email().as_str()), ("Ada", "ada.ng@nhs.net"));
    assert_eq!(main.membership.status(), MembershipStatus::Invited);
    assert_eq!((main.membership.level(), main.membership.next_level()), (RECORDER, Some(LEAD)));
    assert_eq!(main.membership.clinician(), ClinicianStatus::Clinician);
    let [added, gone] = decided.change.memberships() else { panic!("two memberships") };
    assert_eq!((&added.state, added.replaces), (&main.membership, None));
    assert!(gone.state.is_deactivated() && gone.state.user() == sample::user_id(2));
    assert_eq!(happened(&decided.change), ["user_added", "member_added", "member_deactivated"]);
    let Happening::MemberAdded { instead_of, .. } = decided.change.events()[1].what else {
        panic!("somebody is added")
    };
    assert_eq!(instead_of, Some(sample::user_id(2)));
    let names: Vec<_> = queued(&decided.change).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["open_account", "welcome_user", "settle_access"]);
    let [organisation] = decided.change.organisations() else { panic!("one organisation") };
    assert_eq!(organisation.replaces, Some(roster.organisation.version()));
}

// R-U10, R-U9: the one case in which the new Invited lead administrator counts.
#[test]
fn the_last_lead_administrator_can_move() {
    let desk = Desk::open();
    let by = sample::user_id(1);
    let command = from_to("user-1@nhs.net", "user-5@nhs.net");
    let moved = move_to_main_email(desk.user(), by, &here(vec![]), Some(&known(5)), &command);
    let moved = checked(moved.unwrap());
    assert_eq!(moved.answer.user, sample::user(5));
    // with a demotion that waits there is no lead administrator to keep
    let mut demoted = here(vec![sample::member(2, MembershipStatus::Active, LEAD)]);
    demoted.members[1] = with(demoted.members[1].clone(), |m| m.next_level = Some(RECORDER));
    let moved = move_to_main_email(desk.user(), by, &demoted, None, &command);
    assert!(moved.is_ok());
}

// R-U10: every fault at once, each of its field.
#[test]
fn bad_input_gets_every_fault_at_once() {
    let desk = Desk::open();
    let members = vec![
        sample::member(2, MembershipStatus::Active, RECORDER),
        sample::member(3, MembershipStatus::Deactivated, RECORDER),
    ];
    let roster = here(members);
    let refused = |from, to| {
        let command = from_to(from, to);
        faults(move_to_main_email(desk.user(), sample::user_id(1), &roster, None, &command))
    };
    let from = |code| at(code, "from");
    let to = |code| at(code, "to");
    let table = [
        ("user-9@nhs.net", "no address", [from(Code::NotAMember), to(Code::EmailInvalid)]),
        (
            "user-3@nhs.net",
            "jo@gmail.com",
            [from(Code::MembershipDeactivated), to(Code::EmailDomainNotAllowed)],
        ),
        ("", "user-2@nhs.net", [from(Code::NotAMember), to(Code::AlreadyAMember)]),
        ("x", "user-3@nhs.net", [from(Code::NotAMember), to(Code::MemberDeactivated)]),
    ];
    for (from, to, expected) in table {
        assert_eq!(refused(from, to), expected);
    }
    // to the same address is to one that is a member
    assert_eq!(refused("user-2@nhs.net", "user-2@nhs.net"), [to(Code::AlreadyAMember)]);
}

// R-U10, R-U4, R-U1
#[test]
fn a_move_needs_the_right_to_manage_users_and_a_free_address() {
    let place = Place {
        organisation: sample::organisation(2, sample::active()),
        membership: sample::membership(2, 5, MembershipStatus::Active, RECORDER),
    };
    let five = Known { user: sample::user(5), places: vec![place] };
    let roster = here(vec![sample::member(2, MembershipStatus::Active, RECORDER)]);
    let command = from_to("user-2@nhs.net", "user-5@nhs.net");
    let desk = Desk::under(Policy::AUG_2024);
    let by = sample::user_id(1);
    let in_use = move_to_main_email(desk.user(), by, &roster, Some(&five), &command);
    assert_eq!(faults(in_use), [at(Code::EmailInUse, "to")]);
    let recorder = sample::user_id(2);
    let not_theirs = move_to_main_email(desk.user(), recorder, &roster, Some(&five), &command);
    assert_eq!(faults(not_theirs), [whole(Code::PermissionLevel)]);
}
