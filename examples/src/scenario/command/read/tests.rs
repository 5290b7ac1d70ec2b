use ravs_core::{OrganisationStatus, PermissionLevel, Region};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::*;
use crate::scenario::vocabulary::Provider;

fn read(word: &str, fields: Value) -> Result<Command, Vec<String>> {
    let Value::Object(object) = fields else { panic!("{fields}") };
    let mut names = Names::default();
    names.give(Made::Organisation, "uclh");
    names.give(Made::Record, "first");
    let mut fields = Fields::of_line(object);
    let command = (named(word).unwrap().read)(&mut fields, &names);
    let faults: Vec<String> = fields.finish().iter().map(ToString::to_string).collect();
    match command {
        Some(command) if faults.is_empty() => Ok(command),
        _ => Err(faults),
    }
}

fn uclh() -> Reference {
    Reference::Name("uclh".into())
}

/// Every `do` with its actor, all fields it can have, and what comes of them.
fn table() -> Vec<(&'static str, ActorKind, Value, Command)> {
    use ActorKind::{Region as Lead, Session, Support, System, User};
    let person = json!({"first_name": "Amara", "last_name": "Okafor", "email": "amara@nhs.net"});
    let amara = || Nominee {
        first_name: "Amara".into(),
        last_name: "Okafor".into(),
        email: "amara@nhs.net".into(),
    };
    let email = || "amara@nhs.net".to_owned();
    let date = |text: &str| text.parse().unwrap();
    let here = json!({"organisation": "uclh"});
    let one = json!({"email": "amara@nhs.net"});
    vec![
        (
            "add_regional_lead",
            Support,
            json!({"region": "London", "requested_from": "rvoc@example.nhs.uk",
                "first_name": "Amara", "last_name": "Okafor", "email": "amara@nhs.net"}),
            Command::AddRegionalLead {
                region: Region::London,
                requested_from: "rvoc@example.nhs.uk".into(),
                first_name: "Amara".into(),
                last_name: "Okafor".into(),
                email: email(),
            },
        ),
        ("stop_regional_lead", Support, one.clone(), Command::StopRegionalLead { email: email() }),
        ("resend_activation", Support, one.clone(), Command::ResendActivation { email: email() }),
        (
            "search",
            Lead,
            json!({"query": "euston", "limit": 5}),
            Command::Search { query: "euston".into(), limit: Some(5) },
        ),
        (
            "onboard",
            Lead,
            json!({"ods_code": "RRV", "vaccines": ["Flu"], "nominees": [person]}),
            Command::Onboard {
                ods_code: "RRV".into(),
                vaccines: vec!["Flu".into()],
                nominees: vec![amara()],
            },
        ),
        (
            "nominate",
            Lead,
            json!({"organisation": "uclh", "nominees": [person]}),
            Command::Nominate { organisation: uclh(), nominees: vec![amara()] },
        ),
        ("withdraw", Lead, here.clone(), Command::Withdraw { organisation: uclh() }),
        ("deactivate", Lead, here.clone(), Command::Deactivate { organisation: uclh() }),
        ("reactivate", Lead, here.clone(), Command::Reactivate { organisation: uclh() }),
        ("show", Lead, here.clone(), Command::Show { organisation: uclh() }),
        (
            "add_vaccines",
            Lead,
            json!({"organisation": "uclh", "vaccines": ["MMR"]}),
            Command::AddVaccines { organisation: uclh(), vaccines: vec!["MMR".into()] },
        ),
        (
            "list",
            Lead,
            json!({"status": "Active", "invited_by": "amara@nhs.net", "limit": 2, "after": "uclh"}),
            Command::List {
                status: Some(OrganisationStatus::Active),
                invited_by: Some(email()),
                limit: Some(2),
                after: Some(uclh()),
            },
        ),
        ("sign_in", User, json!({}), Command::SignIn),
        ("enter", User, here.clone(), Command::Enter { organisation: uclh() }),
        (
            "authorise",
            Session,
            json!({"action": "record_vaccination", "vaccine": "Flu"}),
            Command::Authorise { action: Action::RecordVaccination, vaccine: Some("Flu".into()) },
        ),
        (
            "explain",
            Session,
            json!({"action": "edit_vaccination"}),
            Command::Explain { action: Action::EditVaccination, vaccine: None },
        ),
        (
            "add_user",
            Session,
            json!({"first_name": "Amara", "last_name": "Okafor", "email": "amara@nhs.net",
                "clinician": true, "level": "lead_administrator"}),
            Command::AddUser {
                first_name: "Amara".into(),
                last_name: "Okafor".into(),
                email: email(),
                clinician: true,
                level: PermissionLevel::LeadAdministrator,
            },
        ),
        (
            "change_user",
            Session,
            json!({"email": "amara@nhs.net", "level": "Recorder", "clinician": false}),
            Command::ChangeUser {
                email: email(),
                level: Some(PermissionLevel::Recorder),
                clinician: Some(false),
            },
        ),
        ("deactivate_user", Session, one.clone(), Command::DeactivateUser { email: email() }),
        ("reactivate_user", Session, one, Command::ReactivateUser { email: email() }),
        (
            "move_to_main_email",
            Session,
            json!({"from": "a@nhs.net", "to": "b@nhs.net"}),
            Command::MoveToMainEmail { from: "a@nhs.net".into(), to: "b@nhs.net".into() },
        ),
        ("users", Session, json!({}), Command::Users),
        ("clinicians", Session, json!({}), Command::Clinicians),
        ("records", Session, json!({}), Command::Records),
        (
            "record",
            Session,
            json!({"vaccine": "Flu", "given_on": "2025-10-01", "assessing": "a", "consenting": "b"}),
            Command::Record {
                vaccine: "Flu".into(),
                given_on: date("2025-10-01"),
                assessing: "a".into(),
                consenting: "b".into(),
            },
        ),
        (
            "edit",
            Session,
            json!({"record": "first", "given_on": "2025-10-02", "assessing": "a",
                "consenting": "b"}),
            Command::Edit {
                record: Reference::Name("first".into()),
                given_on: Some(date("2025-10-02")),
                assessing: Some("a".into()),
                consenting: Some("b".into()),
            },
        ),
        (
            "report",
            Session,
            json!({"from": "2025-10-01", "to": "2025-10-31"}),
            Command::Report { from: date("2025-10-01"), to: date("2025-10-31") },
        ),
        ("sweep", System, json!({}), Command::Sweep),
        (
            "deliver",
            System,
            json!({"provider": "down"}),
            Command::Deliver { provider: Provider::Down },
        ),
        ("emails", System, json!({}), Command::Emails),
        ("history", System, here, Command::History { organisation: uclh() }),
    ]
}

#[test]
fn every_do_is_read_with_all_its_fields() {
    let table = table();
    assert_eq!(table.len(), READERS.len());
    for (word, actor, fields, command) in table {
        assert_eq!(named(word).map(|reader| reader.actor), Some(actor), "{word}");
        assert_eq!(command.word(), word);
        assert_eq!(read(word, fields), Ok(command), "{word}");
    }
}

#[test]
fn every_do_refuses_a_field_that_is_not_its_own() {
    for (word, _, mut fields, _) in table() {
        fields["colour"] = json!("blue");
        assert_eq!(read(word, fields), Err(vec!["colour: is not known here".into()]), "{word}");
    }
}

#[test]
fn every_do_names_a_field_of_the_wrong_type() {
    for (word, _, fields, _) in table() {
        for field in fields.as_object().unwrap_or(&Map::new()).keys() {
            let mut wrong = fields.clone();
            wrong[field] = json!({"not": "this"});
            let faults = read(word, wrong).expect_err(word);
            assert!(
                faults.iter().any(|fault| fault.starts_with(&format!("{field}: "))),
                "{word}, {field}: {faults:?}"
            );
        }
    }
}

#[test]
fn every_field_that_is_not_optional_is_missed() {
    let optional = [
        ("search", "limit"),
        ("onboard", "vaccines"),
        ("list", "status"),
        ("list", "invited_by"),
        ("list", "limit"),
        ("list", "after"),
        ("authorise", "vaccine"),
        ("change_user", "level"),
        ("change_user", "clinician"),
        ("edit", "given_on"),
        ("edit", "assessing"),
        ("edit", "consenting"),
        ("deliver", "provider"),
    ];
    for (word, _, fields, _) in table() {
        for field in fields.as_object().unwrap_or(&Map::new()).keys() {
            let mut less = fields.as_object().cloned().unwrap_or_default();
            less.remove(field);
            let read = read(word, Value::Object(less));
            if optional.contains(&(word, field)) {
                assert!(read.is_ok(), "{word}, {field}: {read:?}");
            } else {
                assert_eq!(read, Err(vec![format!("{field}: is missing")]), "{word}");
            }
        }
    }
}

#[test]
fn all_faults_of_a_step_are_found() {
    let faults = read(
        "onboard",
        json!({"vaccines": "Flu", "nominees": [
            {"first_name": "Amara", "last_name": 3},
            {"first_name": "Ben", "last_name": "Osei", "email": "ben@nhs.net", "level": "Lead"}
        ]}),
    );
    assert_eq!(
        faults,
        Err(vec![
            "ods_code: is missing".into(),
            "vaccines: must be an array, and is a string".into(),
            "nominees[0].last_name: must be a string, and is another number".into(),
            "nominees[0].email: is missing".into(),
            "nominees[1].level: is not known here".into(),
        ])
    );
}

#[test]
fn only_recording_is_about_a_vaccine() {
    assert_eq!(
        read("explain", json!({"action": "create_reports", "vaccine": "Flu"})),
        Err(vec!["vaccine: is not known here".into()])
    );
    assert_eq!(
        read("authorise", json!({"action": "fly", "vaccine": "Flu"})).map_err(|told| told.len()),
        Err(1)
    );
    for action in Action::ALL {
        assert_eq!(
            read("authorise", json!({"action": action.as_str()})),
            Ok(Command::Authorise { action, vaccine: None })
        );
    }
}

#[test]
fn a_change_changes_something() {
    assert_eq!(
        read("change_user", json!({"email": "amara@nhs.net"})),
        Err(vec!["level: is missing, and so is `clinician`".into()])
    );
    assert_eq!(
        read("edit", json!({"record": "first"})),
        Err(vec!["given_on: is missing, and so are `assessing` and `consenting`".into()])
    );
}

#[test]
fn an_id_stands_for_a_name() {
    let id = "00000000-0000-0000-0000-00000000002a";
    assert_eq!(
        read("show", json!({"organisation": id})),
        Ok(Command::Show { organisation: Reference::Id(Uuid::from_u128(42)) })
    );
    assert_eq!(
        read("list", json!({"after": "elsewhere"})),
        Err(vec![
            "after: `elsewhere` is neither an id nor a name given to an organisation before".into()
        ])
    );
    assert_eq!(
        read("edit", json!({"record": "uclh", "assessing": "a"})),
        Err(vec!["record: `uclh` is neither an id nor a name given to a record before".into()])
    );
}

#[test]
fn a_level_that_is_none_does_not_hide_the_rest() {
    assert_eq!(
        read("change_user", json!({"level": "boss"})),
        Err(vec![
            "email: is missing".into(),
            "level: a permission level is `Recorder`, `Administrator` or `Lead administrator`"
                .into(),
        ])
    );
}
