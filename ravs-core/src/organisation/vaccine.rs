//! The types of vaccination that can be recorded.

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString as _};
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::characters::is_invisible;
use crate::refusal::{Code, Fault};

/// A type of vaccination, by name: 1 to 40 printable characters, compared without case (R-V1).
///
/// ```
/// use ravs_core::VaccineType;
///
/// let flu: VaccineType = " FLU ".parse()?;
/// assert_eq!(flu, "flu".parse()?);
/// assert_eq!(flu.as_str(), "Flu"); // a known type is spelled as the service spells it
/// # Ok::<(), ravs_core::InvalidVaccineName>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VaccineType {
    name: String,
    folded: String,
}

/// A text that cannot name a vaccine type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the name of a vaccine type is 1 to 40 printable characters")]
pub struct InvalidVaccineName;

/// The longest name of a vaccine type, in characters.
const LONGEST_NAME: usize = 40;

impl VaccineType {
    /// The types the service knows, in its spelling: seven of the pages' time, and MenB.
    pub const KNOWN: [&'static str; 8] =
        ["COVID-19", "Flu", "Flu (London)", "MMR", "MenB", "Pertussis", "Pneumococcal", "RSV"];

    /// Every type the service knows.
    pub fn known() -> impl Iterator<Item = Self> {
        Self::KNOWN.into_iter().map(Self::spelled)
    }

    /// The name, as the service spells it or as it was first typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// The form that is the same for every spelling: what to compare and to key by.
    #[must_use]
    pub fn folded(&self) -> &str {
        &self.folded
    }

    fn spelled(name: &str) -> Self {
        Self { name: name.to_string(), folded: name.to_lowercase() }
    }
}

impl FromStr for VaccineType {
    type Err = InvalidVaccineName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = text.trim();
        let length = name.chars().count();
        if !(1..=LONGEST_NAME).contains(&length) || !name.chars().all(is_printable) {
            return Err(InvalidVaccineName);
        }
        let typed = Self::spelled(name);
        Ok(Self::known().find(|known| *known == typed).unwrap_or(typed))
    }
}

/// Neither a control character nor one that is not seen or that turns the text around it.
fn is_printable(c: char) -> bool {
    !c.is_control() && !is_invisible(c) && (c == ' ' || !c.is_whitespace())
}

impl From<InvalidVaccineName> for Fault {
    fn from(error: InvalidVaccineName) -> Self {
        Self::new(Code::UnknownVaccine, error.to_string())
    }
}

impl TryFrom<String> for VaccineType {
    type Error = InvalidVaccineName;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<VaccineType> for String {
    fn from(vaccine: VaccineType) -> Self {
        vaccine.name
    }
}

impl fmt::Display for VaccineType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name)
    }
}

impl PartialEq for VaccineType {
    fn eq(&self, other: &Self) -> bool {
        self.folded == other.folded
    }
}

impl Eq for VaccineType {}

impl PartialOrd for VaccineType {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for VaccineType {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded.cmp(&other.folded)
    }
}

impl Hash for VaccineType {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.folded.hash(state);
    }
}

/// Which vaccine types a host lets its regions choose from (R-V1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum VaccineCatalogue {
    /// Any name will do: the known types, and whatever comes.
    #[default]
    Open,
    /// These and no others.
    Closed(BTreeSet<VaccineType>),
}

impl VaccineCatalogue {
    /// Reads the name of a type that this host has.
    ///
    /// # Errors
    /// `unknown_vaccine` for a text that is no name, or one outside a closed set.
    pub fn read(&self, name: &str) -> Result<VaccineType, Fault> {
        let vaccine = name.parse::<VaccineType>()?;
        match self {
            Self::Open => Ok(vaccine),
            Self::Closed(types) => types.get(&vaccine).cloned().ok_or_else(|| {
                Fault::new(Code::UnknownVaccine, "this vaccine type cannot be chosen here")
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // R-V1
    #[test]
    fn names_have_1_to_40_printable_characters() {
        let forty = "é".repeat(40);
        for good in ["a", "Flu (London)", forty.as_str(), "水痘"] {
            assert_eq!(good.parse::<VaccineType>().unwrap().as_str(), good);
        }
        let long = "a".repeat(41);
        for bad in ["", "   ", long.as_str(), "a\nb", "a\tb", "a\u{200b}b", "a\u{202e}b"] {
            assert_eq!(bad.parse::<VaccineType>(), Err(InvalidVaccineName), "{bad:?}");
        }
    }

    // R-V1
    #[test]
    fn types_are_compared_without_case_and_known_ones_spelled_alike() {
        let read = |text: &str| text.parse::<VaccineType>().unwrap();
        assert_eq!(read("covid-19").as_str(), "COVID-19");
        assert_eq!(read("MENB").as_str(), "MenB");
        assert_eq!(read("HPV"), read("hpv"));
        assert_ne!(read("Flu"), read("Flu (London)"));
        assert_eq!(VaccineType::known().count(), 8);
    }

    // R-V1
    #[test]
    fn a_closed_catalogue_knows_only_its_own() {
        let closed = VaccineCatalogue::Closed(["Flu".parse().unwrap()].into());
        assert_eq!(closed.read("flu").unwrap().as_str(), "Flu");
        assert_eq!(closed.read("MMR").unwrap_err().code(), Code::UnknownVaccine);
        assert_eq!(VaccineCatalogue::Open.read("HPV").unwrap().as_str(), "HPV");
        assert_eq!(VaccineCatalogue::Open.read("\n").unwrap_err().code(), Code::UnknownVaccine);
    }
}
