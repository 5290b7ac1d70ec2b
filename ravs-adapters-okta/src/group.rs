//! The group whose members have access.

use std::fmt;
use std::str::FromStr;

/// Okta's id of the group whose members may sign in to RAVS: `00g…`.
///
/// ```
/// use ravs_adapters_okta::GroupId;
///
/// assert!("00g1emaKYZTWRYYRRTSK".parse::<GroupId>().is_ok());
/// assert!("../users".parse::<GroupId>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupId(String);

/// A text that cannot be the id of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the id of a group is letters and digits, like `00g1emaKYZTWRYYRRTSK`")]
pub struct InvalidGroupId;

impl GroupId {
    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for GroupId {
    type Err = InvalidGroupId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if is_id(text) { Ok(Self(text.to_owned())) } else { Err(InvalidGroupId) }
    }
}

impl fmt::Display for GroupId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a text looks like an id of Okta's. Its ids have 20 letters and digits; what is much
/// shorter may be a word that its paths give a meaning to, such as `me`.
pub(crate) fn is_id(text: &str) -> bool {
    (10..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
