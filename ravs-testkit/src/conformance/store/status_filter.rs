//! The status filter judges as of now, swept or not.

use chrono::{DateTime, TimeDelta, Utc};
use ravs_core::port::{OrganisationFilter, PageRequest, PortError, Store};
use ravs_core::{OrganisationStatus, Region};

use super::{first_page, names};
use crate::conformance::promise::{Promise as _, There as _};
use crate::conformance::seed::{Scene, Seed};

async fn listed(
    store: &dyn Store,
    status: OrganisationStatus,
    now: DateTime<Utc>,
) -> Result<Vec<String>, PortError> {
    let filter = OrganisationFilter { status: Some(status), invited_by: None };
    let page = PageRequest { after: None, limit: 100 };
    let page = store.organisations(Region::London, &filter, &page, now).await?;
    Ok(names(&page.organisations).into_iter().map(String::from).collect())
}

/// One organisation in each status: each is listed under its own.
pub async fn each_status_lists_its_own(store: &dyn Store) {
    let seed = Seed::new();
    Scene::invited(&seed, store, "AAA").await.kept();
    Scene::active(&seed, store, "BBB").await.kept();
    let deactivated = Scene::active(&seed, store, "CCC").await.kept();
    deactivated.deactivate(&seed, store).await.kept();
    let withdrawn = Scene::invited(&seed, store, "DDD").await.kept();
    let roster = withdrawn.roster(store).await.kept();
    store.commit(&seed.withdrawal(&withdrawn.lead, &roster).change).await.kept();
    for (status, code) in OrganisationStatus::ALL.into_iter().zip(["AAA", "BBB", "CCC", "DDD"]) {
        let found = listed(store, status, seed.now()).await.kept();
        assert_eq!(found, [format!("Practice {code}")], "listed as {status}");
    }
}

/// A closing that has come is Closed to the nanosecond, although it is stored as Deactivated.
pub async fn a_closing_counts_from_its_instant(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::active(&seed, store, "RRV").await.kept();
    let closing = scene.deactivate(&seed, store).await.kept().state().closing();
    let closes = closing.there("the closing").instant();
    let (deactivated, closed) = (OrganisationStatus::Deactivated, OrganisationStatus::Closed);
    let before = closes - TimeDelta::nanoseconds(1);
    for (now, is, is_not) in [(before, deactivated, closed), (closes, closed, deactivated)] {
        assert_eq!(listed(store, is, now).await.kept(), ["Practice RRV"], "{is} at {now}");
        assert!(listed(store, is_not, now).await.kept().is_empty(), "not {is_not} at {now}");
    }
}

/// A closing that is written down is Closed too, and so is what was withdrawn.
pub async fn a_written_closing_is_closed(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::active(&seed, store, "RRV").await.kept();
    let closing = scene.deactivate(&seed, store).await.kept().state().closing();
    seed.clock.set(closing.there("the closing").instant());
    let change = seed.closing(&scene.roster(store).await.kept()).change;
    store.commit(&change).await.kept();
    for now in [seed.now(), seed.now() - TimeDelta::days(1)] {
        let found = listed(store, OrganisationStatus::Closed, now).await.kept();
        assert_eq!(found, ["Practice RRV"], "what is stored as Closed is Closed at any time");
    }
    assert!(listed(store, OrganisationStatus::Deactivated, seed.now()).await.kept().is_empty());
}

/// At every instant each organisation is listed under exactly one status: the one that the core
/// says it has.
pub async fn every_organisation_has_one_status(store: &dyn Store) {
    let seed = Seed::new();
    Scene::invited(&seed, store, "AAA").await.kept();
    Scene::active(&seed, store, "BBB").await.kept();
    let mut instants = vec![seed.now()];
    for code in ["CCC", "DDD"] {
        seed.clock.advance(TimeDelta::days(9));
        let scene = Scene::active(&seed, store, code).await.kept();
        let closing = scene.deactivate(&seed, store).await.kept().state().closing();
        let closes = closing.there("the closing").instant();
        instants.extend([closes - TimeDelta::nanoseconds(1), closes]);
    }
    for now in instants {
        let all = first_page(store, Region::London, now).await.kept();
        assert_eq!(all.len(), 4);
        for status in OrganisationStatus::ALL {
            let expected: Vec<&str> = all
                .iter()
                .filter(|organisation| organisation.status_at(now) == status)
                .map(|organisation| organisation.name())
                .collect();
            assert_eq!(listed(store, status, now).await.kept(), expected, "{status} at {now}");
        }
    }
}
