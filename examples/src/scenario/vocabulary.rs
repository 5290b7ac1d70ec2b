//! The words of scenario files that the library has no words of its own for.

use std::str::FromStr;

use ravs_core::Policy;
use thiserror::Error;

/// A word that is not one of the set it must come from.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{word}` is not one of {}", known.join(", "))]
pub struct UnknownWord {
    word: String,
    known: Vec<&'static str>,
}

/// The name of a dated layer of the service's rules: `AUG_2024`, `DEC_2024` or `SEP_2025`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile(pub Policy);

impl FromStr for Profile {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        match word {
            "AUG_2024" => Ok(Self(Policy::AUG_2024)),
            "DEC_2024" => Ok(Self(Policy::DEC_2024)),
            "SEP_2025" => Ok(Self(Policy::SEP_2025)),
            _ => Err(UnknownWord {
                word: word.to_owned(),
                known: vec!["AUG_2024", "DEC_2024", "SEP_2025"],
            }),
        }
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
    fn profile_and_provider_are_spelt_exactly() {
        let profiles = [
            ("AUG_2024", Policy::AUG_2024),
            ("DEC_2024", Policy::DEC_2024),
            ("SEP_2025", Policy::SEP_2025),
        ];
        for (word, policy) in profiles {
            assert_eq!(word.parse(), Ok(Profile(policy)));
        }
        assert_eq!("up".parse(), Ok(Provider::default()));
        assert_eq!("down".parse(), Ok(Provider::Down));
        assert!("sep_2025".parse::<Profile>().is_err());
        assert_eq!(
            "Up".parse::<Provider>().unwrap_err().to_string(),
            "`Up` is not one of up, down"
        );
    }
}
