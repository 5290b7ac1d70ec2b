//! The store and its queue keep what every adapter keeps, as the application's role, in both
//! modes of sending statements, and with row-level security.

use crate::support::{Fresh, MIGRATED, SECURED};
use ravs_adapters_postgres::StatementMode;

mod prepared {
    use super::*;

    ravs_testkit::store_conformance! { Fresh::new().await => |fresh| &fresh.store }
}

mod unnamed {
    use super::*;

    ravs_testkit::store_conformance! {
        Fresh::with(&MIGRATED, |builder| builder.statements(StatementMode::Unnamed)).await
            => |fresh| &fresh.store
    }
}

mod secured {
    use super::*;

    ravs_testkit::store_conformance! {
        Fresh::with(&SECURED, |builder| builder).await => |fresh| &fresh.store
    }
}

mod queue {
    use super::*;

    ravs_testkit::effect_queue_conformance! {
        Fresh::new().await => |fresh| (&fresh.store, &fresh.store)
    }
}

mod unnamed_queue {
    use super::*;

    ravs_testkit::effect_queue_conformance! {
        Fresh::with(&MIGRATED, |builder| builder.statements(StatementMode::Unnamed)).await
            => |fresh| (&fresh.store, &fresh.store)
    }
}
