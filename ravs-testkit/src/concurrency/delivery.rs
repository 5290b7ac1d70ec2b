//! Many workers that carry out effects (R-N4).

#![expect(clippy::expect_used, reason = "a case says what failed by panicking")]

use std::collections::BTreeSet;

use chrono::TimeDelta;
use ravs_core::{Policy, Work};

use super::arena::{Arena, people, race};
use crate::model::StoreUnderTest;

/// How many workers there are.
const WORKERS: usize = 6;

/// Many workers carry out many effects while the clock runs on: every effect is done once, and
/// every email goes once.
///
/// # Panics
/// Where the queue gives an effect to two, or loses one.
pub async fn many_delivery_workers(under_test: impl StoreUnderTest, rounds: usize) {
    let arena = Arena::open(&under_test, Policy::default()).await;
    let mut expected = BTreeSet::new();
    for round in 0..rounds {
        for letter in ['X', 'Y', 'Z'] {
            let people = people::<4>(round).map(|email| format!("{letter}{email}"));
            let id = arena.onboard(&arena.body(round, letter), &people).await.organisation;
            arena.history(id).await;
        }
        let tasks = (0..WORKERS).map(|_| {
            let (ravs, clock) = (arena.ravs.clone(), arena.world.clock.clone());
            Box::pin(async move {
                let mut done = 0;
                for _ in 0..40 {
                    let delivered = ravs.housekeeping().deliver(3).await.expect("a delivery");
                    done += delivered.done;
                    assert_eq!(delivered.failed, 0, "nothing stands against any of them");
                    if delivered.done == 0 {
                        clock.advance(TimeDelta::seconds(40)); // what waits comes due
                    }
                    tokio::task::yield_now().await;
                }
                done
            }) as _
        });
        let done: usize = race(tasks.collect()).await.into_iter().sum();
        let keys: BTreeSet<_> = under_test.done().await.into_iter().collect();
        assert!(under_test.queued().await.is_empty(), "round {round}: an effect is left");
        let effects = under_test.effects().await;
        assert_eq!(keys.len(), effects.len(), "round {round}: every effect is done");
        assert_eq!(done, effects.len() - expected.len(), "round {round}: none was done twice");
        expected = keys;
        let sent = arena.world.mailer.sent();
        let sent_keys: BTreeSet<_> = sent.iter().map(|email| email.key.clone()).collect();
        let emails = effects.iter().filter(|effect| matches!(effect.work, Work::Send { .. }));
        assert_eq!(sent.len(), sent_keys.len(), "round {round}: no email went twice");
        assert_eq!(sent_keys, emails.map(|effect| effect.key.clone()).collect());
    }
}
