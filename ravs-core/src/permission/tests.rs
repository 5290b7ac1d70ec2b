use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use chrono::TimeDelta;
use uuid::Uuid;

use super::*;
use crate::organisation::{ClosedBecause, Closing, VaccineType};

/// The 216 cells, written down from the rulebook's words.
const MATRIX: &str = include_str!("../../tests/permission_matrix.csv");

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn now() -> DateTime<Utc> {
    at("2026-03-02T09:00:00Z")
}

fn vaccine(name: &str) -> VaccineType {
    name.parse().unwrap()
}

/// A deactivation that closes at this instant.
fn closing_at(closes: &str) -> OrganisationState {
    let closes_at = Closing::restore(at(closes)).unwrap();
    OrganisationState::Deactivated { at: at("2026-01-05T12:00:00Z"), closes_at }
}

/// Every stored state that has this status at [`now`].
fn states_of(status: OrganisationStatus) -> Vec<OrganisationState> {
    match status {
        OrganisationStatus::Invited => vec![OrganisationState::Invited],
        OrganisationStatus::Active => {
            vec![OrganisationState::Active { since: at("2026-01-01T00:00:00Z") }]
        }
        OrganisationStatus::Deactivated => vec![closing_at("2026-04-06T23:00:00Z")],
        OrganisationStatus::Closed => vec![
            OrganisationState::Closed { at: now(), because: ClosedBecause::Withdrawn },
            OrganisationState::Closed { at: now(), because: ClosedBecause::GracePeriodEnded },
            // R-L6: its closing has come, and nothing has written it down.
            closing_at("2026-03-01T00:00:00Z"),
            closing_at("2026-03-02T09:00:00Z"),
        ],
    }
}

fn standing(
    state: OrganisationState,
    membership: MembershipStatus,
    level: PermissionLevel,
) -> Standing {
    Standing {
        organisation: OrganisationId::from_uuid(Uuid::from_u128(1)),
        user: UserId::from_uuid(Uuid::from_u128(2)),
        state,
        changed_at: at("2026-01-05T12:00:00Z"),
        vaccines: VaccineGrants::default().with(vec![vaccine("Flu")]).0,
        membership,
        level,
        organisation_version: Version::FIRST,
        membership_version: Version::FIRST,
    }
}

/// An Active lead administrator of an Active organisation.
fn able() -> Standing {
    let active = OrganisationState::Active { since: at("2026-01-01T00:00:00Z") };
    standing(active, MembershipStatus::Active, PermissionLevel::LeadAdministrator)
}

/// Nobody who may do anything: what stands in their way is all there is.
fn unable() -> Standing {
    standing(
        closing_at("2026-04-06T23:00:00Z"),
        MembershipStatus::Deactivated,
        PermissionLevel::Recorder,
    )
}

// R-P1, R-P2, R-P3, R-P4, R-P5: every cell, the Closed ones in every way of being Closed (R-L6).
#[test]
fn every_cell_of_the_matrix_is_decided_as_written() {
    let mut cells = MATRIX.lines();
    assert_eq!(cells.next(), Some("level,action,organisation,membership,allowed,reason"));
    for level in PermissionLevel::ALL {
        for action in Action::ALL {
            for status in OrganisationStatus::ALL {
                for membership in MembershipStatus::ALL {
                    let cell = cells.next().expect("216 cells");
                    for state in states_of(status) {
                        let standing = standing(state, membership, level);
                        assert_eq!(standing.status_at(now()), status);
                        let (allowed, reason) = match decide(&standing, action, now()) {
                            Decision::Allowed => (true, String::new()),
                            Decision::Refused(reason) => (false, format!("{reason}")),
                        };
                        let decided =
                            format!("{level},{action},{status},{membership},{allowed},{reason}");
                        assert_eq!(decided, cell, "{state:?}");
                    }
                }
            }
        }
    }
    assert_eq!(cells.next(), None);
}

// R-P4: recording needs the type too, whatever its spelling.
#[test]
fn recording_needs_a_granted_vaccine_type() {
    let (flu, mmr) = (vaccine("FLU"), vaccine("MMR"));
    let decide = |vaccine| decide(&able(), Request::recording(vaccine), now());
    assert_eq!(decide(&flu), Decision::Allowed);
    assert_eq!(decide(&mmr), Decision::Refused(Reason::VaccineNotGranted));
    assert_eq!(Request::recording(&mmr).vaccine(), Some(&mmr));
    assert_eq!(Request::from(Action::RecordVaccination).vaccine(), None);
}

// R-P5: the type is the last of the reasons.
#[test]
fn a_missing_vaccine_type_comes_after_every_other_reason() {
    let mmr = vaccine("MMR");
    for status in OrganisationStatus::ALL {
        for state in states_of(status) {
            for membership in MembershipStatus::ALL {
                let standing = standing(state, membership, PermissionLevel::Recorder);
                let alone = decide(&standing, Action::RecordVaccination, now());
                let with_type = decide(&standing, Request::recording(&mmr), now());
                let expected = match alone {
                    Decision::Allowed => Decision::Refused(Reason::VaccineNotGranted),
                    refused => refused,
                };
                assert_eq!(with_type, expected);
            }
        }
    }
}

// R-P6: each reason judged by itself, also where an earlier one would do.
#[test]
fn an_explanation_gives_every_reason() {
    let mmr = vaccine("MMR");
    let codes = |standing: &Standing, request: Request<'_>| -> Vec<Reason> {
        let explanation = explain(standing, request, now());
        assert_eq!(explanation.allowed, explanation.reasons.is_empty());
        explanation.reasons.iter().map(|reason| reason.code).collect()
    };
    let recording = Request::recording(&mmr);
    assert_eq!(codes(&able(), Action::ManageUsers.into()), []);
    assert_eq!(
        codes(&unable(), Action::ManageUsers.into()),
        [Reason::MembershipDeactivated, Reason::OrganisationDeactivated, Reason::PermissionLevel]
    );
    assert_eq!(
        codes(&unable(), recording),
        [Reason::MembershipDeactivated, Reason::OrganisationDeactivated, Reason::VaccineNotGranted]
    );
    let invited = Standing {
        state: OrganisationState::Invited,
        membership: MembershipStatus::Invited,
        ..unable()
    };
    assert_eq!(
        codes(&invited, Action::CreateReports.into()),
        [Reason::OrganisationInvited, Reason::MembershipInvited, Reason::PermissionLevel]
    );
    assert_eq!(
        codes(&invited, recording),
        [Reason::OrganisationInvited, Reason::MembershipInvited, Reason::VaccineNotGranted]
    );
    // Closed is one reason, and Deactivated none beside it.
    let closed = Standing { state: closing_at("2026-03-02T09:00:00Z"), ..unable() };
    assert_eq!(
        codes(&closed, Action::ManageUsers.into()),
        [Reason::OrganisationClosed, Reason::MembershipDeactivated, Reason::PermissionLevel]
    );
}

// R-P6: what would lift each.
#[test]
fn every_reason_says_what_would_lift_it() {
    let table = [
        (Reason::OrganisationClosed, "closing is final"),
        (Reason::MembershipDeactivated, "lead administrator here reactivates the user"),
        (Reason::OrganisationInvited, "enters the organisation for the first time"),
        (Reason::MembershipInvited, "signs in and enters"),
        (Reason::OrganisationDeactivated, "regional lead reactivates the organisation"),
        (Reason::PermissionLevel, "a higher level, and the user signs in again"),
        (Reason::VaccineNotGranted, "adds the vaccine type"),
    ];
    for ((reason, lifted_by), expected) in table.into_iter().zip(Reason::ALL) {
        assert_eq!(reason, expected, "in the order of R-P5");
        assert!(reason.lifted_by().contains(lifted_by), "{reason}");
    }
    let refused = explain(&unable(), Action::EditVaccination, now());
    assert_eq!(refused.reasons.len(), 1);
    assert_eq!(refused.reasons[0].lifted_by, Reason::MembershipDeactivated.lifted_by());
}

// R-P6
#[test]
fn an_answer_changes_by_itself_at_the_closing_and_only_then() {
    let closing = at("2026-04-06T23:00:00Z");
    let deactivated = Standing { state: closing_at("2026-04-06T23:00:00Z"), ..able() };
    let changes_at = |standing: &Standing, now| {
        // the same for what is allowed and for what is refused already
        let [edit, record] = [Action::EditVaccination, Action::RecordVaccination]
            .map(|action| explain(standing, action, now).changes_at);
        assert_eq!(edit, record);
        edit
    };
    assert_eq!(changes_at(&deactivated, now()), Some(closing));
    assert_eq!(changes_at(&deactivated, closing - TimeDelta::nanoseconds(1)), Some(closing));
    assert_eq!(changes_at(&deactivated, closing), None);
    assert_eq!(changes_at(&able(), now()), None);
    for closed in states_of(OrganisationStatus::Closed) {
        assert_eq!(changes_at(&Standing { state: closed, ..able() }, now()), None);
    }
    // R-L7: a slow clock does not bring a closing back.
    let slow = at("2026-02-01T00:00:00Z");
    assert_eq!(changes_at(&Standing { changed_at: closing, ..deactivated }, slow), None);
}

// R-L3, R-P3: to the nanosecond.
#[test]
fn a_decision_turns_at_the_closing_instant() {
    let closing = at("2026-04-06T23:00:00Z");
    let deactivated = Standing { state: closing_at("2026-04-06T23:00:00Z"), ..able() };
    let decide = |now| decide(&deactivated, Action::EditVaccination, now);
    assert_eq!(decide(closing - TimeDelta::nanoseconds(1)), Decision::Allowed);
    assert_eq!(decide(closing), Decision::Refused(Reason::OrganisationClosed));
}

// R-L7: a decision takes the later of the given time and the organisation's last change.
#[test]
fn a_slow_clock_does_not_reopen_what_has_closed() {
    let closing = at("2026-04-06T23:00:00Z");
    let seen_closed =
        Standing { state: closing_at("2026-04-06T23:00:00Z"), changed_at: closing, ..able() };
    let slow = closing - TimeDelta::days(30);
    assert_eq!(seen_closed.status_at(slow), OrganisationStatus::Closed);
    let refused = Decision::Refused(Reason::OrganisationClosed);
    assert_eq!(decide(&seen_closed, Action::EditVaccination, slow), refused);
    assert!(!explain(&seen_closed, Action::EditVaccination, slow).allowed);
    assert!(require(Some(&seen_closed), Action::EditVaccination, slow).is_err());
}

// R-P5: the refusal carries every reason, the first being its code.
#[test]
fn what_is_required_and_not_allowed_is_refused_with_every_reason() {
    assert_eq!(require(Some(&able()), Action::DeactivateUser, now()), Ok(()));
    let refusal = require(Some(&unable()), Action::ManageUsers, now()).unwrap_err();
    assert_eq!(refusal.code(), Code::MembershipDeactivated);
    let faults: Vec<_> = refusal.faults().map(|f| (f.code(), f.field(), f.message())).collect();
    assert_eq!(
        faults,
        [
            (Code::MembershipDeactivated, None, "your access at this organisation is deactivated"),
            (Code::OrganisationDeactivated, None, "the organisation is deactivated"),
            (Code::PermissionLevel, None, "your permission level does not cover this"),
        ]
    );
    let stranger = require(None, Action::ManageUsers, now()).unwrap_err();
    assert_eq!(stranger.code(), Code::NotAMember);
}

// R-P5
#[test]
fn every_reason_has_its_code_and_its_message() {
    let table = [
        ("organisation_closed", "the organisation is closed"),
        ("membership_deactivated", "your access at this organisation is deactivated"),
        ("organisation_invited", "nobody has entered this organisation yet"),
        ("membership_invited", "you have not entered this organisation yet"),
        ("organisation_deactivated", "the organisation is deactivated"),
        ("permission_level", "your permission level does not cover this"),
        ("vaccine_not_granted", "the organisation may not record this vaccine type"),
    ];
    for ((code, message), reason) in table.into_iter().zip(Reason::ALL) {
        assert_eq!((reason.code().as_str(), reason.message()), (code, message));
        assert_eq!(format!("{reason}"), code);
        assert_eq!(serde_json::to_value(reason).unwrap(), code);
        assert_eq!(Fault::from(reason), Fault::new(reason.code(), message));
    }
}

// R-P5: the first that holds refuses.
#[test]
fn a_reason_that_is_given_twice_holds_once() {
    for (place, reason) in Reason::ALL.into_iter().enumerate() {
        let once = Reasons::default().when(true, reason);
        assert_eq!(once.when(true, reason).when(false, reason), once);
        assert_eq!(once.iter().collect::<Vec<_>>(), [reason]);
        assert_eq!(once.decision(), Decision::Refused(reason));
        assert!(!once.is_empty());
        let all = Reason::ALL.into_iter().skip(place);
        let from_here = all.clone().fold(Reasons::NONE, |reasons, r| reasons.when(true, r));
        assert_eq!(from_here.decision(), Decision::Refused(reason));
        assert!(from_here.iter().eq(all));
    }
    assert_eq!(Reasons::default().decision(), Decision::Allowed);
    assert!(Reasons::default().is_empty());
}

#[test]
fn only_allowed_is_allowed() {
    assert!(Decision::Allowed.is_allowed());
    for reason in Reason::ALL {
        assert!(!Decision::Refused(reason).is_allowed());
    }
}
