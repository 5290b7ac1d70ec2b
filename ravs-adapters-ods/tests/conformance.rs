//! The index keeps what every directory keeps.

mod index {
    use ravs_adapters_ods::{Entry, OdsIndex};

    ravs_testkit::body_directory_conformance! {
        |bodies| OdsIndex::of(bodies.into_iter().map(Entry::from)).unwrap()
    }
}
