//! An effect's key, as it may be shown to others.

use aws_lc_rs::digest::{SHA256, digest};
use ravs_core::EffectKey;
use ravs_core::port::PortError;

/// The longest key: a kind of email and two ids are about a hundred characters.
const LONGEST_KEY: usize = 200;

/// A key that others may see: it is made of ids alone, and holds nobody's name or address.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key<'a>(&'a str);

impl<'a> Key<'a> {
    /// The key, where it is of the form that the core gives its keys.
    pub(crate) fn of(key: &'a EffectKey) -> Result<Self, PortError> {
        let text = key.as_str();
        let is_part = |part: &str| {
            !part.is_empty()
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        };
        if text.len() <= LONGEST_KEY && text.split('.').all(is_part) {
            return Ok(Self(text));
        }
        Err(PortError::rejected("the effect's key is not made of ids, and is shown to nobody"))
    }

    pub(crate) fn as_str(self) -> &'a str {
        self.0
    }

    /// 64 hexadecimal digits that differ from those of any other key.
    pub(crate) fn hash(self) -> String {
        let bytes = digest(&SHA256, self.0.as_bytes());
        bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_of_ids_may_be_shown() {
        let ids = "welcome_user.0199a4b0-7f4e-7000-8000-000000000001.0199a4b0-7f4e-7000-8000-2";
        let key = EffectKey::from_stored(ids.into());
        assert_eq!(Key::of(&key).unwrap().as_str(), ids);
    }

    #[test]
    fn what_could_be_an_address_or_break_a_header_is_shown_to_nobody() {
        let long = "k".repeat(LONGEST_KEY + 1);
        for text in ["", ".", "a..b", "a.", "zoe@nhs.net", "a b", "a\r\nBcc: b", "é", "<a>", &long]
        {
            let key = EffectKey::from_stored(text.into());
            let error = Key::of(&key).unwrap_err();
            assert!(!error.is_retryable());
            assert!(text.is_empty() || text == "." || !error.to_string().contains(text), "{error}");
        }
    }

    #[test]
    fn a_hash_is_sha_256_in_hexadecimal() {
        let key = EffectKey::from_stored("abc".into());
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Key::of(&key).unwrap().hash(), abc);
    }
}
