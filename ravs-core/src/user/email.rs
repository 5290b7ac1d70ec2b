//! Email addresses.

use alloc::string::{String, ToString as _};
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::refusal::{Code, Fault};

/// An email address: compared without case, kept as typed less the space around it (R-U3).
///
/// `Debug` does not show it, and there is no `Display`, so that it does not end in a log.
///
/// ```
/// use ravs_core::EmailAddress;
///
/// let typed: EmailAddress = " Jo.Smith@NHS.net ".parse()?;
/// assert_eq!(typed, "jo.smith@nhs.net".parse()?);
/// assert_eq!(typed.as_str(), "Jo.Smith@NHS.net");
/// assert!("jo@smith@nhs.net".parse::<EmailAddress>().is_err());
/// # Ok::<(), ravs_core::InvalidEmail>(())
/// ```
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress {
    typed: String,
    folded: String,
}

/// A text that is no email address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not an email address")]
pub struct InvalidEmail;

/// The longest address, in characters.
const LONGEST_ADDRESS: usize = 320;

impl EmailAddress {
    /// The address as it was typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.typed
    }

    /// The address in lower case: what to compare and to key by.
    #[must_use]
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// What stands after the `@`, in lower case.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.folded.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

impl FromStr for EmailAddress {
    type Err = InvalidEmail;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let typed = text.trim();
        let (local, domain) = typed.rsplit_once('@').ok_or(InvalidEmail)?;
        let good = typed.len() <= LONGEST_ADDRESS
            && is_local_part(local)
            && is_domain(domain)
            && domain.contains('.');
        if !good {
            return Err(InvalidEmail);
        }
        Ok(Self { typed: typed.to_string(), folded: typed.to_ascii_lowercase() })
    }
}

fn is_local_part(local: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_{|}~-`".contains(&b);
    local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(allowed))
}

/// Whether a text is a domain name: labels of 1 to 63 letters, digits and inner hyphens, 253
/// characters in all.
pub(super) fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    domain.len() <= 253 && domain.split('.').all(is_label)
}

impl From<InvalidEmail> for Fault {
    fn from(error: InvalidEmail) -> Self {
        Self::new(Code::EmailInvalid, error.to_string())
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = InvalidEmail;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<EmailAddress> for String {
    fn from(email: EmailAddress) -> Self {
        email.typed
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(…)")
    }
}

impl PartialEq for EmailAddress {
    fn eq(&self, other: &Self) -> bool {
        self.folded == other.folded
    }
}

impl Eq for EmailAddress {}

impl PartialOrd for EmailAddress {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for EmailAddress {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded.cmp(&other.folded)
    }
}

impl Hash for EmailAddress {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.folded.hash(state);
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;

    // R-U2, R-U3
    #[test]
    fn addresses_of_every_allowed_shape_pass() {
        let local = "a".repeat(64);
        for good in [
            "a@b.uk",
            "o'brien+ravs/1@x-y.nhs.uk",
            "!#$%&'*+/=?^_{|}~-`@nhs.net",
            "x@xn--bcher-kva.example",
            &format!("{local}@nhs.net"),
            &format!("a@{}.uk", "b".repeat(63)),
        ] {
            assert_eq!(good.parse::<EmailAddress>().unwrap().as_str(), good);
        }
    }

    // R-U2, R-U3
    #[test]
    fn what_is_no_address_is_refused() {
        let long_domain = format!("a@{}uk", "abcdefg.".repeat(32));
        for bad in [
            "",
            " ",
            "@",
            "a@",
            "@b.uk",
            "a",
            "a@b",
            "a@@b.uk",
            "a@b@c.uk",
            ".a@b.uk",
            "a.@b.uk",
            "a..b@c.uk",
            "a b@c.uk",
            "a@b..uk",
            "a@.uk",
            "a@b.uk.",
            "a@-b.uk",
            "a@b-.uk",
            "é@b.uk",
            "a@é.uk",
            "\"a\"@b.uk",
            "a@[127.0.0.1]",
            "a(x)@b.uk",
            "a@b_c.uk",
            "a@b.uk\u{200c}",
            "a\n@b.uk",
            long_domain.as_str(),
            &format!("a@{}.uk", "b".repeat(64)),
            &format!("{}@nhs.net", "a".repeat(313)),
        ] {
            assert!(bad.parse::<EmailAddress>().is_err(), "{bad:?}");
        }
        assert!(format!("{}@nhs.net", "a".repeat(312)).parse::<EmailAddress>().is_ok());
        let longest_domain = format!("{}{}", "abcdefg.".repeat(31), "abcde");
        assert!(format!("a@{longest_domain}").parse::<EmailAddress>().is_ok());
        assert!(format!("a@{longest_domain}f").parse::<EmailAddress>().is_err());
    }

    #[test]
    fn debug_does_not_show_it() {
        let email: EmailAddress = "jo@nhs.net".parse().unwrap();
        assert_eq!(format!("{email:?}"), "EmailAddress(…)");
    }
}
