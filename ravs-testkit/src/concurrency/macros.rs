//! The macros, which only name the races.

/// Makes a test of every race, each on a store of its own and on four threads: so many rounds of
/// each, and so many of the delivery workers', which are long.
///
/// ```
/// # mod races {
/// ravs_testkit::races! {
///     rounds: 3, deliveries: 1, on: { ravs_testkit::MemoryStore::new() },
/// }
/// # }
/// ```
#[macro_export]
macro_rules! races {
    (rounds: $rounds:literal, deliveries: $deliveries:literal, on: $store:block $(,)?) => {
        $crate::__tests_of_cases! { (__race (($rounds) $store))
            leads {
                two_leads_remove_each_other
                a_level_changes_while_its_owner_enters
            }
            life {
                deactivating_reactivating_and_recording
                first_entries
                an_entry_and_a_withdrawal
                two_sweeps_and_an_onboarding
            }
            arrivals {
                two_regions_onboard_one_body
                one_address_at_two_organisations
                one_address_where_one_is_the_limit
                two_nominations_of_one_address
                two_subjects_of_one_address
            }
        }
        $crate::__tests_of_cases! { (__race (($deliveries) $store))
            delivery {
                many_delivery_workers
            }
        }
    };
}

/// One race, as a test.
#[doc(hidden)]
#[macro_export]
macro_rules! __race {
    ($file:ident $case:ident (($rounds:literal) $store:block)) => {
        #[::tokio::test(flavor = "multi_thread", worker_threads = 4)]
        async fn $case() {
            $crate::concurrency::$file::$case($store, $rounds).await;
        }
    };
}
