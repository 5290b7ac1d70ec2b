//! What does not load.

use serde_json::{Value, json};

use super::*;

/// Why stored state does not load, the same whether it comes as fields or as JSON.
fn why_not(stored: &StoredOrganisation) -> Option<String> {
    let read = Organisation::restore(stored.clone());
    let from_json = serde_json::from_value::<Organisation>(serde_json::to_value(stored).unwrap());
    match (read, from_json) {
        (Ok(read), Ok(from_json)) => {
            assert_eq!(read, from_json);
            assert_eq!(StoredOrganisation::from(read), *stored);
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
    for organisation in [invited(), active(), deactivated(), closed(), withdrawn()] {
        assert_eq!(why_not(organisation.stored()), None);
        let json = serde_json::to_string(&organisation).unwrap();
        assert_eq!(serde_json::from_str::<Organisation>(&json).unwrap(), organisation);
    }
}

// R-L7: what is stored of times follows their order, to the nanosecond.
#[test]
fn times_out_of_order_do_not_load() {
    let change = |organisation: Organisation, change: fn(&mut StoredOrganisation)| {
        let mut stored = organisation.stored().clone();
        change(&mut stored);
        why_not(&stored)
    };
    let refused = |why: &str| Some(why.to_string());
    assert_eq!(
        change(invited(), |o| o.changed_at = o.invited_at - nanosecond()),
        refused("organisation: changed before it was invited")
    );
    assert_eq!(change(invited(), |o| o.changed_at = o.invited_at + nanosecond()), None);

    let since = |since| OrganisationState::Active { since };
    let older = "organisation: its state is older than its invitation";
    let younger = "organisation: its state is younger than its last change";
    assert_eq!(
        change(active(), |o| o.state =
            OrganisationState::Active { since: o.invited_at - nanosecond() }),
        refused(older)
    );
    assert_eq!(
        change(active(), |o| o.state = OrganisationState::Active { since: o.invited_at }),
        None
    );
    assert_eq!(
        change(active(), |o| o.state =
            OrganisationState::Active { since: o.changed_at + nanosecond() }),
        refused(younger)
    );
    assert_eq!(active().state(), &since(active().stored().changed_at));

    for organisation in [deactivated(), closed()] {
        assert_eq!(
            change(organisation.clone(), |o| match &mut o.state {
                OrganisationState::Deactivated { at, .. }
                | OrganisationState::Closed { at, .. } => *at = o.changed_at + nanosecond(),
                _ => unreachable!(),
            }),
            refused(younger)
        );
        assert_eq!(
            change(organisation, |o| match &mut o.state {
                OrganisationState::Deactivated { at, .. }
                | OrganisationState::Closed { at, .. } => *at = o.invited_at - nanosecond(),
                _ => unreachable!(),
            }),
            refused(older)
        );
    }
}

// R-L5: nothing changes once it is closed.
#[test]
fn a_change_of_a_closed_organisation_does_not_load() {
    for organisation in [closed(), withdrawn()] {
        let mut stored = organisation.stored().clone();
        stored.changed_at += nanosecond();
        assert_eq!(why_not(&stored), Some("organisation: changed after it closed".to_string()));
    }
}

// R-L3: nothing changes at a closed organisation but the closing that is written down.
#[test]
fn a_change_after_the_closing_does_not_load() {
    let changed_at = |changed_at| {
        let mut stored = deactivated().stored().clone();
        stored.changed_at = changed_at;
        why_not(&stored)
    };
    let why = Some("organisation: changed after its closing".to_string());
    assert_eq!(changed_at(closing() - nanosecond()), None);
    assert_eq!(changed_at(closing()), why);
    assert_eq!(changed_at(closing() + nanosecond()), why);
}

#[test]
fn a_step_without_a_version_does_not_load() {
    let version = |organisation: Organisation, number| {
        let mut stored = organisation.stored().clone();
        stored.version = Version::new(number).unwrap();
        why_not(&stored)
    };
    let why = Some("organisation: a step without a version".to_string());
    for organisation in [active(), deactivated(), closed(), withdrawn()] {
        assert_eq!(version(organisation.clone(), 1), why);
        assert_eq!(version(organisation, 2), None);
    }
    assert_eq!(version(invited(), 1), None);
    assert_eq!(version(invited(), 7), None);
}

fn loads(organisation: &Organisation, change: impl FnOnce(&mut Value)) -> bool {
    let mut json = serde_json::to_value(organisation).unwrap();
    change(&mut json);
    serde_json::from_value::<Organisation>(json).is_ok()
}

// R-V3, R-L3, R-A1, R-O1: each part checks itself on the way in.
#[test]
fn parts_that_break_a_rule_do_not_load() {
    let organisation = deactivated();
    assert!(loads(&organisation, |_| {}));
    assert!(!loads(&organisation, |o| o["vaccines"]["count"] = json!(2)));
    assert!(!loads(&organisation, |o| o["vaccines"]["grants"] = json!([])));
    assert!(!loads(&organisation, |o| o["vaccines"]["grants"][0][1] = json!("")));
    assert!(!loads(&organisation, |o| {
        o["state"]["Deactivated"]["closes_at"] = json!("2025-08-10T23:00:01Z");
    }));
    assert!(!loads(&organisation, |o| o["region"] = json!("Y57")));
    assert!(!loads(&organisation, |o| o["ods_code"] = json!("R")));
    assert!(!loads(&organisation, |o| o["version"] = json!(0)));
    assert!(!loads(&organisation, |o| o["state"] = json!("Reopened")));
}

// R-V3
#[test]
fn grants_load_only_whole() {
    let (grants, _) = VaccineGrants::default().with(types(&["Flu", "RSV"]));
    let json = json!({ "count": 2, "grants": [[1, "Flu"], [2, "RSV"]] });
    assert_eq!(serde_json::to_value(&grants).unwrap(), json);
    assert_eq!(serde_json::from_value::<VaccineGrants>(json).unwrap(), grants);
    let table = [
        (json!({ "count": 2, "grants": [[1, "Flu"]] }), "a granted vaccine is missing"),
        (json!({ "count": 0, "grants": [[1, "Flu"]] }), "a granted vaccine is missing"),
        (json!({ "count": 1, "grants": [[2, "RSV"]] }), "a granted vaccine is missing"),
        (json!({ "count": 2, "grants": [[2, "Flu"], [1, "RSV"]] }), "a granted vaccine is missing"),
        (json!({ "count": 2, "grants": [[1, "Flu"], [2, "FLU"]] }), "a vaccine is granted twice"),
    ];
    for (json, why) in table {
        let error = serde_json::from_value::<VaccineGrants>(json).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
}
