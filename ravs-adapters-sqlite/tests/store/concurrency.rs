//! The races of `ravs_testkit::concurrency` on this store, on several threads.

use crate::fresh::Fresh;
use ravs_testkit::concurrency::{arrivals, delivery, leads, life};

macro_rules! races {
    ($($module:ident::$case:ident in $rounds:literal rounds;)+) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $case() {
                $module::$case(Fresh::new(), $rounds).await;
            }
        )+
    };
}

races! {
    leads::two_leads_remove_each_other in 60 rounds; // R-U9
    leads::a_level_changes_while_its_owner_enters in 60 rounds; // R-U7
    life::deactivating_reactivating_and_recording in 60 rounds; // R-L2
    life::first_entries in 60 rounds; // R-L1
    life::an_entry_and_a_withdrawal in 60 rounds; // R-O7
    life::two_sweeps_and_an_onboarding in 60 rounds; // R-L6, R-O4
    arrivals::two_regions_onboard_one_body in 60 rounds; // R-O4
    arrivals::one_address_at_two_organisations in 60 rounds; // R-O5
    arrivals::one_address_where_one_is_the_limit in 60 rounds; // R-U4
    arrivals::two_nominations_of_one_address in 60 rounds; // R-O8
    arrivals::two_subjects_of_one_address in 60 rounds; // R-S1
    delivery::many_delivery_workers in 3 rounds; // R-N4
}
