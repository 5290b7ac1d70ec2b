use ravs_core::command::{drop_email, has_access, request_activation_email};
use ravs_core::{
    Actor, Code, EffectKey, MembershipStatus, Notice, OrganisationState, PermissionLevel, Place,
    RegionalLeadState, Stream,
};

use crate::desk::{Desk, at, faults, happened, queued};
use crate::sample;

fn place(state: OrganisationState, status: MembershipStatus) -> Place {
    Place {
        organisation: sample::organisation(1, state),
        membership: sample::membership(1, 1, status, PermissionLevel::Recorder),
    }
}

// R-N5: a usable membership, or the onboarding tool.
#[test]
fn access_is_for_those_with_a_place() {
    let now = Desk::open().now;
    for state in sample::states() {
        for status in MembershipStatus::ALL {
            let usable = status != MembershipStatus::Deactivated && state != sample::closed();
            assert_eq!(has_access(&[place(state, status)], None, now), usable);
        }
    }
    let closed = place(sample::closed(), MembershipStatus::Active);
    let active = place(sample::active(), MembershipStatus::Invited);
    assert!(has_access(&[closed.clone(), active], None, now));
    assert!(!has_access(&[], None, now));
    assert!(has_access(std::slice::from_ref(&closed), Some(&sample::active_lead()), now));
    let stopped = sample::lead(RegionalLeadState::Stopped { at: sample::start() });
    assert!(!has_access(&[closed], Some(&stopped), now));
    // R-L6: swept or not
    let closing = sample::deactivated().closing().unwrap().instant();
    let closes = [place(sample::deactivated(), MembershipStatus::Active)];
    assert!(has_access(&closes, None, closing - chrono::TimeDelta::nanoseconds(1)));
    assert!(!has_access(&closes, None, closing));
}

// R-A5
#[test]
fn support_has_an_activation_email_sent_again() {
    let desk = Desk::open();
    let decided =
        request_activation_email(desk.by(Actor::Support), Some(&sample::user(3))).unwrap();
    assert_eq!(happened(&decided.change), ["activation_email_requested"]);
    assert_eq!(queued(&decided.change), [("resend_activation", Some(3))]);
    let nobody = request_activation_email(desk.by(Actor::Support), None);
    assert_eq!(faults(nobody), [at(Code::UnknownUser, "email")]);
}

// R-N7: noted once, however often it is carried out.
#[test]
fn a_dropped_email_is_noted_in_the_history_once() {
    let desk = Desk::open();
    let key = EffectKey::from_stored("welcome_user.1.2".into());
    let (user, organisation) = (sample::user_id(1), sample::organisation_id(1));
    let notice = Notice::WelcomeUser { user, organisation };
    let [once, twice] = [(), ()].map(|()| drop_email(desk.by(Actor::System), &key, &notice));
    assert_eq!(once.id(), twice.id());
    assert_eq!(happened(&once), ["email_dropped"]);
    assert_eq!(once.events()[0].stream, Stream::Organisation(organisation));
    let other = EffectKey::from_stored("welcome_user.1.3".into());
    assert_ne!(drop_email(desk.by(Actor::System), &other, &notice).id(), once.id());
    let lead = Notice::WelcomeRegionalLead { user };
    let dropped = drop_email(desk.by(Actor::System), &key, &lead);
    assert_eq!(dropped.events()[0].stream, Stream::Person(user));
}
