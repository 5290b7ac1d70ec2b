use serde_json::json;

use super::*;

fn read(expect: Value) -> Result<Option<Expectation>, Vec<String>> {
    let mut line = Map::new();
    line.insert("expect".into(), expect);
    let mut fields = Fields::of_line(line);
    let read = Expectation::read(&mut fields);
    let faults = fields.finish();
    if faults.is_empty() { Ok(read) } else { Err(faults.iter().map(ToString::to_string).collect()) }
}

fn differences(expect: Value, answer: Value) -> Vec<String> {
    let expectation = read(expect).unwrap().unwrap();
    expectation.differences(&answer).iter().map(ToString::to_string).collect()
}

fn refused(codes: &[&str]) -> Value {
    let faults: Vec<Value> = codes.iter().map(|code| json!({"code": code})).collect();
    json!({"step": 1, "refused": {"code": codes[0], "message": "…", "faults": faults}})
}

#[test]
fn the_three_forms_are_read() {
    assert!(matches!(read(json!({"result": {"a": 1}})), Ok(Some(Expectation::Result(_)))));
    assert_eq!(
        read(json!({"refused": "still_invited"})),
        Ok(Some(Expectation::Refused("still_invited".into())))
    );
    assert_eq!(
        read(json!({"refused": ["b", "a", "b"]})),
        Ok(Some(Expectation::RefusedSet(["a".into(), "b".into()].into())))
    );
}

#[test]
fn other_forms_are_malformed() {
    let table = [
        (json!({}), "expect.result: is missing, and so is `refused`"),
        (
            json!({"result": {}, "refused": "a"}),
            "expect.refused: cannot be expected together with a result",
        ),
        (json!({"result": []}), "expect.result: must be an object, and is an array"),
        (json!({"result": null}), "expect.result: is missing"),
        (json!({"refused": 3}), "expect.refused: must be a code or an array of codes"),
        (json!({"refused": []}), "expect.refused: must name at least one code"),
        (
            json!({"refused": ["a", 1]}),
            "expect.refused[1]: must be a string, and is another number",
        ),
        (json!({"refused": "a", "why": "b"}), "expect.why: is not known here"),
        (json!("refused"), "expect: must be an object, and is a string"),
        (json!(null), "expect: must be an object, and is null"),
    ];
    for (expect, problem) in table {
        assert_eq!(read(expect), Err(vec![problem.to_owned()]));
    }
}

#[test]
fn a_result_may_have_more_fields() {
    let answer = json!({"result": {"status": "Active", "name": "X", "more": {"a": 1, "b": 2}}});
    let none: Vec<String> = vec![];
    assert_eq!(differences(json!({"result": {}}), answer.clone()), none);
    assert_eq!(differences(json!({"result": {"more": {"b": 2}}}), answer.clone()), none);
    assert_eq!(
        differences(json!({"result": {"status": "Closed", "more": {"c": 3}}}), answer),
        [
            "result.more.c: expected 3, got no such field",
            r#"result.status: expected "Closed", got "Active""#,
        ]
    );
}

#[test]
fn arrays_match_in_length_and_order() {
    let answer = json!({"result": {"users": [{"email": "a", "x": 1}, {"email": "b"}]}});
    let none: Vec<String> = vec![];
    assert_eq!(
        differences(json!({"result": {"users": [{"email": "a"}, {}]}}), answer.clone()),
        none
    );
    assert_eq!(
        differences(json!({"result": {"users": [{"email": "a"}]}}), answer.clone()),
        ["result.users: expected 1 item, got 2 items"]
    );
    assert_eq!(
        differences(json!({"result": {"users": [{"email": "b"}, {"email": "b"}]}}), answer),
        [r#"result.users[0].email: expected "b", got "a""#]
    );
}

#[test]
fn null_is_expected_as_null_or_as_nothing() {
    assert!(differences(json!({"result": {"a": null}}), json!({"result": {"a": null}})).is_empty());
    assert!(differences(json!({"result": {"a": null}}), json!({"result": {}})).is_empty());
    assert_eq!(
        differences(json!({"result": {"a": null}}), json!({"result": {"a": 1}})),
        ["result.a: expected null, got 1"]
    );
    assert_eq!(
        differences(json!({"result": {"a": 1}}), json!({"result": {}})),
        ["result.a: expected 1, got no such field"]
    );
}

#[test]
fn an_error_is_neither_a_result_nor_a_refusal() {
    let error = json!({"error": "unavailable"});
    for expect in [json!({"refused": "a"}), json!({"refused": ["a"]}), json!({"result": {}})] {
        let told = differences(expect, error.clone());
        assert!(told.len() == 1 && told[0].ends_with("got the error `unavailable`"), "{told:?}");
    }
}

#[test]
fn a_level_may_be_spelt_leniently_and_nothing_else() {
    let answer = json!({"result": {
        "level": "Lead administrator", "next_level": "Recorder", "name": "Recorder"
    }});
    assert!(
        differences(
            json!({"result": {"level": "LEAD_ADMINISTRATOR", "next_level": "recorder"}}),
            answer.clone()
        )
        .is_empty()
    );
    assert_eq!(
        differences(json!({"result": {"level": "administrator", "name": "recorder"}}), answer),
        [
            r#"result.level: expected "administrator", got "Lead administrator""#,
            r#"result.name: expected "recorder", got "Recorder""#,
        ]
    );
    assert!(
        !differences(json!({"result": {"level": null}}), json!({"result": {"level": "x"}}))
            .is_empty()
    );
}

#[test]
fn a_refusal_is_known_by_its_first_code() {
    assert!(differences(json!({"refused": "a"}), refused(&["a", "b"])).is_empty());
    assert_eq!(
        differences(json!({"refused": "b"}), refused(&["a", "b"])),
        ["refused: expected b, got the refusal a"]
    );
}

#[test]
fn a_set_is_exactly_the_codes_of_the_faults() {
    assert!(differences(json!({"refused": ["b", "a"]}), refused(&["a", "b", "a"])).is_empty());
    assert_eq!(
        differences(json!({"refused": ["a"]}), refused(&["a", "b"])),
        ["refused: expected a, got a + b"]
    );
    assert_eq!(
        differences(json!({"refused": ["a", "b"]}), refused(&["a"])),
        ["refused: expected a + b, got a"]
    );
}

#[test]
fn a_result_is_no_refusal_and_the_other_way_round() {
    let result = json!({"result": {"a": 1}});
    assert_eq!(
        differences(json!({"refused": "x"}), result.clone()),
        [r#"refused: expected x, got the result {"a":1}"#]
    );
    assert_eq!(
        differences(json!({"refused": ["x"]}), result),
        [r#"refused: expected x, got the result {"a":1}"#]
    );
    assert_eq!(
        differences(json!({"result": {}}), refused(&["a"])),
        ["expected a result, got the refusal a"]
    );
}
