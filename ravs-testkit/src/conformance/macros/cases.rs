//! The names of every case, which each macro takes from here.

/// Names every case of the store's suite, file by file.
#[doc(hidden)]
#[macro_export]
macro_rules! __store_cases {
    ($then:ident $with:tt) => {
        $crate::$then! { $with
            atomicity {
                a_conflict_leaves_nothing
                a_conflict_leaves_what_was_there
                a_guard_that_fails_leaves_nothing
                what_was_refused_can_be_committed_later
                a_dropped_commit_is_whole_or_nothing
            }
            closings {
                a_closing_is_due_at_its_instant
                the_longest_due_come_first
                only_deactivated_ones_are_due
                a_second_deactivation_has_its_own_closing
            }
            guards {
                an_organisation_that_moved_conflicts
                a_membership_that_moved_conflicts
                a_regional_lead_who_moved_conflicts
                a_guard_is_no_write
            }
            history {
                events_come_in_the_order_of_commits
                a_clock_that_ran_backwards_changes_no_order
                a_history_is_read_in_pieces
                a_position_stays
                histories_are_apart
                a_history_replays_to_what_is_stored
            }
            lists {
                names_are_in_the_order_of_code_points
                the_same_name_is_ordered_by_id
                a_region_lists_its_own
                a_list_can_be_narrowed_to_one_lead
                what_is_listed_is_as_stored
            }
            pages {
                pages_put_together_are_the_list
                a_page_ends_at_its_last_organisation
                a_newcomer_repeats_nothing
                a_leaver_hides_nothing
                a_page_is_filled_after_filtering
                a_key_need_not_exist
            }
            people {
                users_are_found_by_id
                users_are_found_by_address
                a_user_is_found_by_subject_once_linked
                users_are_paged_by_id
                a_regional_lead_is_there_stopped_or_not
            }
            places {
                a_roster_has_all_members
                members_are_found_by_address
                a_standing_is_what_is_stored
                who_is_no_member_stands_nowhere
                places_are_all_of_a_users
                a_code_finds_what_holds_it
            }
            races {
                one_of_many_on_one_version_wins
                one_of_many_onboardings_wins
                one_of_many_users_of_an_address_wins
                many_repeats_save_once
                nothing_is_lost
                everybody_sees_what_is_acknowledged
                a_standing_is_of_one_moment
            }
            records {
                a_record_is_its_organisations_own
                records_come_by_the_time_they_were_made
                records_are_paged_by_key
                a_range_includes_its_first_and_last_day
                a_range_goes_by_the_current_revision
                every_revision_is_kept
            }
            repeats {
                a_change_set_is_saved_once
                a_repeat_undoes_nothing
                the_id_decides_and_not_the_content
            }
            round_trips {
                a_body_reads_back_as_it_was_shown
                an_organisation_reads_back_in_every_state
                a_membership_reads_back_in_every_state
                a_person_reads_back_as_typed
                times_read_back_to_the_nanosecond
                a_whole_life_reads_back
                a_record_reads_back_as_made
            }
            status_filter {
                each_status_lists_its_own
                a_closing_counts_from_its_instant
                a_written_closing_is_closed
                every_organisation_has_one_status
            }
            uniqueness {
                a_code_has_one_organisation_that_is_not_closed
                a_closing_that_has_come_frees_no_code
                a_closing_and_its_successor_go_together
                a_withdrawn_invitation_frees_its_code
                an_address_has_one_user
                a_subject_has_one_user
            }
            versions {
                a_version_is_the_one_that_was_committed
                a_stale_organisation_conflicts
                a_stale_membership_conflicts
                a_stale_user_conflicts
                a_stale_regional_lead_conflicts
                a_stale_record_conflicts
                a_state_that_came_back_is_another_version
                a_new_organisation_that_exists_conflicts
                a_new_regional_lead_who_exists_conflicts
                a_new_record_that_exists_conflicts
                a_change_of_something_unknown_conflicts
            }
        }
    };
}

/// Names every case of the effect queue's suite, file by file.
#[doc(hidden)]
#[macro_export]
macro_rules! __effect_queue_cases {
    ($then:ident $with:tt) => {
        $crate::$then! { $with
            claims {
                an_empty_queue_gives_nothing
                a_new_effect_is_due_by_any_clock
                effects_come_in_the_order_of_queueing
                a_clock_that_ran_backwards_changes_no_order
                no_more_come_than_are_asked_for
                new_ones_go_before_those_tried
                tries_are_counted_from_one
            }
            commits {
                effects_read_back_as_committed
                a_refused_commit_queues_nothing
                a_repeated_commit_queues_once
            }
            leases {
                a_claim_hides_an_effect
                a_lease_that_ends_gives_back
                each_claim_has_its_own_lease
                a_late_worker_still_settles
            }
            parking {
                what_is_parked_is_seen_and_not_due
                the_first_parked_comes_first
                what_is_unparked_begins_anew
                only_what_is_parked_is_unparked
            }
            receipts {
                an_overtaken_receipt_settles_nothing
                a_receipt_settles_once
                what_is_done_never_comes_back
                an_unknown_receipt_settles_nothing
            }
            retries {
                a_retry_is_due_at_its_time
                a_retry_outlasts_its_lease
                a_retry_in_the_past_is_due_at_once
            }
            workers {
                each_effect_is_claimed_once
                a_lease_that_ends_goes_to_one
                nothing_is_passed_over
            }
        }
    };
}

/// Names every case of the identity provider's suite, file by file.
#[doc(hidden)]
#[macro_export]
macro_rules! __identity_provider_cases {
    ($then:ident $with:tt) => {
        $crate::$then! { $with
            access {
                granting_lets_in
                withdrawing_shuts_out
                access_outlasts_seeing_to_an_account
                access_is_each_persons_own
                nobody_is_let_in_without_an_account
                withdrawing_what_was_never_granted_is_fine
                access_changes_no_account
                everybody_with_access_is_listed
                access_is_withdrawn_by_subject
            }
            accounts {
                asking_makes_no_account
                an_account_is_made_where_there_is_none
                seeing_to_an_account_may_be_repeated
                an_account_that_exists_is_left_as_it_is
                an_address_is_one_however_it_is_spelled
                many_at_once_make_one_account
            }
            activation {
                no_account_no_email
                a_waiting_account_gets_its_email
                any_other_account_has_nothing_to_activate
            }
            outages {
                an_outage_can_be_waited_out
            }
        }
    };
}

/// Names every case of the mailer's suite, file by file.
#[doc(hidden)]
#[macro_export]
macro_rules! __mailer_cases {
    ($then:ident $with:tt) => {
        $crate::$then! { $with
            outages {
                an_outage_can_be_waited_out
                a_lost_answer_is_no_second_email
            }
            refusals {
                a_refused_address_is_rejected
                a_refusal_stops_nobody_else
            }
            repeats {
                a_repeat_does_not_go_again
                a_repeat_of_other_words_does_not_go_again
            }
            sending {
                every_email_arrives_as_it_was_written
                a_key_is_an_email
            }
        }
    };
}

/// Names every case of the suite for spoilt stores.
#[doc(hidden)]
#[macro_export]
macro_rules! __spoilt_store_cases {
    ($then:ident $with:tt) => {
        $crate::$then! { $with
            spoilt_store {
                a_spoilt_organisation_is_corrupt
                a_spoilt_membership_is_corrupt
                the_rest_still_loads
            }
        }
    };
}

/// Names every case of the suite for spoilt queues.
#[doc(hidden)]
#[macro_export]
macro_rules! __spoilt_queue_cases {
    ($then:ident $with:tt) => {
        $crate::$then! { $with
            spoilt_queue {
                a_spoilt_effect_holds_up_nothing_else
                a_spoilt_parked_effect_hides_no_other
            }
        }
    };
}

/// Names every case of the directory's suite, file by file.
#[doc(hidden)]
#[macro_export]
macro_rules! __body_directory_cases {
    ($then:ident $with:tt) => {
        $crate::$then! { $with
            codes {
                a_body_is_given_as_it_is_closed_or_not
                an_unknown_code_is_nobody
            }
            searches {
                what_is_found_is_the_whole_body
                words_are_found_in_any_order_and_case
                every_word_has_to_be_there
                the_last_word_may_be_only_begun
                punctuation_does_not_matter
                a_postcode_is_found_with_and_without_its_space
                half_a_postcode_is_enough
                closed_bodies_are_left_out
                closed_bodies_are_found_where_asked_for
                nothing_found_is_no_error
                a_query_without_words_finds_nothing
            }
            order {
                codes_come_before_words
                what_fits_alike_is_in_the_order_of_names_and_codes
                the_limit_leaves_the_best
            }
        }
    };
}
