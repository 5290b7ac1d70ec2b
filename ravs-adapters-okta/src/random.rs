//! Texts that nobody can guess.

use aws_lc_rs::rand;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::OktaError;

/// A text of that many random bytes, in letters that a URL can hold.
pub(crate) fn text<const BYTES: usize>(call: &'static str) -> Result<String, OktaError> {
    let mut bytes = [0; BYTES];
    rand::fill(&mut bytes)
        .map_err(|_| OktaError::config(call, "this machine has no source of randomness"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_are_the_same() {
        let [one, other] = [text::<32>("a").unwrap(), text::<32>("a").unwrap()];
        assert_ne!(one, other);
        assert_eq!(one.len(), 43);
    }
}
