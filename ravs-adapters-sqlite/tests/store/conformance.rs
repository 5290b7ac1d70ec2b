//! The store keeps what every adapter keeps.

mod store {
    use crate::fresh::Fresh;

    ravs_testkit::store_conformance! { Fresh::new() => |fresh| &fresh.store }
}

mod effect_queue {
    use crate::fresh::Fresh;

    ravs_testkit::effect_queue_conformance! {
        Fresh::new() => |fresh| (&fresh.store, &fresh.store)
    }
}

/// With the guards of the schema out of force: see `Fresh::force`.
mod spoilt_store {
    use crate::fresh::Fresh;

    ravs_testkit::spoilt_store_conformance! { Fresh::new() => |fresh| (&fresh.store, &fresh) }
}

/// Likewise.
mod spoilt_queue {
    use crate::fresh::Fresh;

    ravs_testkit::spoilt_queue_conformance! {
        Fresh::new() => |fresh| (&fresh.store, &fresh.store, &fresh)
    }
}
