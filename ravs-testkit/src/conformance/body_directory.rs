//! What every [`BodyDirectory`] keeps, case by case.
//!
//! Each case is a function of a directory that knows the bodies of [`bodies`], and panics where a
//! promise is broken. How a directory copes with misspellings or abbreviations is its own affair.

pub mod codes;
pub mod order;
pub mod searches;

use chrono::NaiveDate;
use ravs_core::Body;
use ravs_core::port::{BodyDirectory, BodySearch, ClosedBodies};

use super::Running;
use super::promise::Promise as _;
use super::seed::read;

/// A case, for a program that runs the suite itself.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// Its name: `searches::a_postcode_is_found_with_and_without_its_space`.
    pub name: &'static str,
    /// Runs it on a directory of [`bodies`]; panics where a promise is broken.
    pub run: for<'a> fn(&'a dyn BodyDirectory) -> Running<'a>,
}

/// Every case, in the order of the files.
#[must_use]
pub fn all() -> &'static [Case] {
    crate::__body_directory_cases! { __list_of_cases (__body_directory_case) }
}

/// The bodies that the directory of a case knows.
#[must_use]
#[track_caller]
pub fn bodies() -> Vec<Body> {
    [
        ("ZX1", "Harbour Lights Surgery", "1 Quay Street, Lyme", "DT7 3AA", ""),
        // its code is the beginning of others
        ("ZX10", "The Mill Practice", "22 Mill Lane, Bridport", "DT6 5BB", ""),
        ("ZX101", "Alder Court Surgery", "5 Alder Court, Bridport", "DT6 5BC", ""),
        // a name that begins like a code
        ("ZY2", "ZX1 Memorial Clinic", "9 Long Row, Lyme", "DT7 3AB", ""),
        ("ZY3", "O'Brien's Pharmacy", "14 Quay Street, Lyme", "DT7 3AA", ""),
        // two of one name
        ("ZW9", "Rivermead Pharmacy", "3 High Street, Wells", "BA5 1CC", ""),
        ("ZW8", "Rivermead Pharmacy", "70 High Street, Bath", "BA1 1DD", ""),
        ("ZC1", "Eastfield Surgery", "2 East Field, Wells", "BA5 1CD", "2020-04-01"),
        ("ZC2", "Eastfield Health Centre", "4 East Field, Wells", "BA5 1CE", "2031-04-01"),
    ]
    .map(|(code, name, address, postcode, closed)| Body {
        code: read(code),
        name: name.to_owned(),
        address: address.to_owned(),
        postcode: postcode.to_owned(),
        legally_closed: (!closed.is_empty()).then(|| read(closed)),
    })
    .into()
}

/// A search on 5 January 2026, without closed bodies, for up to 50.
#[track_caller]
fn search(query: &str) -> BodySearch {
    let on = read::<NaiveDate>("2026-01-05");
    BodySearch { query: query.to_owned(), limit: 50, on, closed: ClosedBodies::LeftOut }
}

/// The codes of what is found, in order.
async fn codes_of(directory: &dyn BodyDirectory, search: &BodySearch) -> Vec<String> {
    let found = directory.search(search).await.kept();
    found.into_iter().map(|body| body.code.to_string()).collect()
}

/// The codes of what such a search finds, in order.
async fn found(directory: &dyn BodyDirectory, query: &str) -> Vec<String> {
    codes_of(directory, &search(query)).await
}
