//! How one step went, as it is printed.

use chrono::{DateTime, Utc};
use ravs_core::{Code, Fault, Refusal};
use serde::Serialize;
use serde_json::Value;

use super::answer::Answer;
use crate::scenario::expect::{Difference, Expectation};

/// How one step went, as it is printed.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    /// Which step of its file it is, counted from 1.
    pub step: usize,
    /// When it happened (UTC).
    pub at: DateTime<Utc>,
    /// The step's `do`.
    #[serde(rename = "do")]
    pub word: &'static str,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// Where that is not as expected.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unmet: Vec<String>,
}

/// What came of a step.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The library did it.
    Result(Box<Answer>),
    /// The library said no.
    Refused(Refused),
    /// The world failed, or the step could not be told at all; never what a story is about.
    Error(String),
}

/// A refusal with every fault.
#[derive(Debug, Clone, Serialize)]
pub struct Refused {
    /// The first fault's code.
    pub code: Code,
    /// The first fault's sentence.
    pub message: String,
    /// Every fault.
    pub faults: Vec<Fault>,
}

impl Line {
    pub(super) fn new(
        step: usize,
        at: DateTime<Utc>,
        word: &'static str,
        outcome: Outcome,
    ) -> Self {
        Self { step, at, word, outcome, unmet: Vec::new() }
    }

    /// The same line, with all that is not as expected.
    pub(super) fn compared_with(mut self, expected: Option<&Expectation>) -> Self {
        if let Some(expected) = expected {
            let answer = serde_json::to_value(&self).unwrap_or(Value::Null);
            self.unmet = expected.differences(&answer).iter().map(Difference::to_string).collect();
        }
        self
    }

    /// Whether the step went as expected. An error never does.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.unmet.is_empty() && !matches!(self.outcome, Outcome::Error(_))
    }

    /// The line as JSON.
    ///
    /// # Errors
    /// None that is known of: every answer can be written as JSON.
    pub fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        let (code, message) = (refusal.code(), refusal.message().to_owned());
        Self { code, message, faults: refusal.into() }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn line(outcome: Outcome) -> Line {
        let at = "2025-08-10T22:59:59.999999999Z".parse().unwrap();
        Line::new(7, at, "show", outcome)
    }

    #[test]
    fn keys_come_in_their_order() {
        let done = line(Outcome::Result(Box::new(Answer::Done {})));
        assert!(done.passed());
        assert_eq!(
            done.to_json().unwrap(),
            r#"{"step":7,"at":"2025-08-10T22:59:59.999999999Z","do":"show","result":{}}"#
        );
        let refusal = Refusal::from(Fault::new(Code::NameMissing, "a name is missing").at("name"));
        let refused = line(Outcome::Refused(refusal.into()));
        assert!(refused.passed());
        assert_eq!(
            refused.to_json().unwrap(),
            concat!(
                r#"{"step":7,"at":"2025-08-10T22:59:59.999999999Z","do":"show","refused":"#,
                r#"{"code":"name_missing","message":"a name is missing","faults":"#,
                r#"[{"code":"name_missing","field":"name","message":"a name is missing"}]}}"#
            )
        );
    }

    #[test]
    fn what_is_not_as_expected_is_told() {
        let expected = Expectation::RefusedSet(BTreeSet::from(["not_a_member".to_owned()]));
        let unmet = line(Outcome::Result(Box::new(Answer::Done {}))).compared_with(Some(&expected));
        assert!(!unmet.passed());
        let json = unmet.to_json().unwrap();
        assert!(
            json.ends_with(
                r#""result":{},"unmet":["refused: expected not_a_member, got the result {}"]}"#
            ),
            "{json}"
        );
    }

    #[test]
    fn an_error_is_never_as_expected() {
        let failed = line(Outcome::Error("unavailable".into()));
        assert!(!failed.passed());
        assert!(failed.to_json().unwrap().ends_with(r#""do":"show","error":"unavailable"}"#));
        assert!(!failed.compared_with(None).passed());
    }
}
