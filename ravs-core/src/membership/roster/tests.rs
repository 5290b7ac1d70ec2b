use alloc::format;
use alloc::string::ToString as _;
use alloc::vec;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::*;
use crate::membership::ClinicianStatus;
use crate::organisation::{Body, OrganisationId, VaccineGrants};
use crate::region::Region;
use crate::user::PersonName;

const RECORDER: PermissionLevel = PermissionLevel::Recorder;
const LEAD: PermissionLevel = PermissionLevel::LeadAdministrator;

fn now() -> DateTime<Utc> {
    "2026-03-02T09:00:00Z".parse().unwrap()
}

fn here() -> OrganisationId {
    OrganisationId::from_uuid(Uuid::from_u128(1))
}

fn user(number: u128) -> UserId {
    UserId::from_uuid(Uuid::from_u128(number))
}

/// A member as they stand: Invited or Active, their level, a waiting one after an arrow, and
/// maybe gone.
fn membership(number: u128, stands: &str) -> Membership {
    let (status, levels) = stands.split_once(' ').unwrap();
    let (level, next) = levels.split_once(" -> ").unwrap_or((levels, levels));
    let (level, next) = (level.parse().unwrap(), next.parse().unwrap());
    let invited =
        Membership::invite(here(), user(number), level, ClinicianStatus::NotClinician, now());
    match status {
        "Invited" => invited.change_level(next, now()).unwrap(),
        "Active" => invited.enter(now()).unwrap().change_level(next, now()).unwrap(),
        "Deactivated" => invited.enter(now()).unwrap().deactivate(now()).unwrap(),
        other => panic!("{other}"),
    }
}

fn member(number: u128, stands: &str) -> Member {
    let (email, name) = (format!("user-{number}@nhs.net"), PersonName::new("Ada", "Ng").unwrap());
    let user = User::new(user(number), email.parse().unwrap(), name, now());
    Member { user, membership: membership(number, stands) }
}

fn roster(stands: &[&str]) -> Roster {
    let body = Body {
        code: "RRV".parse().unwrap(),
        name: "A trust".to_string(),
        address: "1 High Street".to_string(),
        postcode: "LS1 1AA".to_string(),
        legally_closed: None,
    };
    let grants = VaccineGrants::default();
    let organisation = Organisation::invite(here(), body, Region::London, user(99), grants, now());
    let members = (1..).zip(stands).map(|(number, stands)| member(number, stands)).collect();
    Roster { organisation, members }
}

/// Whether the first member may be deactivated, and whether they may be made a recorder.
fn may_go_and_may_step_down(stands: &[&str]) -> (bool, bool) {
    let roster = roster(stands);
    let first = roster.members[0].membership.clone();
    let allowed = |changed: Membership| match roster.check_keeps_a_lead(&changed) {
        Ok(()) => true,
        Err(fault) => {
            assert_eq!(fault.code(), Code::LastLeadAdministrator);
            let message = "this is the last active lead administrator; make another one first";
            assert_eq!(fault.message(), message);
            false
        }
    };
    let go = allowed(first.clone().deactivate(now()).unwrap());
    (go, allowed(first.change_level(RECORDER, now()).unwrap()))
}

// R-U9: who counts as a lead administrator that is left.
#[test]
fn the_last_active_lead_administrator_stays() {
    let lead = "Active lead administrator";
    let table = [
        // the others, and whether the one lead may go
        (vec![], false),
        (vec![lead], true),
        (vec!["Active recorder", "Active administrator"], false),
        // an Invited one does not count
        (vec!["Invited lead administrator"], false),
        // a deactivated one does not
        (vec!["Deactivated lead administrator"], false),
        // a pending demotion counts at once
        (vec!["Active lead administrator -> recorder"], false),
        (vec!["Active lead administrator -> administrator"], false),
        // a pending promotion does not count yet
        (vec!["Active recorder -> lead administrator"], false),
        (vec!["Invited lead administrator", "Active recorder", lead], true),
    ];
    for (others, may) in table {
        let mut stands = vec![lead];
        stands.extend(&others);
        assert_eq!(may_go_and_may_step_down(&stands), (may, may), "beside {others:?}");
    }
}

// R-U9: an organisation that has no Active lead administrator has none to keep.
#[test]
fn without_an_active_lead_administrator_nothing_is_kept() {
    for first in [
        "Invited lead administrator",
        "Active lead administrator -> recorder",
        "Active recorder -> lead administrator",
        "Active recorder",
    ] {
        let alone = may_go_and_may_step_down(&[first]);
        assert_eq!(alone, (true, true), "{first}");
        let beside_a_lead = may_go_and_may_step_down(&[first, "Active lead administrator"]);
        assert_eq!(beside_a_lead, (true, true), "{first}");
    }
}

// R-U9: what takes no lead away is always allowed.
#[test]
fn other_changes_of_the_last_lead_are_allowed() {
    let roster = roster(&["Active lead administrator", "Active recorder"]);
    let [lead, recorder] = [0, 1].map(|place| roster.members[place].membership.clone());
    let clinician = lead.clone().change_clinician(ClinicianStatus::Clinician, now()).unwrap();
    assert_eq!(roster.check_keeps_a_lead(&clinician), Ok(()));
    assert_eq!(roster.check_keeps_a_lead(&lead.change_level(LEAD, now()).unwrap()), Ok(()));
    assert_eq!(roster.check_keeps_a_lead(&recorder.deactivate(now()).unwrap()), Ok(()));
}

// R-U10: the one case in which an Invited lead administrator counts.
#[test]
fn a_move_counts_the_invited_main_address() {
    let table = [
        ("Invited lead administrator", true),
        ("Invited lead administrator -> recorder", false),
        ("Invited recorder -> lead administrator", false),
        ("Invited recorder", false),
    ];
    for (main, may) in table {
        for (others, enough) in [(vec![], false), (vec!["Active lead administrator"], true)] {
            let mut stands = vec!["Active lead administrator"];
            stands.extend(&others);
            let roster = roster(&stands);
            let extra = roster.members[0].membership.clone().deactivate(now()).unwrap();
            let moved = roster.check_move_keeps_a_lead(&extra, &membership(77, main));
            assert_eq!(moved.is_ok(), may || enough, "{main} beside {others:?}");
            assert_eq!(roster.check_keeps_a_lead(&extra).is_ok(), enough);
        }
    }
}

#[test]
fn members_are_found_by_address_and_by_user() {
    let roster = roster(&["Active recorder", "Active administrator"]);
    let email = "USER-2@nhs.net".parse().unwrap();
    assert_eq!(roster.by_email(&email), Some(&roster.members[1]));
    assert_eq!(roster.by_user(user(1)), Some(&roster.members[0]));
    assert_eq!(roster.by_email(&"user-3@nhs.net".parse().unwrap()), None);
    assert_eq!(roster.by_user(user(3)), None);
}

#[test]
fn members_are_listed_by_last_name_first_name_and_address() {
    let mut roster = roster(&["Active recorder"; 4]);
    let names = [("Zoe", "Ng"), ("Amy", "Ng"), ("Zoe", "Adams"), ("Amy", "Ng")];
    for (member, (first, last)) in roster.members.iter_mut().zip(names) {
        let (id, email) = (member.user.id(), member.user.email().clone());
        member.user = User::new(id, email, PersonName::new(first, last).unwrap(), now());
    }
    let sorted = roster.sorted();
    let users: alloc::vec::Vec<_> = sorted.iter().map(|member| member.user.id()).collect();
    assert_eq!(users, [user(3), user(2), user(4), user(1)]);
}
