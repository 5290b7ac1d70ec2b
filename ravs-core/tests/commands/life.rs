use ravs_core::command::{add_vaccines, close, deactivate, reactivate, withdraw};
use ravs_core::{
    Actor, ClosedBecause, Code, Happening, Member, MembershipStatus, OrganisationState,
    OrganisationStatus, PermissionLevel, Region, RegionalLead, Roster, StoredRegionalLead, Work,
};

use crate::desk::{Desk, at, checked, faults, happened, queued, roster, whole, with};
use crate::sample;

const LEAD: PermissionLevel = PermissionLevel::LeadAdministrator;
const RECORDER: PermissionLevel = PermissionLevel::Recorder;

/// Everybody whom an email might or might not go to (R-N3), and those to whom it goes.
fn people() -> (Vec<Member>, [u128; 4]) {
    let waiting = |number, level, next| {
        with(sample::member(number, MembershipStatus::Active, level), |m| m.next_level = next)
    };
    let members = vec![
        sample::member(1, MembershipStatus::Active, LEAD),
        sample::member(2, MembershipStatus::Invited, LEAD),
        waiting(3, RECORDER, Some(LEAD)),
        waiting(4, LEAD, Some(RECORDER)),
        sample::member(5, MembershipStatus::Deactivated, LEAD),
        sample::member(6, MembershipStatus::Active, PermissionLevel::Administrator),
        sample::member(7, MembershipStatus::Invited, RECORDER),
    ];
    (members, [1, 2, 3, 4])
}

// R-L2, R-L3, R-N3: one email to each lead administrator, by assigned or waiting level.
#[test]
fn deactivating_tells_every_lead_administrator_once() {
    let desk = Desk::open();
    let (members, told) = people();
    let roster = roster(sample::active(), members);
    let lead = sample::active_lead();
    let decided = checked(deactivate(desk.region(), &lead, Some(&roster)).unwrap());
    assert_eq!(decided.answer.status_at(desk.now), OrganisationStatus::Deactivated);
    let closing = decided.answer.state().closing().unwrap();
    assert_eq!(closing.last_day().to_string(), "2026-05-31");
    assert_eq!(happened(&decided.change), ["organisation_deactivated"]);
    let queue = told.map(|user| ("organisation_deactivated", Some(user)));
    assert_eq!(queued(&decided.change), queue);
    let Work::Send { notice } = &decided.change.effects()[0].work else { panic!("an email") };
    let notice = serde_json::to_value(notice).unwrap();
    assert_eq!(notice["organisation_deactivated"]["closes_at"], "2026-05-31T23:00:00Z");
}

// R-L4, R-N3
#[test]
fn reactivating_tells_every_lead_administrator_once() {
    let desk = Desk::open();
    let (members, told) = people();
    let roster = roster(sample::deactivated(), members.clone());
    let lead = sample::active_lead();
    let decided = checked(reactivate(desk.region(), &lead, Some(&roster)).unwrap());
    assert_eq!(*decided.answer.state(), OrganisationState::Active { since: desk.now });
    assert_eq!(decided.change.memberships(), []); // memberships as they were
    // R-N5: access is settled anew for everyone who was not deactivated.
    let settled = members.iter().filter(|member| !member.membership.is_deactivated()).count();
    let queue = queued(&decided.change);
    let (settle, tell) = queue.split_at(settled);
    assert!(settle.iter().all(|(work, _)| *work == "settle_access"));
    assert_eq!(tell, told.map(|user| ("organisation_reactivated", Some(user))));
    let instead_of = sample::deactivated().closing();
    let what = Happening::OrganisationReactivated { instead_of };
    assert_eq!(decided.change.events()[0].what, what);
}

// R-O7: no email; whoever has no other place loses access (R-N5).
#[test]
fn withdrawing_emails_nobody_and_releases_accounts() {
    let desk = Desk::open();
    let members = vec![
        sample::member(1, MembershipStatus::Invited, LEAD),
        sample::member(2, MembershipStatus::Deactivated, LEAD),
    ];
    let roster = roster(sample::INVITED, members);
    let lead = sample::active_lead();
    let decided = checked(withdraw(desk.region(), &lead, Some(&roster)).unwrap());
    let because = ClosedBecause::Withdrawn;
    assert_eq!(*decided.answer.state(), OrganisationState::Closed { at: desk.now, because });
    assert_eq!(queued(&decided.change), [("settle_access", Some(1))]);
}

// R-L6, R-N5: what a sweep writes down.
#[test]
fn a_sweep_writes_down_what_is_true() {
    let mut desk = Desk::open();
    let (members, _) = people();
    let due = roster(sample::deactivated(), members);
    let early = close(desk.by(Actor::System), &due);
    assert_eq!(faults(early), [whole(Code::NotDeactivated)]);
    let closing = sample::deactivated().closing().unwrap().instant();
    desk.now = closing + chrono::TimeDelta::hours(5);
    let decided = checked(close(desk.by(Actor::System), &due).unwrap());
    assert_eq!(decided.change.events()[0].at, closing);
    let released = [1, 2, 3, 4, 6, 7].map(|user| ("settle_access", Some(user)));
    assert_eq!(queued(&decided.change), released);
    let closed = Roster { organisation: decided.answer, members: vec![] };
    let again = close(desk.by(Actor::System), &closed);
    assert_eq!(faults(again), [whole(Code::OrganisationClosed)]);
}

// R-L2, R-L4, R-O7: the codes of every step from every status.
#[test]
fn steps_that_are_not_open_are_refused() {
    let desk = Desk::open();
    let lead = sample::active_lead();
    let codes = |state| {
        let roster = roster(state, vec![]);
        let steps = [withdraw, deactivate, reactivate];
        steps.map(|step| {
            step(desk.region(), &lead, Some(&roster)).map_or_else(|r| Some(r.code()), |_| None)
        })
    };
    let (not, closed) = (Some(Code::NotDeactivated), Some(Code::OrganisationClosed));
    let active = Some(Code::AlreadyActive);
    assert_eq!(codes(sample::INVITED), [None, Some(Code::StillInvited), not]);
    assert_eq!(codes(sample::active()), [active, None, not]);
    assert_eq!(codes(sample::deactivated()), [active, Some(Code::AlreadyDeactivated), None]);
    assert_eq!(codes(sample::closed()), [closed; 3]);
}

// R-V2: which were new; with none there is nothing to save.
#[test]
fn adding_vaccines_says_which_were_new() {
    let desk = Desk::open();
    let lead = sample::active_lead();
    let add = |names: &[&str]| {
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        let organisation = sample::organisation(1, sample::active());
        add_vaccines(desk.region(), &lead, Some(&organisation), &names)
    };
    let decided = checked(add(&["flu", "rsv", "HPV", "RSV"]).unwrap());
    let added: Vec<_> = decided.answer.added.iter().map(|v| v.as_str()).collect();
    assert_eq!(added, ["RSV", "HPV"]);
    assert_eq!(happened(&decided.change), ["vaccines_added"]);
    let nothing_new = add(&["FLU"]).unwrap();
    assert!(nothing_new.change.is_empty() && nothing_new.answer.added.is_empty());
    assert_eq!(nothing_new.answer.organisation, sample::organisation(1, sample::active()));
    assert_eq!(faults(add(&[])), [at(Code::NoVaccinesChosen, "vaccines")]);
    let wrong = [at(Code::UnknownVaccine, "vaccines[0]"), at(Code::UnknownVaccine, "vaccines[2]")];
    assert_eq!(faults(add(&["", "Flu", "\t"])), wrong);
}

// R-V2
#[test]
fn vaccines_are_added_while_invited_or_active() {
    let desk = Desk::open();
    let lead = sample::active_lead();
    let code = |state| {
        let organisation = sample::organisation(1, state);
        add_vaccines(desk.region(), &lead, Some(&organisation), &["RSV".into()])
            .map_or_else(|refusal| Some(refusal.code()), |_| None)
    };
    let codes = sample::states().map(code);
    let (deactivated, closed) = (Code::OrganisationDeactivated, Code::OrganisationClosed);
    assert_eq!(codes, [None, None, Some(deactivated), Some(closed)]);
}

// R-A3: any lead of the region, whoever invited it, and nobody of another.
#[test]
fn any_lead_of_the_region_acts_and_no_other() {
    let desk = Desk::open();
    let lead = |region| {
        let user = sample::user_id(42); // somebody else invited it
        let stored = StoredRegionalLead { user, region, ..sample::active_lead().into() };
        RegionalLead::restore(stored).unwrap()
    };
    let roster = roster(sample::active(), vec![]);
    assert!(deactivate(desk.region(), &lead(Region::London), Some(&roster)).is_ok());
    for step in [withdraw, deactivate, reactivate] {
        let other = step(desk.region(), &lead(Region::Midlands), Some(&roster));
        assert_eq!(faults(other), [whole(Code::NotInYourRegion)]);
        let missing = step(desk.region(), &lead(Region::Midlands), None);
        assert_eq!(faults(missing), [whole(Code::NotInYourRegion)]);
    }
}
