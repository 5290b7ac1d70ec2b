//! The code of a body in the national directory.

use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

/// The code under which the Organisation Data Service knows a body: `RRV`, `FVR79`, `K81003001`.
///
/// Three to twelve letters and digits; upper-cased and trimmed on the way in.
///
/// ```
/// use ravs_core::OdsCode;
///
/// let code: OdsCode = " rrv ".parse()?;
/// assert_eq!(code.as_str(), "RRV");
/// assert!("RR-V".parse::<OdsCode>().is_err());
/// # Ok::<(), ravs_core::InvalidOdsCode>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OdsCode(String);

/// A text that is no ODS code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an ODS code is 3 to 12 letters and digits")]
pub struct InvalidOdsCode;

impl OdsCode {
    /// The code, in upper case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for OdsCode {
    type Err = InvalidOdsCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let code = text.trim().to_ascii_uppercase();
        let well_formed =
            (3..=12).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric());
        if well_formed { Ok(Self(code)) } else { Err(InvalidOdsCode) }
    }
}

impl TryFrom<String> for OdsCode {
    type Error = InvalidOdsCode;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<OdsCode> for String {
    fn from(code: OdsCode) -> Self {
        code.0
    }
}

impl fmt::Display for OdsCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_every_length_in_use_pass_and_others_do_not() {
        for good in ["RRV", "rcf71", "K81003001", "G7H8J", "ABCDEFGHIJKL"] {
            assert_eq!(good.parse::<OdsCode>().unwrap().as_str(), good.to_uppercase());
        }
        for bad in ["", "  ", "RR", "ABCDEFGHIJKLM", "RR V", "RÉV", "R-V"] {
            assert_eq!(bad.parse::<OdsCode>(), Err(InvalidOdsCode), "{bad:?}");
        }
    }
}
