//! What a step expects, and how an answer may differ from it.

use std::collections::BTreeSet;
use std::fmt;

use ravs_core::PermissionLevel;
use serde_json::{Map, Value};

use super::fields::Fields;

/// What a step expects of its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expectation {
    /// A result with at least these fields.
    Result(Map<String, Value>),
    /// A refusal whose code, which is its first fault's, is this.
    Refused(String),
    /// A refusal whose faults have exactly these codes, in any order.
    RefusedSet(BTreeSet<String>),
}

/// One place where an answer is not as expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    path: String,
    expected: String,
    got: String,
}

impl Expectation {
    /// Where an answer, as it is printed (with its `result` or its `refused`), is not as
    /// expected. None means that the expectation is met.
    ///
    /// Objects of a result may have more fields than expected, and need not have one that is
    /// expected to be null; arrays have the same length and order. A permission level, under `level` or `next_level`, may be spelt leniently.
    #[must_use]
    pub fn differences(&self, answer: &Value) -> Vec<Difference> {
        let mut found = Vec::new();
        match self {
            Self::Result(expected) => match answer.get("result") {
                Some(got) => compare_objects(expected, got, "result", &mut found),
                None => found.push(Difference::new("", "a result", &outcome(answer))),
            },
            Self::Refused(code) => {
                let got = answer.pointer("/refused/code").and_then(Value::as_str);
                if got != Some(code) {
                    found.push(Difference::new("refused", code, &outcome(answer)));
                }
            }
            Self::RefusedSet(codes) => {
                let got = fault_codes(answer);
                if got.as_ref() != Some(codes) {
                    let got = got.map_or_else(|| outcome(answer), |got| listed(&got));
                    found.push(Difference::new("refused", &listed(codes), &got));
                }
            }
        }
        found
    }

    /// Reads the `expect` of a step, if it has one.
    pub(crate) fn read(fields: &mut Fields) -> Option<Self> {
        fields.optional_object("expect", |expect| {
            match (expect.has("result"), expect.has("refused")) {
                (true, false) => expect.object("result").map(Self::Result),
                (false, true) => refusal(expect),
                (true, true) => {
                    expect.pass_over("result");
                    expect.pass_over("refused");
                    expect.fault("refused", "cannot be expected together with a result");
                    None
                }
                (false, false) => {
                    expect.fault("result", "is missing, and so is `refused`");
                    None
                }
            }
        })
    }
}

impl Difference {
    fn new(path: &str, expected: &str, got: &str) -> Self {
        Self { path: path.to_owned(), expected: expected.to_owned(), got: got.to_owned() }
    }

    /// Where in the answer, such as `result.users[1].level`; empty for the answer as a whole.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What was expected there.
    pub fn expected(&self) -> &str {
        &self.expected
    }

    /// What is there.
    pub fn got(&self) -> &str {
        &self.got
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        write!(f, "expected {}, got {}", self.expected, self.got)
    }
}

fn refusal(expect: &mut Fields) -> Option<Expectation> {
    match expect.value("refused") {
        Some(Value::String(code)) => Some(Expectation::Refused(code)),
        Some(list @ Value::Array(_)) => {
            let codes = expect.items_of("refused", list)?;
            if codes.is_empty() {
                expect.fault("refused", "must name at least one code");
                return None;
            }
            Some(Expectation::RefusedSet(codes.into_iter().collect()))
        }
        _ => {
            expect.fault("refused", "must be a code or an array of codes");
            None
        }
    }
}

fn compare(expected: &Value, got: &Value, path: &str, found: &mut Vec<Difference>) {
    match (expected, got) {
        (Value::Object(expected), got) => compare_objects(expected, got, path, found),
        (Value::Array(expected), Value::Array(got)) => compare_arrays(expected, got, path, found),
        _ if expected == got => {}
        _ => found.push(Difference::new(path, &expected.to_string(), &got.to_string())),
    }
}

fn compare_objects(
    expected: &Map<String, Value>,
    got: &Value,
    path: &str,
    found: &mut Vec<Difference>,
) {
    let Value::Object(got) = got else {
        found.push(Difference::new(path, "an object", &got.to_string()));
        return;
    };
    for (field, expected) in expected {
        let path = format!("{path}.{field}");
        match got.get(field) {
            None if expected.is_null() => {}
            None => found.push(Difference::new(&path, &expected.to_string(), "no such field")),
            Some(got) if is_level(field) && same_level(expected, got) => {}
            Some(got) => compare(expected, got, &path, found),
        }
    }
}

fn compare_arrays(expected: &[Value], got: &[Value], path: &str, found: &mut Vec<Difference>) {
    if expected.len() != got.len() {
        let counted = |values: &[Value]| match values.len() {
            1 => "1 item".to_owned(),
            length => format!("{length} items"),
        };
        found.push(Difference::new(path, &counted(expected), &counted(got)));
        return;
    }
    for (index, (expected, got)) in expected.iter().zip(got).enumerate() {
        compare(expected, got, &format!("{path}[{index}]"), found);
    }
}

fn is_level(field: &str) -> bool {
    matches!(field, "level" | "next_level")
}

fn same_level(expected: &Value, got: &Value) -> bool {
    let level = |value: &Value| value.as_str()?.parse::<PermissionLevel>().ok();
    level(expected).is_some_and(|expected| Some(expected) == level(got))
}

fn fault_codes(answer: &Value) -> Option<BTreeSet<String>> {
    let faults = answer.pointer("/refused/faults")?.as_array()?;
    let code = |fault: &Value| Some(fault.get("code")?.as_str()?.to_owned());
    faults.iter().map(code).collect()
}

/// The answer in short.
fn outcome(answer: &Value) -> String {
    match (answer.get("result"), answer.pointer("/refused/code"), answer.get("error")) {
        (Some(result), ..) => format!("the result {result}"),
        (None, Some(Value::String(code)), _) => format!("the refusal {code}"),
        (None, _, Some(Value::String(error))) => format!("the error `{error}`"),
        _ => "neither a result nor a refusal".to_owned(),
    }
}

fn listed(codes: &BTreeSet<String>) -> String {
    codes.iter().map(String::as_str).collect::<Vec<_>>().join(" + ")
}

#[cfg(test)]
mod tests;
