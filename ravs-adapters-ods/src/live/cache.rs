//! What was asked before.

use std::fmt;
use std::hash::Hash;
use std::num::NonZeroUsize;
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

impl<K: Clone + Eq + Hash, V: Clone> Cache<K, V> {
    pub(super) fn of(
        most: NonZeroUsize,
        settings: &LiveSettings,
        surroundings: Arc<dyn Surroundings>,
    ) -> Self {
        let answers = Mutex::new(LruCache::new(most));
        Self { answers, keep_for: settings.keep_for, surroundings }
    }

    pub(super) fn known(&self, question: &K) -> Option<V> {
        let now = self.surroundings.elapsed();
        let mut answers = self.answers();
        let (since, answer) = answers.get(question)?;
        (now.saturating_sub(*since) < self.keep_for).then(|| answer.clone())
    }

    /// Keeps an answer, and none that has been kept for its while. That looks at them all, which
    /// is much less than the request was.
    pub(super) fn keep(&self, question: K, answer: V) {
        let now = self.surroundings.elapsed();
        let mut answers = self.answers();
        let over =
            |(_, (since, _)): &(&K, &(Duration, V))| now.saturating_sub(*since) >= self.keep_for;
        let over: Vec<K> =
            answers.iter().filter(over).map(|(question, _)| question.clone()).collect();
        for question in over {
            answers.pop(&question);
        }
        answers.put(question, (now, answer));
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

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use async_trait::async_trait;

    use super::*;

    #[derive(Debug, Default)]
    struct Still(Mutex<Duration>);

    #[async_trait]
    impl Surroundings for Still {
        fn elapsed(&self) -> Duration {
            *self.0.lock().unwrap()
        }

        fn wall_clock(&self) -> SystemTime {
            SystemTime::UNIX_EPOCH
        }

        async fn wait(&self, time: Duration) {
            *self.0.lock().unwrap() += time;
        }

        fn chance(&self) -> u8 {
            0
        }
    }

    #[test]
    fn what_is_too_old_to_be_told_is_not_in_memory() {
        let time = Arc::new(Still::default());
        let settings = LiveSettings::new().keep_for(Duration::from_secs(60));
        let cache = Cache::of(settings.keep_most, &settings, time.clone());
        for question in 0..3 {
            cache.keep(question, "old");
            *time.0.lock().unwrap() += Duration::from_secs(20);
        }
        assert_eq!((cache.known(&0), cache.known(&1)), (None, Some("old")));
        cache.keep(3, "new");
        let mut kept: Vec<i32> = cache.answers().iter().map(|(question, _)| *question).collect();
        kept.sort_unstable();
        assert_eq!(kept, [1, 2, 3]);
    }
}
