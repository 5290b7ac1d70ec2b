//! The store keeps what every adapter keeps.

mod store_in_a_folder;

mod store {
    use crate::store_in_a_folder::Fresh;

    ravs_testkit::store_conformance! { Fresh::new() => |fresh| &fresh.store }
}

mod effect_queue {
    use crate::store_in_a_folder::Fresh;

    ravs_testkit::effect_queue_conformance! {
        Fresh::new() => |fresh| (&fresh.store, &fresh.store)
    }
}
