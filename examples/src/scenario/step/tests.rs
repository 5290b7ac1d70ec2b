use serde_json::{Value, json};

use super::*;
use crate::scenario::Reference;

fn read(names: &mut Names, step: Value) -> Result<Step, Vec<String>> {
    let Value::Object(object) = step else { panic!("{step}") };
    Step::read(9, Fields::of_line(object), names)
        .map_err(|faults| faults.iter().map(ToString::to_string).collect())
}

#[test]
fn a_whole_step_is_read() {
    let mut names = Names::default();
    names.give(Made::Organisation, "uclh");
    let step = read(
        &mut names,
        json!({
            "at": "2025-05-12T11:02:51+01:00", "actor": "user:amara@nhs.net", "do": "enter",
            "organisation": "uclh", "as": "amara", "expect": {"refused": "not_a_member"}
        }),
    )
    .unwrap();
    assert_eq!(step.line, 9);
    assert_eq!(step.at.map(|at| at.to_rfc3339()).as_deref(), Some("2025-05-12T10:02:51+00:00"));
    assert_eq!(step.actor, "user:amara@nhs.net".parse().unwrap());
    assert_eq!(step.command, Command::Enter { organisation: Reference::Name("uclh".into()) });
    assert_eq!(step.name.as_deref(), Some("amara"));
    assert_eq!(step.expect, Some(Expectation::Refused("not_a_member".into())));
    assert!(names.has(Made::Session, "amara"));
}

#[test]
fn time_name_and_expectation_can_be_left_out() {
    let step = read(&mut Names::default(), json!({"actor": "system", "do": "sweep"})).unwrap();
    assert_eq!((step.at, step.name, step.expect), (None, None, None));
}

#[test]
fn each_do_has_its_kind_of_actor() {
    assert_eq!(
        read(&mut Names::default(), json!({"actor": "support", "do": "sweep"})),
        Err(vec!["actor: must be `system` for this `do`, and is `support`".into()])
    );
    assert_eq!(
        read(&mut Names::default(), json!({"actor": "region:a@nhs.net", "do": "users"})),
        Err(vec!["actor: must be `session:NAME` for this `do`, and is `region:EMAIL`".into()])
    );
}

#[test]
fn a_session_must_have_been_named() {
    let mut names = Names::default();
    let step = json!({"actor": "session:amara", "do": "users"});
    assert_eq!(
        read(&mut names, step.clone()),
        Err(vec!["actor: `amara` is no name given to a session before".into()])
    );
    names.give(Made::Session, "amara");
    assert!(read(&mut names, step).is_ok());
}

#[test]
fn only_what_makes_something_gives_a_name() {
    assert_eq!(
        read(&mut Names::default(), json!({"actor": "system", "do": "sweep", "as": "x"})),
        Err(vec!["as: belongs to `onboard`, `enter` and `record` only".into()])
    );
}

#[test]
fn a_name_is_neither_empty_nor_an_id() {
    let onboard = |name: &str| {
        json!({"actor": "region:lead@nhs.net", "do": "onboard", "ods_code": "RRV",
            "vaccines": [], "nominees": [], "as": name})
    };
    assert_eq!(read(&mut Names::default(), onboard("")), Err(vec!["as: must not be empty".into()]));
    assert_eq!(
        read(&mut Names::default(), onboard("00000000-0000-0000-0000-00000000002a")),
        Err(vec!["as: must not look like an id".into()])
    );
    assert!(read(&mut Names::default(), onboard("uclh")).is_ok());
}

#[test]
fn a_malformed_step_still_gives_its_name() {
    let mut names = Names::default();
    let told = read(
        &mut names,
        json!({"actor": "region:lead@nhs.net", "do": "onboard", "vaccines": [], "nominees": [],
            "as": "uclh"}),
    );
    assert_eq!(told, Err(vec!["ods_code: is missing".into()]));
    assert!(names.has(Made::Organisation, "uclh"));
}

#[test]
fn a_step_does_not_refer_to_itself() {
    let told = read(
        &mut Names::default(),
        json!({"actor": "user:a@nhs.net", "do": "enter", "organisation": "a", "as": "a"}),
    );
    assert_eq!(
        told,
        Err(vec![
            "organisation: `a` is neither an id nor a name given to an organisation before".into()
        ])
    );
}

#[test]
fn an_unknown_do_hides_no_other_fault() {
    assert_eq!(
        read(
            &mut Names::default(),
            json!({"at": 3, "actor": "nobody", "do": "fly", "to": "the moon", "expect": {}})
        ),
        Err(vec![
            "at: must be a string, and is another number".into(),
            "actor: must be `support`, `system`, `region:EMAIL`, `user:EMAIL` or `session:NAME`"
                .into(),
            "do: `fly` is not known".into(),
            "expect.result: is missing, and so is `refused`".into(),
        ])
    );
    assert_eq!(
        read(&mut Names::default(), json!({})),
        Err(vec!["actor: is missing".into(), "do: is missing".into()])
    );
}
