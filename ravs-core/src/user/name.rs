//! The name of a person.

use alloc::string::{String, ToString as _};
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::characters::{has_visible, without_nul};
use crate::refusal::{Code, Fault};
use crate::stored::Corrupt;

/// A person's first and last name: each 1 to 50 characters, less the space around it (R-U2).
///
/// `Debug` does not show it.
///
/// ```
/// use ravs_core::PersonName;
///
/// let name = PersonName::new("Ada", " Lovelace ").unwrap();
/// assert_eq!(name.last(), "Lovelace");
/// let faults = PersonName::new("", "Lovelace").unwrap_err();
/// assert_eq!(faults[0].to_string(), "`first_name`: a name is missing (name_missing)");
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "StoredName", into = "StoredName")]
pub struct PersonName {
    last: String,
    first: String,
}

/// The longest first or last name, in characters.
const LONGEST_NAME: usize = 50;

impl PersonName {
    /// The name of these two parts.
    ///
    /// # Errors
    /// `name_missing` and `name_too_long`, for `first_name` and `last_name` each.
    pub fn new(first: &str, last: &str) -> Result<Self, alloc::vec::Vec<Fault>> {
        match (part(first, "first_name"), part(last, "last_name")) {
            (Ok(first), Ok(last)) => Ok(Self { last, first }),
            (first, last) => Err(first.err().into_iter().chain(last.err()).collect()),
        }
    }

    /// The first name.
    #[must_use]
    pub fn first(&self) -> &str {
        &self.first
    }

    /// The last name.
    #[must_use]
    pub fn last(&self) -> &str {
        &self.last
    }
}

fn part(text: &str, field: &str) -> Result<String, Fault> {
    let text = without_nul(text);
    let text = text.trim();
    if !has_visible(text) {
        return Err(Fault::new(Code::NameMissing, "a name is missing").at(field));
    }
    if text.chars().count() > LONGEST_NAME {
        let message = alloc::format!("a name has at most {LONGEST_NAME} characters");
        return Err(Fault::new(Code::NameTooLong, message).at(field));
    }
    Ok(text.to_string())
}

impl fmt::Debug for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonName(…)")
    }
}

/// A name as a store keeps it.
#[derive(Serialize, Deserialize)]
struct StoredName {
    first: String,
    last: String,
}

impl From<PersonName> for StoredName {
    fn from(name: PersonName) -> Self {
        Self { first: name.first, last: name.last }
    }
}

impl TryFrom<StoredName> for PersonName {
    type Error = Corrupt;

    fn try_from(stored: StoredName) -> Result<Self, Self::Error> {
        Self::new(&stored.first, &stored.last)
            .map_err(|_| Corrupt::new("name: a part is missing or too long"))
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    // R-U2
    #[test]
    fn a_part_has_1_to_50_characters() {
        let (fifty, more) = ("é".repeat(50), "é".repeat(51));
        assert_eq!(PersonName::new(&fifty, "Ng").unwrap().first(), fifty);
        let codes = |first: &str, last: &str| -> Vec<_> {
            PersonName::new(first, last).unwrap_err().iter().map(Fault::code).collect()
        };
        assert_eq!(codes(" \t", &more), [Code::NameMissing, Code::NameTooLong]);
        assert_eq!(codes("Jo", ""), [Code::NameMissing]);
        assert_eq!(codes("\u{200b}\0", "Ng"), [Code::NameMissing]);
        assert_eq!(codes(&more, "Ng"), [Code::NameTooLong]);
    }

    #[test]
    fn nul_is_left_out() {
        let name = PersonName::new("\0A\0da", "Ng\0").unwrap();
        assert_eq!((name.first(), name.last()), ("Ada", "Ng"));
    }

    #[test]
    fn names_sort_by_last_then_first_name_and_do_not_show_in_debug() {
        let name = |first, last| PersonName::new(first, last).unwrap();
        assert!(name("Zoe", "Adams") < name("Amy", "Brown"));
        assert!(name("Amy", "Brown") < name("Zoe", "Brown"));
        assert_eq!(alloc::format!("{:?}", name("Zoe", "Adams")), "PersonName(…)");
    }
}
