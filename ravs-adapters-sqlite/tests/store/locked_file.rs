//! A file that somebody else has locked, with a tool of their own.

use std::time::{Duration, Instant};

use ravs_core::Region;
use ravs_core::port::{PortErrorKind, Store as _};
use ravs_testkit::conformance::seed::Seed;
use rusqlite::Connection;

use crate::fresh::Fresh;

/// How long one commit waits; all of them together wait hardly longer.
const PATIENCE: Duration = Duration::from_secs(2);

#[tokio::test]
async fn nobody_waits_for_the_patience_of_others() {
    let (fresh, seed) = (Fresh::new(), Seed::new());
    let somebody = Connection::open(fresh.path()).unwrap();
    somebody.execute_batch("BEGIN IMMEDIATE").unwrap();
    let [a, b, c, d, e] = ["a", "b", "c", "d", "e"]
        .map(|name| seed.regional_lead(Region::London, &format!("{name}@nhs.net")).change);
    let begun = Instant::now();
    let store = &fresh.store;
    let outcomes = tokio::join!(
        store.commit(&a),
        store.commit(&b),
        store.commit(&c),
        store.commit(&d),
        store.commit(&e),
    );
    let took = begun.elapsed();
    for outcome in [outcomes.0, outcomes.1, outcomes.2, outcomes.3, outcomes.4] {
        assert_eq!(outcome.unwrap_err().kind(), &PortErrorKind::Unavailable);
    }
    assert!(took > PATIENCE / 2 && took < PATIENCE * 3, "{took:?}");
    somebody.execute_batch("ROLLBACK").unwrap();
    store.commit(&a).await.unwrap();
}
