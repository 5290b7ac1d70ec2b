//! The closed sets of words that scenario files use.

use std::str::FromStr;

use thiserror::Error;

/// A word that is not one of the set it must come from.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{word}` is not one of {}", known.join(", "))]
pub struct UnknownWord {
    word: String,
    known: Vec<&'static str>,
}

/// Where a word is spelt leniently: letter case, spaces, `_` and `-` do not matter.
pub(crate) fn spelling(word: &str) -> String {
    word.chars()
        .filter(|letter| !matches!(letter, ' ' | '_' | '-'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// A region of NHS England, written as its code or its name (R-A1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Region {
    /// Y61
    EastOfEngland,
    /// Y56
    London,
    /// Y60
    Midlands,
    /// Y63
    NorthEastAndYorkshire,
    /// Y62
    NorthWest,
    /// Y59
    SouthEast,
    /// Y58
    SouthWest,
}

impl Region {
    /// All seven, by name.
    pub const ALL: [Self; 7] = [
        Self::EastOfEngland,
        Self::London,
        Self::Midlands,
        Self::NorthEastAndYorkshire,
        Self::NorthWest,
        Self::SouthEast,
        Self::SouthWest,
    ];

    /// The region's ODS code.
    pub fn code(self) -> &'static str {
        match self {
            Self::EastOfEngland => "Y61",
            Self::London => "Y56",
            Self::Midlands => "Y60",
            Self::NorthEastAndYorkshire => "Y63",
            Self::NorthWest => "Y62",
            Self::SouthEast => "Y59",
            Self::SouthWest => "Y58",
        }
    }

    /// The region's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::EastOfEngland => "East of England",
            Self::London => "London",
            Self::Midlands => "Midlands",
            Self::NorthEastAndYorkshire => "North East and Yorkshire",
            Self::NorthWest => "North West",
            Self::SouthEast => "South East",
            Self::SouthWest => "South West",
        }
    }
}

impl FromStr for Region {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        let found = Self::ALL.into_iter().find(|region| {
            region.code().eq_ignore_ascii_case(word) || region.name().eq_ignore_ascii_case(word)
        });
        found.ok_or_else(|| UnknownWord {
            word: word.to_owned(),
            known: Self::ALL.map(Self::code).to_vec(),
        })
    }
}

/// A permission level, spelt leniently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// Records and edits vaccinations.
    Recorder,
    /// Also manages vaccines and creates reports.
    Administrator,
    /// Also manages users.
    LeadAdministrator,
}

impl Level {
    /// The level as answers write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Recorder => "Recorder",
            Self::Administrator => "Administrator",
            Self::LeadAdministrator => "Lead administrator",
        }
    }
}

impl FromStr for Level {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        let all = [Self::Recorder, Self::Administrator, Self::LeadAdministrator];
        let spelt = spelling(word);
        all.into_iter().find(|level| spelling(level.name()) == spelt).ok_or_else(|| UnknownWord {
            word: word.to_owned(),
            known: all.map(Self::name).to_vec(),
        })
    }
}

/// A status an organisation can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Nobody has entered yet.
    Invited,
    /// In use.
    Active,
    /// In the 90 days before closing.
    Deactivated,
    /// Closed for good.
    Closed,
}

impl Status {
    /// The status as answers write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Invited => "Invited",
            Self::Active => "Active",
            Self::Deactivated => "Deactivated",
            Self::Closed => "Closed",
        }
    }
}

impl FromStr for Status {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        let all = [Self::Invited, Self::Active, Self::Deactivated, Self::Closed];
        all.into_iter().find(|status| status.name() == word).ok_or_else(|| UnknownWord {
            word: word.to_owned(),
            known: all.map(Self::name).to_vec(),
        })
    }
}

/// A dated layer of the service's rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Policy {
    /// From 22 August 2024.
    Aug2024,
    /// From 16 December 2024.
    Dec2024,
    /// From 2 September 2025.
    Sep2025,
}

impl Policy {
    /// The profile's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Aug2024 => "AUG_2024",
            Self::Dec2024 => "DEC_2024",
            Self::Sep2025 => "SEP_2025",
        }
    }
}

impl FromStr for Policy {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        let all = [Self::Aug2024, Self::Dec2024, Self::Sep2025];
        all.into_iter().find(|policy| policy.name() == word).ok_or_else(|| UnknownWord {
            word: word.to_owned(),
            known: all.map(Self::name).to_vec(),
        })
    }
}

/// Whether the identity provider answers during a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Provider {
    /// It answers.
    #[default]
    Up,
    /// Every call to it fails.
    Down,
}

impl FromStr for Provider {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        match word {
            "up" => Ok(Self::Up),
            "down" => Ok(Self::Down),
            _ => Err(UnknownWord { word: word.to_owned(), known: vec!["up", "down"] }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_read_by_code_and_by_name() {
        // R-A1
        let table = [
            ("Y61", "East of England"),
            ("Y56", "London"),
            ("Y60", "Midlands"),
            ("Y63", "North East and Yorkshire"),
            ("Y62", "North West"),
            ("Y59", "South East"),
            ("Y58", "South West"),
        ];
        for (code, name) in table {
            let region: Region = code.parse().unwrap();
            assert_eq!((region.code(), region.name()), (code, name));
            assert_eq!(name.parse(), Ok(region));
            assert_eq!(name.to_lowercase().parse(), Ok(region));
        }
        assert!("Y57".parse::<Region>().is_err());
    }

    #[test]
    fn a_level_is_spelt_leniently() {
        for word in ["Lead administrator", "lead_administrator", "LEAD-ADMINISTRATOR"] {
            assert_eq!(word.parse(), Ok(Level::LeadAdministrator));
        }
        assert_eq!("recorder".parse(), Ok(Level::Recorder));
        assert_eq!("administrator".parse(), Ok(Level::Administrator));
        assert_eq!(
            "Lead".parse::<Level>().unwrap_err().to_string(),
            "`Lead` is not one of Recorder, Administrator, Lead administrator"
        );
    }

    #[test]
    fn status_policy_and_provider_are_spelt_exactly() {
        for word in ["Invited", "Active", "Deactivated", "Closed"] {
            assert_eq!(word.parse::<Status>().map(Status::name), Ok(word));
        }
        for word in ["AUG_2024", "DEC_2024", "SEP_2025"] {
            assert_eq!(word.parse::<Policy>().map(Policy::name), Ok(word));
        }
        assert_eq!("up".parse(), Ok(Provider::default()));
        assert_eq!("down".parse(), Ok(Provider::Down));
        assert!("active".parse::<Status>().is_err());
        assert!("sep_2025".parse::<Policy>().is_err());
        assert!("Up".parse::<Provider>().is_err());
    }
}
