//! What an index does beyond the conformance suite and the table of queries.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use proptest::prelude::*;
use ravs_core::Body;
use tokio::runtime::{Builder, Runtime};

use super::*;

fn runtime() -> Runtime {
    Builder::new_current_thread().build().unwrap()
}

fn body(code: &str, name: &str) -> Entry {
    Entry::from(Body {
        code: code.parse().unwrap(),
        name: name.into(),
        address: "1 HIGH STREET, LEEDS".into(),
        postcode: "LS1 4AP".into(),
        legally_closed: None,
    })
}

fn search(index: &OdsIndex, query: &str, limit: usize) -> Vec<String> {
    let on = "2026-01-05".parse().unwrap();
    let search = BodySearch { query: query.into(), limit, on, closed: ClosedBodies::LeftOut };
    let found = runtime().block_on(index.search(&search)).unwrap();
    found.into_iter().map(|body| body.code.to_string()).collect()
}

#[test]
fn an_index_of_nothing_finds_nothing_and_says_so() {
    let index = OdsIndex::of([]).unwrap();
    assert_eq!(index.len(), Some(0));
    assert_eq!(search(&index, "surgery", 10), [""; 0]);
}

#[test]
fn two_of_one_code_are_refused() {
    let index = OdsIndex::of([body("RRV", "UCLH")]).unwrap();
    let outcome = index.replace([body("RJ1", "A"), body("RJ2", "B"), body("RJ1", "C")]);
    assert_eq!(outcome.unwrap_err().to_string(), "`RJ1` is there twice");
    assert_eq!(index.len(), Some(1));
}

#[test]
fn better_fits_come_first() {
    let index = OdsIndex::of([
        body("AAA1", "MILL SURGERY"),
        body("AAA2", "MILL SURGERY ANNEX"),
        body("AAA3", "OLD MILL SURGERY"),
        body("AAA4", "SURGERY AT THE MILLPOND"),
        body("AAA5", "MALL SURGERY"),
        body("MILL2", "ELSEWHERE"),
    ])
    .unwrap();
    assert_eq!(search(&index, "mill surgery", 10), ["AAA1", "AAA2", "AAA3", "AAA5"]);
    assert_eq!(search(&index, "surgery mill", 10), ["AAA1", "AAA2", "AAA3", "AAA4", "AAA5"]);
    assert_eq!(search(&index, "mill", 10)[..2], ["MILL2", "AAA1"]);
}

#[test]
fn misspellings_are_looked_for_only_where_little_is_found() {
    let many = (10..20).map(|number| body(&format!("A{number}"), "MILL SURGERY"));
    let index = OdsIndex::of(many.chain([body("B10", "HILL SURGERY")])).unwrap();
    assert_eq!(search(&index, "mill surgery", 50).len(), 10);
    assert_eq!(search(&index, "mlil surgery", 50).len(), 10, "swapped letters are one slip");
    assert_eq!(search(&index, "hill surgery", 50).len(), 11, "what is spelt so comes first");
    assert_eq!(search(&index, "hill surgery", 50)[0], "B10");
}

#[test]
fn a_word_too_long_to_be_one_is_not_looked_for_misspelt() {
    let [long, too_long] = [32, 33].map(|letters| "ab".repeat(17)[..letters].to_owned());
    let index = OdsIndex::of([body("AAA1", &long), body("AAA2", &too_long)]).unwrap();
    assert_eq!(search(&index, &format!("x{}", &long[1..]), 10), ["AAA1", "AAA2"]);
    assert_eq!(search(&index, &format!("x{}", &too_long[1..]), 10), [""; 0]);
    assert_eq!(search(&index, &too_long, 10), ["AAA2"]);
}

#[test]
fn no_query_is_too_long_to_be_answered() {
    let long = "PNEUMONOULTRAMICROSCOPICSILICOVOLCANOCONIOSIS".repeat(6);
    let index = OdsIndex::of([body("AAA1", "MILL SURGERY"), body("AAA2", &long)]).unwrap();
    for piece in ["x", "é", "𝕩", "ﷺ", "İ", "mill"] {
        let word = piece.repeat(100 * 1024 / piece.len());
        assert_eq!(search(&index, &word, 10), [""; 0], "{piece}");
        let words = format!("{} ", piece.repeat(31)).repeat(3_000);
        assert_eq!(search(&index, &words, 10), [""; 0], "{piece}");
    }
    let far = " ".repeat(200);
    assert_eq!(search(&index, &format!("mill{far}nowhere"), 10), ["AAA1"]);
    assert_eq!(search(&index, &format!("{far}mill nowhere"), 10), [""; 0]);
    assert_eq!(search(&index, &long, 10), ["AAA2"], "its first 200 letters are a beginning");
}

/// Sets of bodies whose codes begin with one letter: a search that finds two has seen half.
#[test]
fn a_search_never_sees_half_of_a_set() {
    let set = |letter: char| {
        (0..200).map(move |number| body(&format!("{letter}{number:03}"), "MILL SURGERY"))
    };
    let index = Arc::new(OdsIndex::of(set('A')).unwrap());
    let over = Arc::new(AtomicBool::new(false));
    let searching = thread::spawn({
        let (index, over) = (index.clone(), over.clone());
        move || {
            let mut letters = std::collections::BTreeSet::new();
            loop {
                let last = over.load(Ordering::Acquire);
                let found = search(&index, "mill", 500);
                let firsts: std::collections::BTreeSet<char> =
                    found.iter().filter_map(|code| code.chars().next()).collect();
                assert_eq!((found.len(), firsts.len()), (200, 1));
                letters.extend(firsts);
                if last {
                    return letters;
                }
            }
        }
    });
    for letter in 'B'..='F' {
        index.replace(set(letter)).unwrap();
    }
    over.store(true, Ordering::Release);
    assert!(searching.join().unwrap().contains(&'F'));
}

proptest! {
    /// Whatever is typed, there is an answer, it is the same each time, and a shorter list is the
    /// beginning of a longer one.
    #[test]
    fn any_query_has_one_answer(query in "\\PC{0,40}", limit in 0usize..6) {
        thread_local! {
            static INDEX: OdsIndex = OdsIndex::of([
                body("RRV", "ST MARY'S & ALL SAINTS"),
                body("RJ1", "SAINT MARYS SURGERY"),
                body("RJ2", "O'BRIEN AND PARTNERS"),
                body("RJ3", "THE SURGERY"),
                body("RJ4", "ÉLAN HOUSE"),
            ]).unwrap();
        }
        INDEX.with(|index| {
            let all = search(index, &query, 50);
            assert_eq!(search(index, &query, 50), all);
            let few = search(index, &query, limit);
            assert!(few.len() <= limit);
            assert!(all.starts_with(&few));
        });
    }
}
