//! The schema in which everything is, and statements that name it.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, PoisonError, RwLock};

/// The name of the schema that holds every table, `ravs` unless told otherwise.
///
/// 1 to 63 lower-case letters, digits and `_`, not beginning with a digit or `pg_`.
///
/// ```
/// use ravs_adapters_postgres::SchemaName;
///
/// let name: SchemaName = "vaccinations".parse()?;
/// assert_eq!(name.as_str(), "vaccinations");
/// assert!("public; DROP".parse::<SchemaName>().is_err());
/// # Ok::<(), ravs_adapters_postgres::InvalidSchemaName>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SchemaName(String);

/// A text that cannot name a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the name of a schema is 1 to 63 lower-case letters, digits and `_`, \
     and begins with neither a digit nor `pg_`"
)]
pub struct InvalidSchemaName;

impl SchemaName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for SchemaName {
    fn default() -> Self {
        Self("ravs".to_owned())
    }
}

impl fmt::Display for SchemaName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for SchemaName {
    type Err = InvalidSchemaName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let good = (1..=63).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
            && !text.starts_with(|c: char| c.is_ascii_digit())
            && !text.starts_with("pg_");
        if good { Ok(Self(text.to_owned())) } else { Err(InvalidSchemaName) }
    }
}

/// Fills the schema's name into statements, each once.
#[derive(Debug, Default)]
pub(crate) struct Schema {
    name: SchemaName,
    /// By where the text is and how long: it is part of the program, and stays there. To read all
    /// of it each time would take longer than anything else here.
    filled: RwLock<HashMap<(usize, usize), Arc<str>>>,
}

impl Schema {
    pub(crate) fn new(name: SchemaName) -> Self {
        Self { name, filled: RwLock::default() }
    }

    pub(crate) fn name(&self) -> &SchemaName {
        &self.name
    }

    /// The text with the schema's name for every `{schema}` in it.
    pub(crate) fn fill(&self, text: &'static str) -> Arc<str> {
        let place = (text.as_ptr().addr(), text.len());
        let known = self.filled.read().unwrap_or_else(PoisonError::into_inner).get(&place).cloned();
        if let Some(filled) = known {
            return filled;
        }
        let filled: Arc<str> = self.fill_once(text).into();
        let mut all = self.filled.write().unwrap_or_else(PoisonError::into_inner);
        all.entry(place).or_insert(filled).clone()
    }

    /// The same for a text that is needed once.
    pub(crate) fn fill_once(&self, text: &str) -> String {
        text.replace("{schema}", &format!("\"{}\"", self.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_what_needs_no_escaping() {
        for good in ["ravs", "_a1", "x".repeat(63).as_str()] {
            assert_eq!(good.parse::<SchemaName>().unwrap().as_str(), good);
        }
        let long = "x".repeat(64);
        let bad = ["", "Ravs", "1a", "pg_x", "a-b", "a\"b", "a b", "é", long.as_str()];
        for bad in bad.map(str::to_owned) {
            assert_eq!(bad.parse::<SchemaName>(), Err(InvalidSchemaName), "{bad}");
        }
    }

    #[test]
    fn every_mention_of_the_schema_is_filled_in() {
        let schema = Schema::new("here".parse().unwrap());
        let text = "SELECT 1 FROM {schema}.a JOIN {schema}.b";
        assert_eq!(&*schema.fill(text), "SELECT 1 FROM \"here\".a JOIN \"here\".b");
        assert!(Arc::ptr_eq(&schema.fill(text), &schema.fill(text)));
    }
}
