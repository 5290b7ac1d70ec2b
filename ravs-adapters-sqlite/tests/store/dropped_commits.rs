//! A commit that its caller stopped waiting for: what a read then sees is how it stays.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use ravs_core::Region;
use ravs_core::port::Store as _;
use ravs_testkit::conformance::seed::Seed;

use crate::fresh::Fresh;

#[tokio::test]
async fn a_dropped_commit_is_settled_before_anything_is_read() {
    let (fresh, seed) = (Fresh::new(), Seed::new());
    let store = &fresh.store;
    for number in 0..200 {
        let email = format!("rae{number}@nhs.net");
        let lead = seed.regional_lead(Region::London, &email);
        {
            let mut commit = pin!(store.commit(&lead.change));
            poll_fn(|task| Poll::Ready(commit.as_mut().poll(task).is_ready())).await;
            for _ in 0..number % 7 {
                std::thread::yield_now(); // the writer is somewhere else each time
            }
        }
        let first = store.regional_lead(lead.answer.user()).await.unwrap();
        let other = seed.regional_lead(Region::London, &format!("other{number}@nhs.net"));
        store.commit(&other.change).await.unwrap(); // whatever came before it is over
        let later = store.regional_lead(lead.answer.user()).await.unwrap();
        assert_eq!(first, later, "in round {number}");
        store.commit(&lead.change).await.unwrap();
        assert_eq!(store.regional_lead(lead.answer.user()).await.unwrap(), Some(lead.answer));
    }
}
