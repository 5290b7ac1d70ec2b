use ravs_core::command::{AddRegionalLead, add_regional_lead, lead_of, stop_regional_lead};
use ravs_core::{Actor, Code, Region, RegionalLeadState};

use crate::desk::{Desk, at, faults, happened, queued, whole};
use crate::sample;

fn command(email: &str) -> AddRegionalLead {
    AddRegionalLead {
        region: Region::London,
        requested_from: " RVOC.London@nhs.net".into(),
        first_name: "Jo".into(),
        last_name: "Ng".into(),
        email: email.into(),
    }
}

fn stopped() -> ravs_core::RegionalLead {
    sample::lead(RegionalLeadState::Stopped { at: sample::start() })
}

// R-A2
#[test]
fn a_new_lead_gets_an_account_and_a_welcome() {
    let desk = Desk::open();
    let decided = add_regional_lead(desk.by(Actor::Support), None, &command("jo@nhs.net")).unwrap();
    assert_eq!(decided.answer.email().as_str(), "jo@nhs.net");
    let [lead] = decided.change.regional_leads() else { panic!("one lead") };
    assert_eq!((lead.state.region(), lead.replaces), (Region::London, None));
    assert!(lead.state.is_active() && lead.state.user() == decided.answer.id());
    assert_eq!(happened(&decided.change), ["user_added", "regional_lead_added"]);
    let names: Vec<_> = queued(&decided.change).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["open_account", "welcome_regional_lead"]);
}

// R-A2, R-U2, R-U3: every fault at once.
#[test]
fn bad_input_gets_every_fault_at_once() {
    let desk = Desk::open();
    let command = AddRegionalLead {
        region: Region::Midlands,
        first_name: String::new(),
        last_name: "x".repeat(51),
        ..command("jo@gmail.com")
    };
    assert_eq!(
        faults(add_regional_lead(desk.by(Actor::Support), None, &command)),
        [
            at(Code::NotTheRvocMailbox, "requested_from"),
            at(Code::NameMissing, "first_name"),
            at(Code::NameTooLong, "last_name"),
            at(Code::EmailDomainNotAllowed, "email"),
        ]
    );
}

// R-A2: an active lead of any region is in use; a stopped one can be added again.
#[test]
fn who_was_stopped_can_be_added_again() {
    let desk = Desk::open();
    let (user, active, stopped) = (sample::user(0), sample::active_lead(), stopped());
    let add = |known| add_regional_lead(desk.by(Actor::Support), known, &command("user-0@nhs.net"));
    let refused = faults(add(Some((&user, Some(&active)))));
    assert_eq!(refused, [at(Code::EmailInUse, "email")]);
    let again = add(Some((&user, Some(&stopped)))).unwrap();
    assert_eq!(again.answer, user);
    assert_eq!(again.change.regional_leads()[0].replaces, Some(stopped.version()));
    assert_eq!(happened(&again.change), ["regional_lead_added"]);
    // somebody who is a user, and never was a lead
    let first = add(Some((&user, None))).unwrap();
    assert_eq!(first.change.regional_leads()[0].replaces, None);
    assert_eq!(first.change.users(), []);
}

// R-A3, R-A5
#[test]
fn a_stopped_lead_has_no_access() {
    let desk = Desk::open();
    let lead = sample::active_lead();
    let decided = stop_regional_lead(desk.by(Actor::Support), Some(&lead)).unwrap();
    assert!(!decided.change.regional_leads()[0].state.is_active());
    assert_eq!(happened(&decided.change), ["regional_lead_stopped"]);
    assert_eq!(queued(&decided.change), [("settle_access", Some(0))]);
    for nobody in [None, Some(&stopped())] {
        let refused = stop_regional_lead(desk.by(Actor::Support), nobody);
        assert_eq!(faults(refused), [whole(Code::NotARegionalLead)]);
        assert_eq!(lead_of(nobody).unwrap_err().code(), Code::NotARegionalLead);
    }
    assert_eq!(lead_of(Some(&lead)), Ok(&lead));
}
