//! The macros, which only name the cases: what is made of each, and what an adapter writes.

mod cases;

/// A list of cases, each made by a macro of that name.
#[doc(hidden)]
#[macro_export]
macro_rules! __list_of_cases {
    (($one:ident) $($file:ident { $($case:ident)+ })+) => {
        &[$($($crate::$one! { $file $case }),+),+]
    };
}

/// A test of each case, made by a macro of that name with what it needs.
#[doc(hidden)]
#[macro_export]
macro_rules! __tests_of_cases {
    (($one:ident $with:tt) $($file:ident { $($case:ident)+ })+) => {
        $($($crate::$one! { $file $case $with })+)+
    };
}

/// One case, for a list.
#[doc(hidden)]
#[macro_export]
macro_rules! __store_case {
    ($file:ident $case:ident) => {
        $crate::conformance::store::Case {
            name: concat!(stringify!($file), "::", stringify!($case)),
            run: |store| Box::pin($crate::conformance::store::$file::$case(store)),
        }
    };
}

/// One case, for a list.
#[doc(hidden)]
#[macro_export]
macro_rules! __effect_queue_case {
    ($file:ident $case:ident) => {
        $crate::conformance::effect_queue::Case {
            name: concat!(stringify!($file), "::", stringify!($case)),
            run: |store, queue| {
                Box::pin($crate::conformance::effect_queue::$file::$case(store, queue))
            },
        }
    };
}

/// One case, for a list.
#[doc(hidden)]
#[macro_export]
macro_rules! __identity_provider_case {
    ($file:ident $case:ident) => {
        $crate::conformance::identity_provider::Case {
            name: concat!(stringify!($file), "::", stringify!($case)),
            run: |provider, backstage| {
                Box::pin($crate::conformance::identity_provider::$file::$case(provider, backstage))
            },
        }
    };
}

/// One case, for a list.
#[doc(hidden)]
#[macro_export]
macro_rules! __body_directory_case {
    ($file:ident $case:ident) => {
        $crate::conformance::body_directory::Case {
            name: concat!(stringify!($file), "::", stringify!($case)),
            run: |directory| Box::pin($crate::conformance::body_directory::$file::$case(directory)),
        }
    };
}

/// One case, for a list.
#[doc(hidden)]
#[macro_export]
macro_rules! __mailer_case {
    ($file:ident $case:ident) => {
        $crate::conformance::mailer::Case {
            name: concat!(stringify!($file), "::", stringify!($case)),
            run: |mailer, backstage| {
                Box::pin($crate::conformance::mailer::$file::$case(mailer, backstage))
            },
        }
    };
}

/// One case, for a list.
#[doc(hidden)]
#[macro_export]
macro_rules! __spoilt_store_case {
    ($file:ident $case:ident) => {
        $crate::conformance::$file::Case {
            name: stringify!($case),
            run: |store, spoil| Box::pin($crate::conformance::$file::$case(store, spoil)),
        }
    };
}

/// One case, for a list.
#[doc(hidden)]
#[macro_export]
macro_rules! __spoilt_queue_case {
    ($file:ident $case:ident) => {
        $crate::conformance::$file::Case {
            name: stringify!($case),
            run: |store, queue, spoil| {
                Box::pin($crate::conformance::$file::$case(store, queue, spoil))
            },
        }
    };
}

/// One case, as a test.
#[doc(hidden)]
#[macro_export]
macro_rules! __store_test {
    ($file:ident $case:ident ($fresh:ident $setup:block $store:expr)) => {
        #[::tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $case() {
            let $fresh = $setup;
            $crate::conformance::store::$file::$case($store).await;
        }
    };
}

/// One case, as a test.
#[doc(hidden)]
#[macro_export]
macro_rules! __effect_queue_test {
    ($file:ident $case:ident ($fresh:ident $setup:block $store:expr, $queue:expr)) => {
        #[::tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $case() {
            let $fresh = $setup;
            $crate::conformance::effect_queue::$file::$case($store, $queue).await;
        }
    };
}

/// One case, as a test.
#[doc(hidden)]
#[macro_export]
macro_rules! __identity_provider_test {
    ($file:ident $case:ident ($fresh:ident $setup:block $provider:expr, $backstage:expr)) => {
        #[::tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $case() {
            let $fresh = $setup;
            $crate::conformance::identity_provider::$file::$case($provider, $backstage).await;
        }
    };
}

/// One case, as a test.
#[doc(hidden)]
#[macro_export]
macro_rules! __body_directory_test {
    ($file:ident $case:ident ($bodies:ident $setup:block)) => {
        #[::tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $case() {
            let $bodies = $crate::conformance::body_directory::bodies();
            let directory = $setup;
            $crate::conformance::body_directory::$file::$case(&directory).await;
        }
    };
}

/// One case, as a test.
#[doc(hidden)]
#[macro_export]
macro_rules! __mailer_test {
    ($file:ident $case:ident ($fresh:ident $setup:block $mailer:expr, $backstage:expr)) => {
        #[::tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $case() {
            let $fresh = $setup;
            $crate::conformance::mailer::$file::$case($mailer, $backstage).await;
        }
    };
}

/// One case, as a test.
#[doc(hidden)]
#[macro_export]
macro_rules! __spoilt_store_test {
    ($file:ident $case:ident ($fresh:ident $setup:block $store:expr, $spoil:expr)) => {
        #[::tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $case() {
            let $fresh = $setup;
            $crate::conformance::$file::$case($store, $spoil).await;
        }
    };
}

/// One case, as a test.
#[doc(hidden)]
#[macro_export]
macro_rules! __spoilt_queue_test {
    (
        $file:ident $case:ident
        ($fresh:ident $setup:block $store:expr, $queue:expr, $spoil:expr)
    ) => {
        #[::tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $case() {
            let $fresh = $setup;
            $crate::conformance::$file::$case($store, $queue, $spoil).await;
        }
    };
}

/// Runs the suite of [`Store`](ravs_core::port::Store): one test for each case.
///
/// It is given an expression that makes a fresh, empty store; it may `.await`. Where what is made
/// is more than the store, a closure says where in it the store is; the whole lives until the
/// test is over.
///
/// The crate that names it needs `tokio` with `macros` and `rt-multi-thread`. The tests are named
/// after the cases, so each use of a macro of this kind stands in a module of its own.
///
/// ```
/// # // the tests themselves run in this crate's own tests
/// mod memory {
///     ravs_testkit::store_conformance! { ravs_testkit::MemoryStore::new() }
/// }
///
/// mod in_a_world {
///     use ravs_testkit::World;
///
///     ravs_testkit::store_conformance! {
///         World::at(chrono::DateTime::UNIX_EPOCH) => |world| &world.store
///     }
/// }
/// ```
#[macro_export]
macro_rules! store_conformance {
    ($setup:expr) => {
        $crate::store_conformance! { $setup => |fresh| &fresh }
    };
    ($setup:expr => |$fresh:ident| $store:expr) => {
        $crate::__store_cases! { __tests_of_cases (__store_test ($fresh { $setup } $store)) }
    };
}

/// Runs the suite of [`EffectQueue`](ravs_core::port::EffectQueue): one test for each case.
///
/// It is given an expression that makes a pair: a fresh, empty store, and the queue that its
/// commits fill. Otherwise as [`store_conformance!`].
///
/// ```
/// ravs_testkit::effect_queue_conformance! {{
///     let store = ravs_testkit::MemoryStore::new();
///     (store.clone(), store)
/// }}
/// ```
#[macro_export]
macro_rules! effect_queue_conformance {
    ($setup:expr) => {
        $crate::effect_queue_conformance! { $setup => |fresh| (&fresh.0, &fresh.1) }
    };
    ($setup:expr => |$fresh:ident| ($store:expr, $queue:expr)) => {
        $crate::__effect_queue_cases! {
            __tests_of_cases (__effect_queue_test ($fresh { $setup } $store, $queue))
        }
    };
}

/// Runs the suite of [`IdentityProvider`](ravs_core::port::IdentityProvider): one test for each
/// case.
///
/// It is given an expression that makes a pair: a provider without accounts, and what a test can
/// do and see behind its back ([`Backstage`](crate::conformance::identity_provider::Backstage)).
/// Otherwise as [`store_conformance!`].
///
/// ```
/// ravs_testkit::identity_provider_conformance! {{
///     let provider = ravs_testkit::MemoryIdentity::new();
///     (provider.clone(), provider)
/// }}
/// ```
#[macro_export]
macro_rules! identity_provider_conformance {
    ($setup:expr) => {
        $crate::identity_provider_conformance! { $setup => |fresh| (&fresh.0, &fresh.1) }
    };
    ($setup:expr => |$fresh:ident| ($provider:expr, $backstage:expr)) => {
        $crate::__identity_provider_cases! {
            __tests_of_cases
            (__identity_provider_test ($fresh { $setup } $provider, $backstage))
        }
    };
}

/// Runs the suite of [`BodyDirectory`](ravs_core::port::BodyDirectory): one test for each case.
///
/// It is given a closure-like expression that makes a directory of the bodies it is handed; it may
/// `.await`. Otherwise as [`store_conformance!`].
///
/// ```
/// ravs_testkit::body_directory_conformance! { |bodies| ravs_testkit::MemoryDirectory::new(bodies) }
/// ```
#[macro_export]
macro_rules! body_directory_conformance {
    (|$bodies:ident| $setup:expr) => {
        $crate::__body_directory_cases! {
            __tests_of_cases (__body_directory_test ($bodies { $setup }))
        }
    };
}

/// Runs the suite of [`Mailer`](ravs_core::port::Mailer): one test for each case.
///
/// It is given an expression that makes a pair: a mailer that has sent nothing, and what a test
/// can do and see behind its back ([`Backstage`](crate::conformance::mailer::Backstage)).
/// Otherwise as [`store_conformance!`].
///
/// ```
/// ravs_testkit::mailer_conformance! {{
///     let mailer = ravs_testkit::MemoryMailer::new();
///     (mailer.clone(), mailer)
/// }}
/// ```
#[macro_export]
macro_rules! mailer_conformance {
    ($setup:expr) => {
        $crate::mailer_conformance! { $setup => |fresh| (&fresh.0, &fresh.1) }
    };
    ($setup:expr => |$fresh:ident| ($mailer:expr, $backstage:expr)) => {
        $crate::__mailer_cases! {
            __tests_of_cases (__mailer_test ($fresh { $setup } $mailer, $backstage))
        }
    };
}

/// Runs the suite for stores whose tests can spoil what is stored: one test for each case.
///
/// It is given an expression that makes a pair: a fresh, empty store, and what spoils it
/// ([`Spoil`](crate::conformance::spoilt_store::Spoil)). Otherwise as [`store_conformance!`].
///
/// ```
/// ravs_testkit::spoilt_store_conformance! {{
///     let store = ravs_testkit::MemoryStore::new();
///     (store.clone(), store)
/// }}
/// ```
#[macro_export]
macro_rules! spoilt_store_conformance {
    ($setup:expr) => {
        $crate::spoilt_store_conformance! { $setup => |fresh| (&fresh.0, &fresh.1) }
    };
    ($setup:expr => |$fresh:ident| ($store:expr, $spoil:expr)) => {
        $crate::__spoilt_store_cases! {
            __tests_of_cases (__spoilt_store_test ($fresh { $setup } $store, $spoil))
        }
    };
}

/// Runs the suite for queues whose tests can spoil what is queued: one test for each case.
///
/// It is given an expression that makes three: a fresh, empty store, the queue that its commits
/// fill, and what spoils that ([`SpoilEffect`](crate::conformance::spoilt_queue::SpoilEffect)).
/// Otherwise as [`store_conformance!`].
///
/// ```
/// ravs_testkit::spoilt_queue_conformance! {{
///     let store = ravs_testkit::MemoryStore::new();
///     (store.clone(), store.clone(), store)
/// }}
/// ```
#[macro_export]
macro_rules! spoilt_queue_conformance {
    ($setup:expr) => {
        $crate::spoilt_queue_conformance! { $setup => |fresh| (&fresh.0, &fresh.1, &fresh.2) }
    };
    ($setup:expr => |$fresh:ident| ($store:expr, $queue:expr, $spoil:expr)) => {
        $crate::__spoilt_queue_cases! {
            __tests_of_cases (__spoilt_queue_test ($fresh { $setup } $store, $queue, $spoil))
        }
    };
}
