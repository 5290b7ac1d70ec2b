//! A region's organisations: which are listed, and in which order.

use std::slice::from_ref;

use chrono::TimeDelta;
use ravs_core::port::{OrganisationFilter, PageRequest, Store};
use ravs_core::{OrganisationId, OrganisationStatus, Region, RegionalLead};

use super::{first_page, names};
use crate::conformance::promise::{Promise as _, There as _};
use crate::conformance::seed::{Scene, Seed, body};

/// Names in the order of their code points, which is neither that of any language, nor of
/// capitals put aside, nor of UTF-16, nor of numbers.
const IN_ORDER: [&str; 16] = [
    "\"Quoted\" Clinic",
    "10 High Street",
    "9 High Street",
    "Abbey",
    "Abbey Road",
    "St Mary",
    "St. Mary",
    "Zetland",
    "abbey",
    "cafe\u{301}",
    "cafe surgery",
    "café",
    "zetland",
    "Åsgård",
    "\u{ff21} fullwidth",
    "\u{1f489} vaccines",
];

/// The list is ordered by name, by code point.
pub async fn names_are_in_the_order_of_code_points(store: &dyn Store) {
    let mut expected = IN_ORDER.map(String::from);
    expected.sort(); // code points of UTF-8, as Rust compares
    let seed = Seed::new();
    let lead = seed.regional_lead(Region::London, "rae@nhs.net");
    store.commit(&lead.change).await.kept();
    for (number, name) in IN_ORDER.iter().rev().enumerate() {
        let number = (number * 7) % IN_ORDER.len(); // in no order
        let (a, b) = (format!("a{number}@nhs.net"), format!("b{number}@nhs.net"));
        let body = body(&format!("ABC{number:02}"), name);
        store.commit(&seed.onboarding(&lead.answer, &body, [&a, &b]).change).await.kept();
    }
    let listed = first_page(store, Region::London, seed.now()).await.kept();
    assert_eq!(names(&listed), expected);
}

/// Where names are the same, the ids order them.
pub async fn the_same_name_is_ordered_by_id(store: &dyn Store) {
    let seed = Seed::new();
    let lead = seed.regional_lead(Region::London, "rae@nhs.net");
    store.commit(&lead.change).await.kept();
    let mut expected = Vec::new();
    for number in 0..9 {
        let (a, b) = (format!("a{number}@nhs.net"), format!("b{number}@nhs.net"));
        let body = body(&format!("ABC{number}"), "Boots");
        let onboarded = seed.onboarding(&lead.answer, &body, [&a, &b]);
        store.commit(&onboarded.change).await.kept();
        expected.push(onboarded.answer.id());
    }
    expected.sort_unstable();
    let listed = first_page(store, Region::London, seed.now()).await.kept();
    let listed: Vec<OrganisationId> = listed.iter().map(|organisation| organisation.id()).collect();
    assert_eq!(listed, expected);
}

/// A region lists its own, and a region without any lists none.
pub async fn a_region_lists_its_own(store: &dyn Store) {
    let seed = Seed::new();
    let mut expected = Vec::new();
    for (number, region) in Region::ALL.into_iter().enumerate().skip(1) {
        let lead = seed.regional_lead(region, &format!("lead{number}@nhs.net"));
        store.commit(&lead.change).await.kept();
        let (a, b) = (format!("a{number}@nhs.net"), format!("b{number}@nhs.net"));
        let body = body(&format!("ABC{number}"), "Boots");
        let onboarded = seed.onboarding(&lead.answer, &body, [&a, &b]);
        store.commit(&onboarded.change).await.kept();
        expected.push((region, onboarded.answer));
    }
    for (region, organisation) in expected {
        let listed = first_page(store, region, seed.now()).await.kept();
        assert_eq!(listed, [organisation], "the list of {region:?}");
    }
    assert!(first_page(store, Region::ALL[0], seed.now()).await.kept().is_empty());
}

/// The list can be narrowed to what one lead invited, also together with a status.
pub async fn a_list_can_be_narrowed_to_one_lead(store: &dyn Store) {
    let seed = Seed::new();
    let ours = Scene::active(&seed, store, "AAA").await.kept();
    let theirs = Scene::active(&seed, store, "BBB").await.kept();
    let nominees = ["c@nhs.net", "d@nhs.net"];
    let more = seed.onboarding(&ours.lead, &body("CCC", "Practice CCC"), nominees);
    store.commit(&more.change).await.kept();
    let list = async |lead: &RegionalLead, status| {
        let filter = OrganisationFilter { status, invited_by: Some(lead.user()) };
        let page = PageRequest { after: None, limit: 10 };
        let page = store.organisations(Region::London, &filter, &page, seed.now()).await.kept();
        page.organisations.iter().map(|listed| listed.id()).collect::<Vec<_>>()
    };
    assert_eq!(list(&ours.lead, None).await, [ours.id, more.answer.id()]);
    assert_eq!(list(&theirs.lead, None).await, [theirs.id]);
    assert_eq!(list(&ours.lead, Some(OrganisationStatus::Active)).await, [ours.id]);
    assert!(list(&theirs.lead, Some(OrganisationStatus::Invited)).await.is_empty());
}

/// What is listed is as it is stored, also where its closing has come.
pub async fn what_is_listed_is_as_stored(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::active(&seed, store, "RRV").await.kept();
    let deactivated = scene.deactivate(&seed, store).await.kept();
    let closes = deactivated.state().closing().there("the closing").instant();
    for now in [seed.now(), closes, closes + TimeDelta::days(1000)] {
        assert_eq!(first_page(store, Region::London, now).await.kept(), from_ref(&deactivated));
    }
}
