//! The races of `ravs_testkit::concurrency` on the memory store, on several threads.

use ravs_testkit::MemoryStore;

ravs_testkit::races! {
    rounds: 1000, deliveries: 20, on: { MemoryStore::new() },
}
