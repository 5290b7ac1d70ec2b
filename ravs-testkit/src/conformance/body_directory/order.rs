//! In which order, and how many.

use ravs_core::port::{BodyDirectory, BodySearch};

use super::{codes_of, found, search};

/// The body whose code is the query comes before those whose code begins so, and these before
/// those with such words.
pub async fn codes_come_before_words(directory: &dyn BodyDirectory) {
    assert_eq!(found(directory, "zx1").await, ["ZX1", "ZX101", "ZX10", "ZY2"]);
    assert_eq!(found(directory, "ZX10").await, ["ZX10", "ZX101"]);
}

/// Bodies that fit alike come in the order of their names, and those of one name in the order of
/// their codes; every time.
pub async fn what_fits_alike_is_in_the_order_of_names_and_codes(directory: &dyn BodyDirectory) {
    for _ in 0..3 {
        assert_eq!(found(directory, "high street").await, ["ZW8", "ZW9"]);
        assert_eq!(found(directory, "bridport").await, ["ZX101", "ZX10"]);
    }
}

/// No more are given than asked for, and those are the best.
pub async fn the_limit_leaves_the_best(directory: &dyn BodyDirectory) {
    let all = found(directory, "zx1").await;
    for limit in 0..=all.len() {
        let best = all.iter().take(limit).cloned().collect::<Vec<_>>();
        assert_eq!(codes_of(directory, &BodySearch { limit, ..search("zx1") }).await, best);
    }
}
