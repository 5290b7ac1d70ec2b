//! An API key of GOV.UK Notify.

use std::fmt;
use std::str::FromStr;

use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;

/// An API key: `{name}-{service id}-{secret}`, as Notify shows it once. `Debug` shows neither the
/// name nor the secret.
#[derive(Clone)]
pub struct ApiKey {
    service: Uuid,
    /// As it was given: what is signed with are its characters.
    secret: SecretString,
}

/// A text that is no API key, with everything that is wrong with it. Repeats none of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidApiKey {
    faults: Vec<&'static str>,
}

/// The length of an id with its hyphens.
const ID: usize = 36;

impl ApiKey {
    pub(super) fn service(&self) -> Uuid {
        self.service
    }

    pub(super) fn secret(&self) -> &[u8] {
        self.secret.expose_secret().as_bytes()
    }
}

impl FromStr for ApiKey {
    type Err = InvalidApiKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // Read from its end: the name may hold hyphens, and anything else.
        let mut faults = Vec::new();
        let text = text.trim();
        let (before, secret) = last_id(text);
        let (name, service) = last_id(before.unwrap_or_default());
        let name = name.unwrap_or_default();
        if name.is_empty() {
            faults.push("the name and its hyphen are missing from the front");
        }
        let service = service.and_then(|id| Uuid::try_parse(id).ok());
        if service.is_none() {
            faults.push("the service id, 36 characters before the secret, is no UUID");
        }
        let secret = secret.filter(|secret| Uuid::try_parse(secret).is_ok());
        if secret.is_none() {
            faults.push("the secret, the last 36 characters, is no UUID");
        }
        match (service, secret) {
            (Some(service), Some(secret)) if faults.is_empty() => {
                Ok(Self { service, secret: SecretString::from(secret) })
            }
            _ => Err(InvalidApiKey { faults }),
        }
    }
}

/// The last 36 bytes of a text, and what is before the hyphen before them.
fn last_id(text: &str) -> (Option<&str>, Option<&str>) {
    let Some(start) = text.len().checked_sub(ID) else { return (None, None) };
    let before = text.get(..start).and_then(|before| before.strip_suffix('-'));
    (before, text.get(start..))
}

impl InvalidApiKey {
    /// Every fault.
    #[must_use]
    pub fn faults(&self) -> &[&'static str] {
        &self.faults
    }
}

impl fmt::Display for InvalidApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let expected = "an API key of Notify is `{name}-{service id}-{secret}`";
        write!(f, "{expected}: {}", self.faults.join("; "))
    }
}

impl std::error::Error for InvalidApiKey {}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiKey").field("service", &self.service).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVICE: &str = "0b2f3c1e-5a4d-4c8b-9e7f-1a2b3c4d5e6f";
    const SECRET: &str = "C0FFEE00-1111-4222-8333-444455556666";

    #[test]
    fn a_name_may_hold_hyphens_and_even_ids() {
        for name in ["ravs", "ravs-live", "a-b-c", "-", "é", SERVICE] {
            let key: ApiKey = format!(" {name}-{SERVICE}-{SECRET}\n").parse().unwrap();
            assert_eq!(key.service().to_string(), SERVICE, "{name}");
            assert_eq!(key.secret(), SECRET.as_bytes(), "as it was given");
        }
    }

    #[test]
    fn every_fault_of_a_key_is_named() {
        let faults = |text: &str| text.parse::<ApiKey>().unwrap_err().faults().to_vec();
        assert_eq!(faults("").len(), 3);
        assert_eq!(faults("ravs").len(), 3);
        assert_eq!(faults(SECRET).len(), 2, "no service, no name");
        assert_eq!(faults(&format!("{SERVICE}-{SECRET}")).len(), 1);
        assert_eq!(faults(&format!("-{SERVICE}-{SECRET}")).len(), 1);
        let no_secret = format!("ravs-{SERVICE}-{}", SECRET.replace('C', "x"));
        assert_eq!(faults(&no_secret), ["the secret, the last 36 characters, is no UUID"]);
        assert_eq!(faults(&format!("ravs-{}-{SECRET}", SERVICE.replace('b', "x"))).len(), 1);
        assert_eq!(faults(&format!("ravs_{SERVICE}_{SECRET}")).len(), 2, "no hyphens");
        assert_eq!(faults(&"é".repeat(40)).len(), 3);
        assert_eq!(faults(&format!("x{}", "é".repeat(40))).len(), 3);
    }

    #[test]
    fn neither_a_key_nor_what_is_wrong_with_it_shows_the_secret() {
        let key: ApiKey = format!("ravs-{SERVICE}-{SECRET}").parse().unwrap();
        assert!(!format!("{key:?}").contains("C0FFEE"));
        let error = format!("ravs-x-{SECRET}").parse::<ApiKey>().unwrap_err();
        assert!(!format!("{error} {error:?}").contains("C0FFEE"));
    }
}
