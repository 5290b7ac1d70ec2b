mod loading;
mod names;

use alloc::string::{String, ToString as _};
use alloc::vec;

use chrono::TimeDelta;
use uuid::Uuid;

use super::*;
use crate::refusal::Fault;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn nanosecond() -> TimeDelta {
    TimeDelta::nanoseconds(1)
}

fn types(names: &[&str]) -> Vec<VaccineType> {
    names.iter().map(|name| name.parse().unwrap()).collect()
}

fn body() -> Body {
    Body {
        code: "RRV".parse().unwrap(),
        name: "A trust".to_string(),
        address: "1 High Street, Leeds".to_string(),
        postcode: "LS1 1AA".to_string(),
        legally_closed: None,
    }
}

/// Invited on 1 May 2025 with flu.
fn invited() -> Organisation {
    let (id, lead) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let (grants, _) = VaccineGrants::default().with(types(&["Flu"]));
    let (id, lead) = (OrganisationId::from_uuid(id), UserId::from_uuid(lead));
    Organisation::invite(id, body(), Region::London, lead, grants, at("2025-05-01T09:00:00Z"))
}

/// Entered on 2 May 2025.
fn active() -> Organisation {
    invited().enter(at("2025-05-02T09:00:00Z")).unwrap()
}

/// Deactivated as in the published example.
fn deactivated() -> Organisation {
    active().deactivate(90, at("2025-05-12T10:02:51Z")).unwrap()
}

fn closing() -> DateTime<Utc> {
    at("2025-08-10T23:00:00Z")
}

fn closed() -> Organisation {
    deactivated().write_down_closing(at("2025-08-11T04:00:00Z")).unwrap()
}

fn withdrawn() -> Organisation {
    invited().withdraw(at("2025-05-03T09:00:00Z")).unwrap()
}

const STEPS: [Step; 7] = [
    Step::Withdraw,
    Step::Enter,
    Step::Deactivate,
    Step::Reactivate,
    Step::WriteDownClosing,
    Step::AddVaccines,
    Step::Nominate,
];

fn take(
    organisation: Organisation,
    step: Step,
    now: DateTime<Utc>,
) -> Result<Organisation, StepRefused> {
    match step {
        Step::Withdraw => organisation.withdraw(now),
        Step::Enter => organisation.enter(now),
        Step::Deactivate => organisation.deactivate(90, now),
        Step::Reactivate => organisation.reactivate(now),
        Step::WriteDownClosing => organisation.write_down_closing(now),
        Step::AddVaccines => Ok(organisation.add_vaccines(types(&["MMR"]), now)?.0),
        Step::Nominate => {
            organisation.check_growth(Step::Nominate, now).map(|()| organisation.touch(now))
        }
    }
}

// R-L1, R-L2, R-L4, R-L5, R-O7, R-O8, R-V2: where each step leads from each state, or its code.
#[test]
fn every_step_from_every_state_leads_where_the_rulebook_says() {
    let june = at("2025-06-01T00:00:00Z");
    let over = ["organisation_closed"; 7];
    let mut due = over;
    due[4] = "Closed"; // writing down what is true already
    #[rustfmt::skip]
    let table: [(Organisation, DateTime<Utc>, [&str; 7]); 7] = [
        // withdraw, enter, deactivate, reactivate, write down the closing, add vaccines, nominate
        (invited(), june, ["Closed", "Active", "still_invited", "not_deactivated",
            "not_deactivated", "Invited", "Invited"]),
        (active(), june, ["already_active", "Active", "Deactivated", "not_deactivated",
            "not_deactivated", "Active", "Active"]),
        (deactivated(), june, ["already_active", "Deactivated", "already_deactivated", "Active",
            "not_deactivated", "organisation_deactivated", "organisation_deactivated"]),
        (deactivated(), closing() - nanosecond(), ["already_active", "Deactivated",
            "already_deactivated", "Active", "not_deactivated", "organisation_deactivated",
            "organisation_deactivated"]),
        (deactivated(), closing(), due),
        (closed(), at("2026-01-01T00:00:00Z"), over),
        (withdrawn(), june, over),
    ];
    for (organisation, now, row) in table {
        let from = organisation.status_at(now);
        for (step, expected) in STEPS.into_iter().zip(row) {
            let outcome = match take(organisation.clone(), step, now) {
                Ok(after) => after.status_at(now).to_string(),
                Err(refused) => {
                    assert_eq!((refused.from(), refused.attempted()), (from, step));
                    refused.code().to_string()
                }
            };
            assert_eq!(outcome, expected, "{step:?} from {:?} at {now}", organisation.state());
        }
    }
}

// R-H1: a step is one version more, at its time; what changes nothing is no step.
#[test]
fn a_step_moves_the_version_and_the_time_of_the_last_change() {
    let now = at("2025-06-01T00:00:00Z");
    let moved = [
        (invited(), Step::Withdraw),
        (invited(), Step::Enter),
        (active(), Step::Deactivate),
        (deactivated(), Step::Reactivate),
        (active(), Step::AddVaccines),
        (invited(), Step::Nominate),
    ];
    for (before, step) in moved {
        let after = take(before.clone(), step, now).unwrap();
        assert_eq!(after.version(), before.version().next(), "{step:?}");
        assert_eq!(after.stored().changed_at, now, "{step:?}");
    }
    for before in [active(), deactivated()] {
        assert_eq!(take(before.clone(), Step::Enter, now), Ok(before)); // R-L1
    }
    let (after, added) = active().add_vaccines(types(&["flu"]), now).unwrap();
    assert_eq!((after, added), (active(), vec![])); // R-V2
    assert_eq!(invited().version(), Version::FIRST);
}

// R-L1, R-L4
#[test]
fn what_is_stored_of_each_step() {
    let now = at("2025-06-01T00:00:00Z");
    let state = |organisation: Organisation| *organisation.state();
    let because = ClosedBecause::Withdrawn;
    assert_eq!(state(invited()), OrganisationState::Invited);
    assert_eq!(state(invited().enter(now).unwrap()), OrganisationState::Active { since: now });
    let back = deactivated().reactivate(now).unwrap();
    assert_eq!(state(back), OrganisationState::Active { since: now });
    let over = invited().withdraw(now).unwrap();
    assert_eq!(state(over), OrganisationState::Closed { at: now, because });
    let closes_at = Closing::restore(closing()).unwrap();
    let (at, because) = (at("2025-05-12T10:02:51Z"), ClosedBecause::GracePeriodEnded);
    assert_eq!(state(deactivated()), OrganisationState::Deactivated { at, closes_at });
    // R-L6: closed since the closing instant, whenever it is written down.
    assert_eq!(state(closed()), OrganisationState::Closed { at: closing(), because });
    assert_eq!(closed().stored().changed_at, closing());
    assert_eq!(closed().version(), deactivated().version().next());
}

// R-L3: the days are the policy's; the closing is computed once, and kept.
#[test]
fn the_closing_is_set_at_deactivation() {
    let now = at("2025-05-12T10:02:51Z");
    for (days, last_day) in [(0, "2025-05-12"), (1, "2025-05-13"), (90, "2025-08-10")] {
        let deactivated = active().deactivate(days, now).unwrap();
        let closing = deactivated.state().closing().unwrap();
        assert_eq!(closing.last_day().to_string(), last_day);
        assert_eq!(closing, Closing::after(now, days));
        let told = active().deactivate_until(closing, now).unwrap();
        assert_eq!(told, deactivated);
    }
    // R-L4: a second deactivation counts anew.
    let again = deactivated().reactivate(closing() - nanosecond()).unwrap();
    let again = again.deactivate(90, at("2025-08-11T00:00:00Z")).unwrap();
    assert_eq!(again.state().closing().unwrap().last_day().to_string(), "2025-11-09");
}

// R-L6: with a sweep or without one, the same answer.
#[test]
fn a_closing_that_has_come_is_true_before_it_is_written_down() {
    let swept = deactivated().write_down_closing(closing()).unwrap();
    for now in [closing(), at("2030-01-01T00:00:00Z")] {
        assert_eq!(deactivated().status_at(now), swept.status_at(now));
        assert_eq!(deactivated().next_change_at(now), swept.next_change_at(now));
        assert_eq!(deactivated().state().closed_because(now), swept.state().closed_because(now));
    }
    assert_eq!(deactivated().next_change_at(at("2025-06-01T00:00:00Z")), Some(closing()));
    assert_eq!(swept.next_change_at(at("2025-06-01T00:00:00Z")), None);
}

// R-L7
#[test]
fn time_does_not_run_backwards() {
    let slow = at("2025-01-01T00:00:00Z");
    let entered = invited().enter(slow).unwrap();
    assert_eq!(
        *entered.state(),
        OrganisationState::Active { since: invited().stored().invited_at }
    );
    let (told, changed_at) = (active().deactivate(90, slow).unwrap(), active().stored().changed_at);
    assert_eq!(told.state().closing(), Some(Closing::after(changed_at, 90)));
    assert_eq!(told.stored().changed_at, changed_at);
    let withdrawn = invited().withdraw(slow).unwrap();
    assert_eq!(withdrawn.stored().changed_at, invited().stored().invited_at);
    assert_eq!(active().touch(slow).stored().changed_at, changed_at);
    assert_eq!(active().not_before(slow), changed_at);
    assert_eq!(active().not_before(closing()), closing());
    for step in STEPS {
        let refused = take(closed(), step, slow).unwrap_err();
        assert_eq!(refused.code(), Code::OrganisationClosed);
    }
    assert_eq!(closed().status_at(slow), OrganisationStatus::Closed);
    assert_eq!(deactivated().next_change_at(slow), Some(closing()));
}

// R-L2, R-L5, R-O7, R-O8, R-V2: what a refused step says to a person.
#[test]
fn a_refused_step_says_what_could_be_done_instead() {
    let said = |organisation: Organisation, step| {
        let refused = take(organisation, step, at("2025-06-01T00:00:00Z")).unwrap_err();
        let fault = Fault::from(refused);
        assert_eq!((fault.code(), fault.field()), (refused.code(), None));
        assert_eq!(fault.message(), refused.to_string());
        String::from(fault.message())
    };
    let said = [
        said(invited(), Step::Deactivate),
        said(invited(), Step::Reactivate),
        said(active(), Step::Withdraw),
        said(active(), Step::WriteDownClosing),
        said(deactivated(), Step::Withdraw),
        said(deactivated(), Step::Deactivate),
        said(deactivated(), Step::AddVaccines),
        said(deactivated(), Step::Nominate),
        said(withdrawn(), Step::Enter),
    ];
    assert_eq!(
        said,
        [
            "the organisation is Invited: no one can deactivate it; its invitation can be withdrawn",
            "the organisation is Invited: no one can reactivate it",
            "the organisation is Active: no one can withdraw its invitation; it can be deactivated",
            "the organisation is Active: no one can close it",
            "the organisation is Deactivated: no one can withdraw its invitation",
            "the organisation is Deactivated: no one can deactivate it",
            "the organisation is Deactivated: no one can add vaccines; it can be reactivated until \
             it closes",
            "the organisation is Deactivated: no one can nominate lead administrators; it can be \
             reactivated until it closes",
            "the organisation is Closed: no one can enter it any more; the body can be onboarded \
             again",
        ]
    );
}

// R-V2: the spelling and the order of granting stay.
#[test]
fn added_vaccines_join_those_there() {
    let now = at("2025-06-01T00:00:00Z");
    let (after, added) = active().add_vaccines(types(&["RSV", "flu", "HPV", "rsv"]), now).unwrap();
    assert_eq!(added, types(&["RSV", "HPV"]));
    let names: Vec<_> = after.vaccines().iter().map(VaccineType::as_str).collect();
    assert_eq!(names, ["Flu", "RSV", "HPV"]);
}

// R-O1: kept as it was shown.
#[test]
fn an_organisation_keeps_what_the_directory_showed() {
    let organisation = invited();
    let stored = organisation.stored();
    assert_eq!(organisation.id(), OrganisationId::from_uuid(Uuid::from_u128(1)));
    assert_eq!(organisation.ods_code().as_str(), "RRV");
    assert_eq!(organisation.name(), "A trust");
    assert_eq!(
        (stored.address.as_str(), stored.postcode.as_str()),
        ("1 High Street, Leeds", "LS1 1AA")
    );
    assert_eq!(organisation.region(), Region::London);
    assert_eq!(stored.invited_by, UserId::from_uuid(Uuid::from_u128(2)));
    assert_eq!(
        (stored.invited_at, stored.changed_at),
        (at("2025-05-01T09:00:00Z"), stored.invited_at)
    );
}

// R-O1
#[test]
fn a_body_is_legally_closed_from_its_day_on() {
    let day = |text: &str| text.parse().unwrap();
    let body = Body { legally_closed: Some(day("2025-03-31")), ..body() };
    assert!(!body.is_legally_closed_on(day("2025-03-30")));
    assert!(body.is_legally_closed_on(day("2025-03-31")));
    assert!(body.is_legally_closed_on(day("2025-04-01")));
    let open = Body { legally_closed: None, ..body };
    assert!(!open.is_legally_closed_on(day("2099-01-01")));
}
