use ravs_core::command::{Identified, enter, identify, link};
use ravs_core::{
    Code, Guard, MembershipStatus, OrganisationState, OrganisationStatus, PermissionLevel, Place,
    Subject,
};

use crate::desk::{Desk, checked, faults, happened, queued, whole, with};
use crate::sample;

const LEAD: PermissionLevel = PermissionLevel::LeadAdministrator;
const RECORDER: PermissionLevel = PermissionLevel::Recorder;

fn place(state: OrganisationState, status: MembershipStatus) -> Place {
    Place {
        organisation: sample::organisation(1, state),
        membership: sample::membership(1, 1, status, RECORDER),
    }
}

// R-L1, R-S4
#[test]
fn the_first_entry_makes_the_organisation_active() {
    let desk = Desk::open();
    let place = place(sample::INVITED, MembershipStatus::Invited);
    let decided = checked(enter(desk.user(), &sample::user(1), Some(&place)).unwrap());
    let (session, after) = &decided.answer;
    assert_eq!(
        (session.user(), session.organisation()),
        (sample::user_id(1), after.organisation.id())
    );
    assert_eq!(session.entered_at(), desk.now);
    assert_eq!(after.organisation.status_at(desk.now), OrganisationStatus::Active);
    assert_eq!(after.membership.status(), MembershipStatus::Active);
    assert_eq!(happened(&decided.change), ["member_entered", "organisation_activated"]);
    assert_eq!(queued(&decided.change), []);
}

// R-S4: a later entry does not move the organisation, but holds only while it stays as it is.
#[test]
fn a_later_entry_leaves_the_organisation_as_it_is() {
    let desk = Desk::open();
    for state in [sample::active(), sample::deactivated()] {
        let place = place(state, MembershipStatus::Active);
        let decided = checked(enter(desk.user(), &sample::user(1), Some(&place)).unwrap());
        assert_eq!(happened(&decided.change), ["member_entered"]);
        assert_eq!(decided.change.organisations(), []);
        let organisation = &place.organisation;
        let guard = Guard::Organisation(organisation.id(), organisation.version());
        assert_eq!(decided.change.guards(), [guard]);
    }
}

// R-U7, R-S4
#[test]
fn a_waiting_level_applies_at_the_entry() {
    let desk = Desk::open();
    let mut place = place(sample::active(), MembershipStatus::Active);
    let member = sample::member(1, MembershipStatus::Active, RECORDER);
    place.membership = with(member, |m| m.next_level = Some(LEAD)).membership;
    let decided = checked(enter(desk.user(), &sample::user(1), Some(&place)).unwrap());
    let after = &decided.answer.1.membership;
    assert_eq!((after.level(), after.next_level()), (LEAD, None));
    let event = serde_json::to_value(&decided.change.events()[0].what).unwrap();
    assert_eq!(event["member_entered"]["replaced_level"], "Recorder");
}

// R-S3: in this order.
#[test]
fn a_choice_is_authorised_again() {
    let desk = Desk::open();
    let code = |place: Option<&Place>| faults(enter(desk.user(), &sample::user(1), place));
    assert_eq!(code(None), [whole(Code::NotAMember)]);
    let gone = MembershipStatus::Deactivated;
    let closed = code(Some(&place(sample::closed(), gone)));
    assert_eq!(closed, [whole(Code::OrganisationClosed)]);
    let deactivated = code(Some(&place(sample::active(), gone)));
    assert_eq!(deactivated, [whole(Code::MembershipDeactivated)]);
    // R-L3: at the closing instant it is over
    let mut desk = Desk::open();
    desk.now = sample::deactivated().closing().unwrap().instant();
    let active = place(sample::deactivated(), MembershipStatus::Active);
    let over = faults(enter(desk.user(), &sample::user(1), Some(&active)));
    assert_eq!(over, [whole(Code::OrganisationClosed)]);
}

// R-S1: by subject; by address only whoever has no subject yet.
#[test]
fn an_identity_is_found_by_subject_and_linked_once() {
    let desk = Desk::open();
    let unlinked = sample::user(1);
    let subject = Subject::new("00u1").unwrap();
    let decided = link(desk.user(), &unlinked, &subject).unwrap();
    let linked = decided.answer;
    assert_eq!(linked.subject(), Some(&subject));
    assert_eq!(linked.version(), unlinked.version().next());
    assert_eq!(decided.change.users()[0].replaces, Some(unlinked.version()));
    assert_eq!(happened(&decided.change), ["user_linked"]);
    let twice = link(desk.user(), &linked, &Subject::new("00u2").unwrap());
    assert_eq!(faults(twice), [whole(Code::UnknownUser)]);

    let found = identify(Some(linked.clone()), None);
    assert_eq!(found, Ok(Identified::Linked(linked.clone())));
    assert_eq!(identify(None, Some(unlinked.clone())), Ok(Identified::ToLink(unlinked.clone())));
    // the subject decides, whoever has the address
    let found = identify(Some(linked.clone()), Some(unlinked));
    assert_eq!(found, Ok(Identified::Linked(linked.clone())));
    for nobody in [identify(None, None), identify(None, Some(linked))] {
        assert_eq!(nobody.unwrap_err().code(), Code::UnknownUser);
    }
}

// R-L7: the time that counts is the organisation's, not that of an entry by a fast clock.
#[test]
fn a_fast_clock_at_an_earlier_entry_closes_nothing() {
    let desk = Desk::open();
    let mut place = place(sample::deactivated(), MembershipStatus::Active);
    let fast = sample::deactivated().closing().unwrap().instant();
    place.membership = place.membership.enter(fast).unwrap();
    let decided = checked(enter(desk.user(), &sample::user(1), Some(&place)).unwrap());
    let (session, after) = decided.answer;
    assert_eq!((session.entered_at(), after.membership.stored().changed_at), (desk.now, fast));
}
