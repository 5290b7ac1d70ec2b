//! What was asked before.

use std::fmt;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lru::LruCache;

use super::settings::LiveSettings;
use super::surroundings::Surroundings;

/// Answers, each kept for a while, the longest unused going first where there are too many.
pub(super) struct Cache<K, V> {
    answers: Mutex<LruCache<K, (Duration, V)>>,
    keep_for: Duration,
    surroundings: Arc<dyn Surroundings>,
}

impl<K: Eq + Hash, V: Clone> Cache<K, V> {
    pub(super) fn of(settings: &LiveSettings, surroundings: Arc<dyn Surroundings>) -> Self {
        let answers = Mutex::new(LruCache::new(settings.keep_most));
        Self { answers, keep_for: settings.keep_for, surroundings }
    }

    pub(super) fn known(&self, question: &K) -> Option<V> {
        let now = self.surroundings.elapsed();
        let mut answers = self.answers();
        let (since, answer) = answers.get(question)?;
        if now.saturating_sub(*since) < self.keep_for {
            return Some(answer.clone());
        }
        answers.pop(question);
        None
    }

    pub(super) fn keep(&self, question: K, answer: V) {
        let now = self.surroundings.elapsed();
        self.answers().put(question, (now, answer));
    }

    fn answers(&self) -> MutexGuard<'_, LruCache<K, (Duration, V)>> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K, V> fmt::Debug for Cache<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache").field("keep_for", &self.keep_for).finish_non_exhaustive()
    }
}
