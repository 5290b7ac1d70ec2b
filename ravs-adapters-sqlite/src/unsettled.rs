//! Writing that its caller has stopped waiting for, and that may still be under way.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counts what was left to itself, and how much of that is known to be over.
#[derive(Debug, Default)]
pub(crate) struct Unsettled {
    left: AtomicU64,
    over: AtomicU64,
}

/// Somebody waits for something to be written. Dropped before the answer, it is left to itself.
#[derive(Debug)]
pub(crate) struct Waiting<'a>(Option<&'a Unsettled>);

impl Unsettled {
    pub(crate) fn waiting(&self) -> Waiting<'_> {
        Waiting(Some(self))
    }

    /// How much had been left to itself by now, where not all of it is known to be over.
    pub(crate) fn left(&self) -> Option<u64> {
        let left = self.left.load(Ordering::SeqCst);
        (self.over.load(Ordering::SeqCst) < left).then_some(left)
    }

    /// So much of it is over.
    pub(crate) fn are_over(&self, left: u64) {
        self.over.fetch_max(left, Ordering::SeqCst);
    }
}

impl Waiting<'_> {
    /// The answer has come.
    pub(crate) fn answered(mut self) {
        self.0 = None;
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if let Some(unsettled) = self.0 {
            unsettled.left.fetch_add(1, Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_before_an_answer_is_unsettled_until_it_is_over() {
        let unsettled = Unsettled::default();
        unsettled.waiting().answered();
        assert_eq!(unsettled.left(), None);
        drop(unsettled.waiting());
        let first = unsettled.left();
        assert_eq!(first, Some(1));
        drop(unsettled.waiting()); // while somebody finds out about the first
        unsettled.are_over(1);
        assert_eq!(unsettled.left(), Some(2));
        unsettled.are_over(2);
        unsettled.are_over(1); // who is slower takes nothing back
        assert_eq!(unsettled.left(), None);
    }
}
