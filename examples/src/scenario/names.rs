//! The names that earlier steps of a file gave to what they made.

use std::collections::BTreeSet;
use std::fmt;

use uuid::Uuid;

use super::command::Reference;

/// What a step can make and name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Made {
    Organisation,
    Session,
    Record,
}

/// The names given so far. Each kind of thing has names of its own.
#[derive(Debug, Default)]
pub(crate) struct Names(BTreeSet<(Made, String)>);

impl Names {
    pub(crate) fn give(&mut self, made: Made, name: &str) {
        self.0.insert((made, name.to_owned()));
    }

    pub(crate) fn has(&self, made: Made, name: &str) -> bool {
        self.0.contains(&(made, name.to_owned()))
    }

    /// What a text refers to: a name given before, or else an id.
    pub(crate) fn reference(&self, made: Made, text: &str) -> Option<Reference> {
        if self.has(made, text) {
            return Some(Reference::Name(text.to_owned()));
        }
        Uuid::try_parse(text).ok().map(Reference::Id)
    }
}

impl fmt::Display for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Organisation => "an organisation",
            Self::Session => "a session",
            Self::Record => "a record",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_belongs_to_its_kind() {
        let mut names = Names::default();
        names.give(Made::Session, "amara");
        assert!(names.has(Made::Session, "amara"));
        assert!(!names.has(Made::Organisation, "amara"));
        assert_eq!(names.reference(Made::Organisation, "amara"), None);
    }

    #[test]
    fn a_reference_is_a_name_or_an_id() {
        let mut names = Names::default();
        names.give(Made::Organisation, "uclh");
        assert_eq!(
            names.reference(Made::Organisation, "uclh"),
            Some(Reference::Name("uclh".into()))
        );
        let id = "00000000-0000-0000-0000-00000000002a";
        assert_eq!(
            names.reference(Made::Organisation, id),
            Some(Reference::Id(Uuid::from_u128(42)))
        );
        assert_eq!(names.reference(Made::Organisation, "elsewhere"), None);
    }
}
