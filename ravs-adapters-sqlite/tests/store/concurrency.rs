//! The races of `ravs_testkit::concurrency` on this store, on several threads.

use crate::fresh::Fresh;

ravs_testkit::races! {
    rounds: 60, deliveries: 3, on: { Fresh::new() },
}
