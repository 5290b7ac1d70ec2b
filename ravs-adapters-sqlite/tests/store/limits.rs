//! What the store does not keep, and says so.

use chrono::{DateTime, Utc};
use ravs_core::Region;
use ravs_core::port::{EffectQueue as _, PortErrorKind, Store as _};
use ravs_testkit::conformance::seed::{Scene, Seed};

use crate::fresh::Fresh;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[tokio::test]
async fn a_time_that_cannot_be_kept_to_the_nanosecond_is_rejected_and_leaves_nothing() {
    let fresh = Fresh::new();
    let seed = Seed::new();
    for time in ["1600-01-01T00:00:00Z", "2262-04-12T00:00:00Z", "9999-12-31T23:59:59Z"] {
        seed.clock.set(at(time));
        let lead = seed.regional_lead(Region::London, "rae@nhs.net").change;
        let error = fresh.store.commit(&lead).await.unwrap_err();
        assert_eq!(error.kind(), &PortErrorKind::Rejected, "{time}");
    }
    assert_eq!(fresh.store.users_by_email(&["rae@nhs.net".parse().unwrap()]).await.unwrap(), []);
    seed.clock.set(at("2261-12-31T23:59:59.999999999Z"));
    let lead = seed.regional_lead(Region::London, "rae@nhs.net");
    fresh.store.commit(&lead.change).await.unwrap();
    let stored = fresh.store.regional_lead(lead.answer.user()).await.unwrap().unwrap();
    assert_eq!(stored.changed_at(), seed.now());
}

#[tokio::test]
async fn a_closing_beyond_what_can_be_kept_is_rejected() {
    let fresh = Fresh::new();
    let seed = Seed::new();
    seed.clock.set(at("2262-03-01T00:00:00Z"));
    let scene = Scene::active(&seed, &fresh.store, "RRV").await.unwrap();
    let error = scene.deactivate(&seed, &fresh.store).await.unwrap_err();
    assert_eq!(error.kind(), &PortErrorKind::Rejected);
    let before = scene.organisation(&fresh.store).await.unwrap();
    assert_eq!(before.state().closing(), None, "half of it is there");
}

#[tokio::test]
async fn any_time_can_be_asked_with() {
    let fresh = Fresh::new();
    let seed = Seed::new();
    let scene = Scene::active(&seed, &fresh.store, "RRV").await.unwrap();
    scene.deactivate(&seed, &fresh.store).await.unwrap();
    let (early, late) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
    assert_eq!(fresh.store.due_closings(early, 10).await.unwrap(), []);
    assert_eq!(fresh.store.due_closings(late, 10).await.unwrap(), [scene.id]);
    let lease = chrono::TimeDelta::MAX;
    let claims = fresh.store.claim(early, lease, usize::MAX).await.unwrap();
    assert!(claims.len() > 2, "what was never tried is due whatever the clock says");
    fresh.store.retry_at(&claims[1].receipt, early).await.unwrap();
    fresh.store.retry_at(&claims[0].receipt, seed.now()).await.unwrap();
    let again = fresh.store.claim(seed.now(), lease, usize::MAX).await.unwrap();
    let keys: Vec<_> = again.iter().map(|claim| &claim.effect.key).collect();
    assert_eq!(keys, [&claims[1].effect.key, &claims[0].effect.key], "the longest due first");
    assert!(fresh.store.claim(seed.now(), lease, 10).await.unwrap().is_empty());
}
