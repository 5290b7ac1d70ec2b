use alloc::format;
use alloc::string::{String, ToString as _};

use chrono::TimeDelta;
use uuid::Uuid;

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn nanosecond() -> TimeDelta {
    TimeDelta::nanoseconds(1)
}

fn added_at() -> DateTime<Utc> {
    at("2025-05-01T09:00:00Z")
}

fn entered_at() -> DateTime<Utc> {
    at("2025-05-02T09:00:00Z")
}

fn left_at() -> DateTime<Utc> {
    at("2025-05-03T09:00:00Z")
}

fn later() -> DateTime<Utc> {
    at("2025-06-01T00:00:00Z")
}

fn invited(level: PermissionLevel) -> Membership {
    let (organisation, user) = (Uuid::from_u128(1), Uuid::from_u128(2));
    Membership::invite(
        OrganisationId::from_uuid(organisation),
        UserId::from_uuid(user),
        level,
        ClinicianStatus::NotClinician,
        added_at(),
    )
}

const RECORDER: PermissionLevel = PermissionLevel::Recorder;
const ADMINISTRATOR: PermissionLevel = PermissionLevel::Administrator;
const LEAD: PermissionLevel = PermissionLevel::LeadAdministrator;

fn active() -> Membership {
    invited(RECORDER).enter(entered_at()).unwrap()
}

fn left() -> Membership {
    active().deactivate(left_at()).unwrap()
}

fn never_came() -> Membership {
    invited(RECORDER).deactivate(left_at()).unwrap()
}

/// A step of a membership's life.
type Step = fn(Membership, DateTime<Utc>) -> Result<Membership, Fault>;

const STEPS: [(&str, Step); 6] = [
    ("enter", Membership::enter),
    ("change level", |membership, now| membership.change_level(LEAD, now)),
    ("change clinician", |membership, now| {
        membership.change_clinician(ClinicianStatus::Clinician, now)
    }),
    ("deactivate", Membership::deactivate),
    ("reactivate", Membership::reactivate),
    ("nominate again", Membership::nominate_again),
];

// R-S4, R-U7, R-U8, R-O8: where each step leads from each state, or its code.
#[test]
fn every_step_from_every_state_leads_where_the_rulebook_says() {
    #[rustfmt::skip]
    let table = [
        (invited(RECORDER), ["Active", "Invited", "Invited", "Deactivated",
            "not_deactivated", "already_a_member"]),
        (active(), ["Active", "Active", "Active", "Deactivated",
            "not_deactivated", "already_a_member"]),
        (left(), ["membership_deactivated", "membership_deactivated", "membership_deactivated",
            "already_deactivated", "Active", "Active"]),
        (never_came(), ["membership_deactivated", "membership_deactivated",
            "membership_deactivated", "already_deactivated", "Invited", "Invited"]),
    ];
    for (before, row) in table {
        for ((name, step), expected) in STEPS.into_iter().zip(row) {
            let outcome = match step(before.clone(), later()) {
                Ok(after) => {
                    assert_eq!(after.version(), before.version().next(), "{name}");
                    assert_eq!(after.stored().changed_at, later(), "{name}");
                    assert_eq!(after.organisation(), before.organisation());
                    assert_eq!(after.user(), before.user());
                    after.status().to_string()
                }
                Err(fault) => {
                    assert_eq!(fault.field(), None);
                    fault.code().to_string()
                }
            };
            assert_eq!(outcome, expected, "{name} from {:?}", before.stored().state);
        }
    }
}

// R-U8, R-O8: what a refused step says to a person.
#[test]
fn a_refused_step_says_why() {
    let said = |step: usize, from: Membership| {
        let fault = STEPS[step].1(from, later()).unwrap_err();
        String::from(fault.message())
    };
    let deactivated = "this user is deactivated here; they can be reactivated";
    assert_eq!([0, 1, 2].map(|step| said(step, left())), [deactivated; 3]);
    assert_eq!(said(3, left()), "this user is deactivated here already");
    assert_eq!(said(4, active()), "this user is not deactivated here");
    assert_eq!(said(5, active()), "this address is a member here already");
}

#[test]
fn a_new_membership_is_invited() {
    let membership = invited(ADMINISTRATOR);
    assert_eq!(membership.organisation(), OrganisationId::from_uuid(Uuid::from_u128(1)));
    assert_eq!(membership.user(), UserId::from_uuid(Uuid::from_u128(2)));
    assert_eq!((membership.level(), membership.next_level()), (ADMINISTRATOR, None));
    assert_eq!(membership.level_at_next_entry(), ADMINISTRATOR);
    assert_eq!(membership.clinician(), ClinicianStatus::NotClinician);
    assert_eq!(membership.status(), MembershipStatus::Invited);
    assert_eq!(
        (membership.version(), membership.stored().changed_at),
        (Version::FIRST, added_at())
    );
}

// R-U10: a level that waits from the beginning.
#[test]
fn a_membership_may_begin_with_a_waiting_level() {
    let waiting = |level| invited(RECORDER).with_waiting_level(level).next_level();
    assert_eq!(waiting(Some(LEAD)), Some(LEAD));
    assert_eq!(waiting(Some(RECORDER)), None);
    assert_eq!(waiting(None), None);
}

// R-S4: the first entry stays, the last one moves on.
#[test]
fn entering_notes_the_time() {
    let once = Entries { first: entered_at(), last: entered_at() };
    assert_eq!(active().stored().state, MembershipState::Active { entered: once });
    let again = active().enter(later()).unwrap();
    let twice = Entries { first: entered_at(), last: later() };
    assert_eq!(again.stored().state.entered(), Some(twice));
    assert_eq!(invited(RECORDER).stored().state.entered(), None);
}

// R-U7: it waits; the last change wins; changing back clears it.
#[test]
fn a_level_waits_for_the_next_entry() {
    let changed = |to: &[PermissionLevel]| {
        to.iter()
            .fold(active(), |membership, level| membership.change_level(*level, later()).unwrap())
    };
    let levels = |membership: &Membership| {
        (membership.level(), membership.next_level(), membership.level_at_next_entry())
    };
    assert_eq!(levels(&changed(&[LEAD])), (RECORDER, Some(LEAD), LEAD));
    let last = changed(&[LEAD, ADMINISTRATOR]);
    assert_eq!(levels(&last), (RECORDER, Some(ADMINISTRATOR), ADMINISTRATOR));
    assert_eq!(levels(&changed(&[LEAD, RECORDER])), (RECORDER, None, RECORDER));
    assert_eq!(levels(&last.enter(later()).unwrap()), (ADMINISTRATOR, None, ADMINISTRATOR));
    let first = invited(RECORDER).change_level(LEAD, later()).unwrap();
    assert_eq!(levels(&first), (RECORDER, Some(LEAD), LEAD));
    assert_eq!(levels(&first.enter(later()).unwrap()), (LEAD, None, LEAD));
}

// R-U7, R-U8: deactivating and reactivating leave levels as they were, a waiting one too.
#[test]
fn reactivating_gives_back_what_was() {
    let back = left().reactivate(later()).unwrap();
    assert_eq!(back.stored().state, active().stored().state);
    assert_eq!((back.level(), back.next_level()), (RECORDER, None));
    let waiting = active().change_level(LEAD, entered_at()).unwrap();
    let back = waiting.deactivate(left_at()).unwrap().reactivate(later()).unwrap();
    assert_eq!((back.level(), back.next_level()), (RECORDER, Some(LEAD)));
    let back = never_came().reactivate(later()).unwrap();
    assert_eq!(back.stored().state, MembershipState::Invited);
}

// R-O8: back as lead administrator at once, whatever waited.
#[test]
fn a_nominee_comes_back_as_lead_administrator() {
    let waiting = active().change_level(ADMINISTRATOR, entered_at()).unwrap();
    let back = waiting.deactivate(left_at()).unwrap().nominate_again(later()).unwrap();
    assert_eq!((back.level(), back.next_level()), (LEAD, None));
    assert_eq!(back.stored().state, active().stored().state);
}

// R-U7, R-U11
#[test]
fn a_clinician_can_be_chosen_until_deactivated() {
    let clinician = |membership: Membership| {
        membership.change_clinician(ClinicianStatus::Clinician, entered_at()).unwrap()
    };
    assert_eq!(clinician(active()).clinician(), ClinicianStatus::Clinician);
    assert!(clinician(active()).is_choosable_clinician());
    assert!(clinician(invited(RECORDER)).is_choosable_clinician());
    assert!(!active().is_choosable_clinician());
    let gone = clinician(active()).deactivate(left_at()).unwrap();
    assert!(gone.is_deactivated() && !gone.is_choosable_clinician());
    assert!(!left().is_choosable_clinician());
    let not = ClinicianStatus::NotClinician;
    assert_eq!(clinician(active()).change_clinician(not, later()).unwrap().clinician(), not);
}

// R-L7: the same for a membership.
#[test]
fn time_does_not_run_backwards() {
    let slow = at("2025-01-01T00:00:00Z");
    let entered = invited(RECORDER).enter(slow).unwrap();
    let once = Entries { first: added_at(), last: added_at() };
    assert_eq!(entered.stored().state.entered(), Some(once));
    let steps = [
        (active(), "deactivate"),
        (active(), "change level"),
        (active(), "change clinician"),
        (left(), "reactivate"),
        (left(), "nominate again"),
    ];
    for (before, name) in steps {
        let step = STEPS.into_iter().find(|(step, _)| *step == name).unwrap().1;
        let after = step(before.clone(), slow).unwrap();
        assert_eq!(after.stored().changed_at, before.stored().changed_at, "{name}");
    }
    let entered = Some(Entries { first: entered_at(), last: entered_at() });
    let left = MembershipState::Deactivated { at: entered_at(), entered };
    assert_eq!(active().deactivate(slow).unwrap().stored().state, left);
    assert_eq!(active().not_before(slow), entered_at());
    assert_eq!(active().not_before(later()), later());
}

/// Why stored state does not load, the same whether it comes as fields or as JSON.
fn why_not(membership: Membership, change: impl FnOnce(&mut StoredMembership)) -> Option<String> {
    let mut stored = membership.stored().clone();
    change(&mut stored);
    let read = Membership::restore(stored.clone());
    let from_json = serde_json::from_value::<Membership>(serde_json::to_value(&stored).unwrap());
    match (read, from_json) {
        (Ok(read), Ok(from_json)) => {
            assert_eq!(read, from_json);
            assert_eq!(StoredMembership::from(read), stored);
            None
        }
        (Err(corrupt), Err(error)) => {
            assert!(error.to_string().contains(&corrupt.to_string()), "{error}");
            Some(corrupt.what().to_string())
        }
        (read, from_json) => panic!("{read:?} and yet {from_json:?}"),
    }
}

#[test]
fn every_state_loads_as_it_was_stored() {
    let waiting = active().change_level(LEAD, later()).unwrap();
    for membership in [invited(LEAD), active(), left(), never_came(), waiting] {
        assert_eq!(why_not(membership.clone(), |_| {}), None);
        let json = serde_json::to_string(&membership).unwrap();
        assert_eq!(serde_json::from_str::<Membership>(&json).unwrap(), membership);
    }
}

#[test]
fn entries_out_of_order_do_not_load() {
    let active = |first, last| {
        why_not(active(), |m| {
            m.state = MembershipState::Active { entered: Entries { first, last } };
        })
    };
    let reversed = Some("membership: the last entry is before the first".to_string());
    let younger = Some("membership: an entry is younger than its last change".to_string());
    assert_eq!(active(entered_at() - nanosecond(), entered_at()), None);
    assert_eq!(active(entered_at(), entered_at()), None);
    assert_eq!(active(entered_at(), entered_at() - nanosecond()), reversed);
    assert_eq!(active(entered_at(), entered_at() + nanosecond()), younger);
    // also of one who has left
    let entered = Some(Entries { first: entered_at(), last: left_at() + nanosecond() });
    let state = MembershipState::Deactivated { at: left_at(), entered };
    assert_eq!(why_not(left(), |m| m.state = state), younger);
}

// R-U7: a deactivated membership is not changed.
#[test]
fn a_change_of_a_deactivated_membership_does_not_load() {
    let deactivated_at = |at| {
        why_not(never_came(), |m| m.state = MembershipState::Deactivated { at, entered: None })
    };
    let why = Some("membership: changed while it was deactivated".to_string());
    assert_eq!(deactivated_at(left_at() - nanosecond()), why);
    assert_eq!(deactivated_at(left_at()), None);
    assert_eq!(deactivated_at(left_at() + nanosecond()), why);
}

#[test]
fn a_step_without_a_version_does_not_load() {
    let version =
        |membership, number| why_not(membership, |m| m.version = Version::new(number).unwrap());
    let why = Some("membership: a step without a version".to_string());
    for membership in [active(), left(), never_came()] {
        assert_eq!(version(membership.clone(), 1), why);
        assert_eq!(version(membership, 2), None);
    }
    assert_eq!(version(invited(RECORDER), 1), None);
    assert_eq!(version(invited(RECORDER), 3), None);
}

// R-U7
#[test]
fn the_level_in_force_does_not_wait() {
    let waits = |level| why_not(active(), |m| m.next_level = level);
    let why = Some("membership: the level in force waits for the next entry".to_string());
    assert_eq!(waits(Some(RECORDER)), why);
    assert_eq!(waits(Some(LEAD)), None);
    assert_eq!(waits(None), None);
}

#[test]
fn statuses_and_levels_are_written_as_they_are_shown() {
    let statuses = MembershipStatus::ALL.map(|status| format!("{status}"));
    assert_eq!(statuses, ["Invited", "Active", "Deactivated"]);
    let levels = PermissionLevel::ALL.map(|level| format!("{level}"));
    assert_eq!(levels, ["Recorder", "Administrator", "Lead administrator"]);
    for level in PermissionLevel::ALL {
        assert_eq!(serde_json::to_value(level).unwrap(), level.as_str());
    }
}
