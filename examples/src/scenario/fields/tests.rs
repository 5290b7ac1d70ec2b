use serde_json::json;

use super::*;
use ravs_core::PermissionLevel;

fn fields(value: Value) -> Fields {
    match value {
        Value::Object(object) => Fields::of_line(object),
        other => panic!("{other}"),
    }
}

fn told(fields: Fields) -> Vec<String> {
    fields.finish().iter().map(ToString::to_string).collect()
}

#[test]
fn values_of_the_right_type_are_taken() {
    let mut fields = fields(json!({
        "text": "a", "truth": false, "count": 3, "word": "recorder", "date": "2025-05-12",
        "time": "2025-05-12T11:02:51.000000001+01:00", "texts": ["a", "b"],
        "objects": [{"text": "x"}, {"text": "y"}], "object": {"any": [1]}
    }));
    assert_eq!(fields.text("text").as_deref(), Some("a"));
    assert_eq!(fields.truth("truth"), Some(false));
    assert_eq!(fields.optional_count("count"), Some(3));
    assert_eq!(fields.word("word"), Some(PermissionLevel::Recorder));
    assert_eq!(fields.date("date"), NaiveDate::from_ymd_opt(2025, 5, 12));
    assert_eq!(
        fields.optional_time("time").map(|time| time.to_rfc3339()).as_deref(),
        Some("2025-05-12T10:02:51.000000001+00:00")
    );
    assert_eq!(fields.texts("texts"), Some(vec!["a".into(), "b".into()]));
    assert_eq!(
        fields.objects("objects", |object| object.text("text")),
        Some(vec!["x".into(), "y".into()])
    );
    assert_eq!(fields.object("object").map(Value::Object), Some(json!({"any": [1]})));
    assert_eq!(told(fields), Vec::<String>::new());
}

#[test]
fn what_is_missing_or_null_is_named() {
    let mut fields = fields(json!({"b": null}));
    assert_eq!(fields.text("a"), None);
    assert_eq!(fields.truth("b"), None);
    assert_eq!(fields.objects("c", |object| object.text("d")), None::<Vec<String>>);
    assert_eq!(fields.object("e"), None);
    assert_eq!(told(fields), ["a: is missing", "b: is missing", "c: is missing", "e: is missing"]);
}

#[test]
fn what_is_optional_may_be_missing_or_null() {
    let mut fields = fields(json!({"b": null}));
    assert_eq!(fields.optional_text("a"), None);
    assert_eq!(fields.optional_truth("b"), None);
    assert_eq!(fields.optional_object("c", |object| object.text("d")), None);
    assert_eq!(told(fields), Vec::<String>::new());
}

#[test]
fn wrong_types_are_named_by_field() {
    let mut fields = fields(json!({
        "text": 1, "truth": "yes", "zero": 0, "half": 0.5, "texts": ["a", 1], "list": {},
        "objects": [{"text": true}, "x"], "null": null
    }));
    assert_eq!(fields.text("text"), None);
    assert_eq!(fields.truth("truth"), None);
    assert_eq!(fields.optional_count("zero"), None);
    assert_eq!(fields.optional_count("half"), None);
    assert_eq!(fields.texts("texts"), None);
    assert_eq!(fields.optional_texts("list"), None);
    assert_eq!(fields.objects("objects", |object| object.text("text")), None);
    assert_eq!(fields.optional_object("null", |object| object.text("text")), None);
    assert_eq!(
        told(fields),
        [
            "text: must be a string, and is another number",
            "truth: must be true or false, and is a string",
            "zero: must be a whole number from 1, and is another number",
            "half: must be a whole number from 1, and is another number",
            "texts[1]: must be a string, and is another number",
            "list: must be an array, and is an object",
            "objects[0].text: must be a string, and is true or false",
            "objects[1]: must be an object, and is a string",
            "null: must be an object, and is null",
        ]
    );
}

#[test]
fn words_dates_and_times_are_checked() {
    let mut fields = fields(json!({
        "word": "boss", "date": "2025-5-12", "day": "2025-02-29", "time": "2025-05-12 10:00"
    }));
    assert_eq!(fields.word::<PermissionLevel>("word"), None);
    assert_eq!(fields.date("date"), None);
    assert_eq!(fields.date("day"), None);
    assert_eq!(fields.optional_time("time"), None);
    let told = told(fields);
    assert_eq!(
        told[0],
        "word: a permission level is `Recorder`, `Administrator` or `Lead administrator`"
    );
    assert_eq!(told[1], "date: `2025-5-12` is not a date written YYYY-MM-DD");
    assert_eq!(told[2], "day: `2025-02-29` is not a date written YYYY-MM-DD");
    assert!(told[3].starts_with("time: `2025-05-12 10:00` is not a time of RFC 3339"));
}

#[test]
fn fields_nobody_asked_for_are_unknown_at_any_depth() {
    let mut fields = fields(json!({"a": "x", "b": 1, "c": [{"d": "y", "e": 2}]}));
    fields.text("a");
    fields.objects("c", |object| object.text("d"));
    assert_eq!(told(fields), ["c[0].e: is not known here", "b: is not known here"]);
}
