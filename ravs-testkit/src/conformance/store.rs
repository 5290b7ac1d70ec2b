//! What every [`Store`] keeps, case by case.
//!
//! Each case is a function of a fresh, empty store, and panics where a promise is broken.

pub mod atomicity;
pub mod closings;
pub mod guards;
pub mod history;
pub mod lists;
pub mod pages;
pub mod people;
pub mod places;
pub mod races;
pub mod records;
pub mod repeats;
pub mod round_trips;
pub mod status_filter;
pub mod uniqueness;
pub mod versions;

use chrono::{DateTime, NaiveDate, Utc};
use ravs_core::port::{HistoryEntry, OrganisationFilter, PageRequest, PortError, Store};
use ravs_core::{EmailAddress, OdsCode, Organisation, Region, Stream};

use super::Running;
use super::seed::read;

/// A case, for a program that runs the suite itself.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// Its name: `versions::a_stale_user_conflicts`.
    pub name: &'static str,
    /// Runs it on a fresh, empty store; panics where a promise is broken.
    pub run: for<'a> fn(&'a dyn Store) -> Running<'a>,
}

/// Every case, in the order of the files.
#[must_use]
pub fn all() -> &'static [Case] {
    crate::__store_cases! { __list_of_cases (__store_case) }
}

/// A day of January 2026.
#[track_caller]
fn day(day: u32) -> NaiveDate {
    read(&format!("2026-01-{day:02}"))
}

#[track_caller]
fn code(text: &str) -> OdsCode {
    read(text)
}

#[track_caller]
fn email(text: &str) -> EmailAddress {
    read(text)
}

fn names(organisations: &[Organisation]) -> Vec<&str> {
    organisations.iter().map(Organisation::name).collect()
}

/// A region's organisations, as many as any case has.
async fn first_page(
    store: &dyn Store,
    region: Region,
    now: DateTime<Utc>,
) -> Result<Vec<Organisation>, PortError> {
    let page = PageRequest { after: None, limit: 100 };
    let filter = OrganisationFilter::default();
    Ok(store.organisations(region, &filter, &page, now).await?.organisations)
}

/// A history, as long as any case has one.
async fn whole_history(store: &dyn Store, stream: Stream) -> Result<Vec<HistoryEntry>, PortError> {
    store.history(stream, None, 1_000).await
}
