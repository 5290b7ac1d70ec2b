//! Which emails this process has sent.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Mutex, PoisonError};

use ravs_core::EffectKey;

/// How many are remembered: a repeat comes soon, and these take a few megabytes.
const MOST: usize = 10_000;

/// The keys of the emails that went last.
#[derive(Debug, Default)]
pub(super) struct Remembered(Mutex<Keys>);

#[derive(Debug, Default)]
struct Keys {
    in_order: VecDeque<EffectKey>,
    all: BTreeSet<EffectKey>,
}

impl Remembered {
    pub(super) fn holds(&self, key: &EffectKey) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).all.contains(key)
    }

    pub(super) fn add(&self, key: EffectKey) {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !keys.all.insert(key.clone()) {
            return;
        }
        keys.in_order.push_back(key);
        if keys.in_order.len() > MOST
            && let Some(oldest) = keys.in_order.pop_front()
        {
            keys.all.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_are_remembered_and_no_more() {
        let remembered = Remembered::default();
        let key = |number: usize| EffectKey::from_stored(number.to_string());
        for number in 0..=MOST {
            remembered.add(key(number));
            remembered.add(key(number));
        }
        assert!(!remembered.holds(&key(0)));
        assert!(remembered.holds(&key(1)) && remembered.holds(&key(MOST)));
        let keys = remembered.0.lock().unwrap();
        assert_eq!((keys.in_order.len(), keys.all.len()), (MOST, MOST));
    }
}
