//! What is asked, as the interface can be asked it.

use ravs_core::{Body, OdsCode};

use super::error::LiveError;
use crate::postcode::Postcode;
use crate::words::{looked_at, title, words};

/// What is asked: a code maybe, and a postcode or else a name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Question {
    text: String,
}

/// How many hits are asked for. The interface does not put the best first, so they are put in
/// order here, and what it leaves out is not found.
pub(super) const LIMIT: usize = 1_000;

impl Question {
    /// None where there is no letter or digit in it.
    pub(super) fn read(query: &str) -> Option<Self> {
        let text = looked_at(query).split_whitespace().collect::<Vec<_>>().join(" ").to_uppercase();
        (!words(&text).is_empty()).then_some(Self { text })
    }

    /// The code that it may be.
    pub(super) fn code(&self) -> Option<OdsCode> {
        self.text.parse().ok()
    }

    fn postcode(&self) -> Option<Postcode> {
        Postcode::read(&self.text)
    }

    /// The parameters of the search.
    pub(super) fn asked(&self) -> Result<Vec<(&'static str, String)>, LiveError> {
        let by = match self.postcode() {
            Some(postcode) => ("PostCode", postcode.term().to_ascii_uppercase()),
            None if self.text.chars().count() < 3 => {
                let what = "it searches by no less than three letters of a name";
                return Err(LiveError::Unanswerable { what });
            }
            None => ("Name", self.text.clone()),
        };
        Ok(vec![by, ("Status", "Active".to_owned()), ("Limit", LIMIT.to_string())])
    }

    /// Whether this looks like an address: it begins with the number of a house, or ends in a
    /// postcode behind other words. There are names that do so too.
    pub(super) fn may_be_an_address(&self) -> bool {
        let parts: Vec<&str> = self.text.split_whitespace().collect();
        let numbered = match parts.as_slice() {
            [number, _, ..] => {
                let digits = number.trim_end_matches(|letter: char| letter.is_ascii_uppercase());
                let letters = number.len().saturating_sub(digits.len());
                !digits.is_empty() && letters < 2 && digits.bytes().all(|b| b.is_ascii_digit())
            }
            _ => false,
        };
        let ends: Vec<String> = [1, 2]
            .iter()
            .filter_map(|end| parts.len().checked_sub(*end).filter(|start| *start > 0))
            .filter_map(|start| parts.get(start..).map(|words| words.join(" ")))
            .collect();
        numbered || ends.iter().any(|end| Postcode::read(end).is_some())
    }

    /// Whether a hit is one. `PostCode` finds what contains the text, so `SE1` finds `SE10` too.
    pub(super) fn fits(&self, hit: &Body) -> bool {
        self.postcode().is_none_or(|asked| {
            let there = Postcode::read(&hit.postcode);
            there.is_some_and(|there| asked.begins(&there))
        })
    }

    /// How far a hit's name is from what was asked: it is the same, begins so, or has it somewhere.
    pub(super) fn distance(&self, hit: &Body) -> u8 {
        let (asked, name) = (title(words(&self.text)), title(words(&hit.name)));
        if name == asked {
            0
        } else if name.starts_with(&asked) {
            1
        } else {
            2
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> Option<(&'static str, String)> {
        let question = Question::read(query).unwrap();
        question.asked().ok().and_then(|asked| asked.first().cloned())
    }

    #[test]
    fn postcodes_and_names_are_asked_for() {
        assert_eq!(asked("se19rt"), Some(("PostCode", "SE1 9RT".into())));
        assert_eq!(asked(" Se1 "), Some(("PostCode", "SE1".into())));
        assert_eq!(asked("guy's  and st"), Some(("Name", "GUY'S AND ST".into())));
        assert_eq!(asked("24 hour pharmacy"), Some(("Name", "24 HOUR PHARMACY".into())));
        assert_eq!(asked("ab"), None);
        assert!(Question::read(" -,. ").is_none());
        let (_, long) = asked(&"x".repeat(100_000)).unwrap();
        assert_eq!(long.len(), 200);
    }

    #[test]
    fn what_may_be_an_address_is_told_apart() {
        let may_be = |query| Question::read(query).unwrap().may_be_an_address();
        for query in ["250 euston road", "12b mill lane", "london se1", "boots nw1 2pg"] {
            assert!(may_be(query), "{query}");
        }
        for query in ["royal free", "euston", "24-7 pharmacy", "barking, havering", "1st step"] {
            assert!(!may_be(query), "{query}");
        }
    }
}
