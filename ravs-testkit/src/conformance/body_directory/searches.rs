//! What a search finds.

use chrono::NaiveDate;
use ravs_core::port::{BodyDirectory, BodySearch, ClosedBodies};

use super::{bodies, codes_of, found, search};
use crate::conformance::promise::Promise as _;
use crate::conformance::seed::read;

/// What is found is the whole body, as it is given under its code.
pub async fn what_is_found_is_the_whole_body(directory: &dyn BodyDirectory) {
    for body in directory.search(&search("quay street")).await.kept() {
        assert!(bodies().contains(&body), "there is no such body: {body:?}");
        assert_eq!(directory.body(&body.code).await.kept(), Some(body));
    }
    assert_eq!(found(directory, "harbour").await, ["ZX1"]);
}

/// A body is found by words of its name and of its address, in any order and any case.
pub async fn words_are_found_in_any_order_and_case(directory: &dyn BodyDirectory) {
    for query in ["mill practice", "PRACTICE MILL", "bridport practice", "lane bridport the mill"] {
        assert_eq!(found(directory, query).await, ["ZX10"], "{query}");
    }
    assert_eq!(found(directory, "quay lyme street").await, ["ZX1", "ZY3"]);
}

/// Every word counts, not some of them.
pub async fn every_word_has_to_be_there(directory: &dyn BodyDirectory) {
    assert_eq!(found(directory, "harbour bridport").await, [""; 0]);
}

/// The last word may be only begun, as it is while somebody types.
pub async fn the_last_word_may_be_only_begun(directory: &dyn BodyDirectory) {
    assert_eq!(found(directory, "harb").await, ["ZX1"]);
    assert_eq!(found(directory, "alder cou").await, ["ZX101"]);
}

/// Apostrophes may be left out or typed; other punctuation divides words.
pub async fn punctuation_does_not_matter(directory: &dyn BodyDirectory) {
    for query in ["o'brien's pharmacy", "obriens pharmacy", "O’BRIENS, PHARMACY."] {
        assert_eq!(found(directory, query).await, ["ZY3"], "{query}");
    }
}

/// A postcode may be written with its space or without, in any case.
pub async fn a_postcode_is_found_with_and_without_its_space(directory: &dyn BodyDirectory) {
    for query in ["DT7 3AA", "dt73aa", " dt7  3aa "] {
        assert_eq!(found(directory, query).await, ["ZX1", "ZY3"], "{query}");
    }
}

/// The outward half alone finds all that are there.
pub async fn half_a_postcode_is_enough(directory: &dyn BodyDirectory) {
    assert_eq!(found(directory, "DT6").await, ["ZX101", "ZX10"]);
}

/// A body that is legally closed on the day of the search is left out, from its first such day
/// on; a closing that lies ahead is none.
pub async fn closed_bodies_are_left_out(directory: &dyn BodyDirectory) {
    assert_eq!(found(directory, "eastfield").await, ["ZC2"]);
    for (day, codes) in [("2031-03-31", &["ZC2"][..]), ("2031-04-01", &[])] {
        let on = read::<NaiveDate>(day);
        assert_eq!(codes_of(directory, &BodySearch { on, ..search("eastfield") }).await, codes);
    }
    assert_eq!(found(directory, "ZC1").await, [""; 0], "a code finds no closed body either");
}

/// Closed bodies are found like any other where they are asked for.
pub async fn closed_bodies_are_found_where_asked_for(directory: &dyn BodyDirectory) {
    let closed = ClosedBodies::Included;
    let all = BodySearch { closed, ..search("eastfield") };
    assert_eq!(codes_of(directory, &all).await, ["ZC2", "ZC1"]);
    assert_eq!(codes_of(directory, &BodySearch { closed, ..search("zc1") }).await, ["ZC1"]);
}

/// That nothing is found is no error.
pub async fn nothing_found_is_no_error(directory: &dyn BodyDirectory) {
    assert_eq!(found(directory, "xylophone").await, [""; 0]);
}

/// A query without a letter or digit finds nothing, and not everything.
pub async fn a_query_without_words_finds_nothing(directory: &dyn BodyDirectory) {
    for query in ["", "  ", "-", "'"] {
        assert_eq!(found(directory, query).await, [""; 0], "{query:?}");
    }
}
