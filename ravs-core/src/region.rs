//! The seven NHS England regions, and the people who onboard organisations for them.

mod lead;
mod mailboxes;

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

pub use lead::{RegionalLead, RegionalLeadState, StoredRegionalLead};
pub use mailboxes::RvocMailboxes;

/// One of the seven NHS England regions (R-A1), known by its ODS code.
///
/// ```
/// use ravs_core::Region;
///
/// assert_eq!("Y56".parse(), Ok(Region::London));
/// assert_eq!(Region::London.name(), "London");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Region {
    /// Y61
    #[serde(rename = "Y61")]
    EastOfEngland,
    /// Y56
    #[serde(rename = "Y56")]
    London,
    /// Y60
    #[serde(rename = "Y60")]
    Midlands,
    /// Y63
    #[serde(rename = "Y63")]
    NorthEastAndYorkshire,
    /// Y62
    #[serde(rename = "Y62")]
    NorthWest,
    /// Y59
    #[serde(rename = "Y59")]
    SouthEast,
    /// Y58
    #[serde(rename = "Y58")]
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
    #[must_use]
    pub const fn code(self) -> &'static str {
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
    #[must_use]
    pub const fn name(self) -> &'static str {
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

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A text that names none of the seven regions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the code or the name of an NHS England region")]
pub struct UnknownRegion;

/// Reads the ODS code (`Y56`) or the name (`London`), in any case.
impl FromStr for Region {
    type Err = UnknownRegion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        Self::ALL
            .into_iter()
            .find(|r| text.eq_ignore_ascii_case(r.code()) || text.eq_ignore_ascii_case(r.name()))
            .ok_or(UnknownRegion)
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString as _;

    use super::*;

    // R-A1
    #[test]
    fn the_seven_regions_have_their_codes() {
        let table = [
            ("Y61", "East of England"),
            ("Y56", "London"),
            ("Y60", "Midlands"),
            ("Y63", "North East and Yorkshire"),
            ("Y62", "North West"),
            ("Y59", "South East"),
            ("Y58", "South West"),
        ];
        for ((code, name), region) in table.into_iter().zip(Region::ALL) {
            assert_eq!((region.code(), region.to_string().as_str()), (code, name));
            assert_eq!(code.parse(), Ok(region));
            assert_eq!(name.to_uppercase().parse(), Ok(region));
            assert_eq!(serde_json::to_string(&region).unwrap(), alloc::format!("\"{code}\""));
        }
        assert_eq!("Y57".parse::<Region>(), Err(UnknownRegion));
    }
}
