//! Answers, told so that the model's and the real ones can be compared.

use std::collections::BTreeSet;

use ravs_core::{Code, Failure};
use serde_json::Value;

/// An answer, with ids replaced by numbers.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Answer {
    Given(Value),
    /// Every code there is. The rulebook says which is the first only where `in_order`.
    Refused {
        codes: Vec<Code>,
        in_order: bool,
    },
    /// The world failed in a way that may be tried again.
    Failed,
    /// There was nothing to do it with: no session yet, no record.
    Skipped,
}

impl Answer {
    pub(super) fn refused(code: Code) -> Self {
        Self::Refused { codes: vec![code], in_order: true }
    }

    /// Whether the real answer is the one the model gave.
    pub(super) fn agrees_with(&self, real: &Self) -> bool {
        match (self, real) {
            (Self::Refused { codes, in_order }, Self::Refused { codes: real_codes, .. }) => {
                let set = |codes: &[Code]| codes.iter().copied().collect::<BTreeSet<_>>();
                (!in_order || codes == real_codes) && set(codes) == set(real_codes)
            }
            (model, real) => model == real,
        }
    }
}

/// A real answer; an error that does not say "try again" is a finding.
pub(super) fn told<T>(
    answer: Result<T, Failure>,
    tell: impl FnOnce(T) -> Result<Value, String>,
) -> Result<Answer, String> {
    match answer {
        Ok(given) => Ok(Answer::Given(tell(given)?)),
        Err(Failure::Refused(refusal)) => {
            let codes = refusal.faults().map(ravs_core::Fault::code).collect();
            Ok(Answer::Refused { codes, in_order: true })
        }
        Err(Failure::Failed(error)) if error.is_retryable() => Ok(Answer::Failed),
        Err(failure) => Err(format!("an error that nothing was done for: {failure}")),
    }
}
