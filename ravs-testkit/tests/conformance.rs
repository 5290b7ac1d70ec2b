//! The memory store, identity provider, directory and mailer keep what every adapter keeps.

mod store {
    ravs_testkit::store_conformance! { ravs_testkit::MemoryStore::new() }
}

mod effect_queue {
    ravs_testkit::effect_queue_conformance! {{
        let store = ravs_testkit::MemoryStore::new();
        (store.clone(), store)
    }}
}

mod spoilt_store {
    ravs_testkit::spoilt_store_conformance! {{
        let store = ravs_testkit::MemoryStore::new();
        (store.clone(), store)
    }}
}

mod spoilt_queue {
    ravs_testkit::spoilt_queue_conformance! {{
        let store = ravs_testkit::MemoryStore::new();
        (store.clone(), store.clone(), store)
    }}
}

mod body_directory {
    ravs_testkit::body_directory_conformance! {
        |bodies| ravs_testkit::MemoryDirectory::new(bodies)
    }
}

mod identity_provider {
    ravs_testkit::identity_provider_conformance! {{
        let provider = ravs_testkit::MemoryIdentity::new();
        (provider.clone(), provider)
    }}
}

/// What no test can look behind of is asked for what the port alone shows.
mod identity_provider_without_a_backstage {
    use ravs_testkit::conformance::identity_provider::NoBackstage;

    ravs_testkit::identity_provider_conformance! {
        ravs_testkit::MemoryIdentity::new() => |provider| (&provider, &NoBackstage)
    }
}

mod mailer {
    ravs_testkit::mailer_conformance! {{
        let mailer = ravs_testkit::MemoryMailer::new();
        (mailer.clone(), mailer)
    }}
}

mod mailer_without_a_backstage {
    use ravs_testkit::conformance::mailer::NoBackstage;

    ravs_testkit::mailer_conformance! {
        ravs_testkit::MemoryMailer::new() => |mailer| (&mailer, &NoBackstage)
    }
}
