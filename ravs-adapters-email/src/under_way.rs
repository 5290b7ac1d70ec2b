//! Which emails this process is sending at this moment.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use ravs_core::EffectKey;
use ravs_core::port::PortError;

/// The keys of the emails that are on their way: of one key there is one send at a time.
#[derive(Debug, Default)]
pub(crate) struct UnderWay(Mutex<BTreeSet<EffectKey>>);

/// The one send of a key. Until it is dropped there is no other, however it ends.
#[derive(Debug)]
#[must_use]
pub(crate) struct Claim<'a> {
    all: &'a UnderWay,
    key: &'a EffectKey,
}

impl UnderWay {
    /// Begins to send the email of that key, unless somebody is at it.
    pub(crate) fn claim<'a>(&'a self, key: &'a EffectKey) -> Result<Claim<'a>, PortError> {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.insert(key.clone()) {
            return Ok(Claim { all: self, key });
        }
        Err(PortError::unavailable("this email is being sent already; whether it went shows later"))
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        self.all.0.lock().unwrap_or_else(PoisonError::into_inner).remove(self.key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_free_again_when_its_send_has_ended() {
        let under_way = UnderWay::default();
        let [one, other] = ["k.1", "k.2"].map(|key| EffectKey::from_stored(key.into()));
        let claim = under_way.claim(&one).unwrap();
        assert!(under_way.claim(&one).unwrap_err().is_retryable());
        assert!(under_way.claim(&other).is_ok(), "nobody waits for another email");
        drop(claim);
        assert!(under_way.claim(&one).is_ok());
    }
}
