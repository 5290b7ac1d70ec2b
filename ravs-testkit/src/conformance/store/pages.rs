//! Pages of a list: by key, never by offset.

use ravs_core::port::{OrganisationFilter, PageKey, PageRequest, PortError, Store};
use ravs_core::{Organisation, OrganisationId, OrganisationStatus, Region, RegionalLead};
use uuid::Uuid;

use super::names;
use crate::conformance::promise::{Promise as _, There as _};
use crate::conformance::seed::{Scene, Seed, body};

const ALL: OrganisationFilter = OrganisationFilter { status: None, invited_by: None };

/// Onboards a body of that name in London.
async fn onboard(
    seed: &Seed,
    store: &dyn Store,
    lead: &RegionalLead,
    code: &str,
    name: &str,
) -> Result<Organisation, PortError> {
    let (a, b) = (format!("a.{code}@nhs.net"), format!("b.{code}@nhs.net"));
    let onboarded = seed.onboarding(lead, &body(code, name), [&a, &b]);
    store.commit(&onboarded.change).await?;
    Ok(onboarded.answer)
}

/// A lead in London, and organisations of those names, their codes as the names' places.
async fn onboard_all(
    seed: &Seed,
    store: &dyn Store,
    names: &[&str],
) -> Result<RegionalLead, PortError> {
    let lead = seed.regional_lead(Region::London, "rae@nhs.net");
    store.commit(&lead.change).await?;
    for (place, name) in names.iter().enumerate() {
        onboard(seed, store, &lead.answer, &format!("ABC{place}"), name).await?;
    }
    Ok(lead.answer)
}

/// Every page of so many, until one says that it was the last.
async fn pages(
    seed: &Seed,
    store: &dyn Store,
    filter: &OrganisationFilter,
    limit: usize,
) -> Result<Vec<Vec<Organisation>>, PortError> {
    let (mut pages, mut after) = (Vec::new(), None);
    loop {
        let page = PageRequest { after, limit };
        let page = store.organisations(Region::London, filter, &page, seed.now()).await?;
        pages.push(page.organisations);
        after = page.next;
        if after.is_none() || pages.len() > 20 {
            return Ok(pages);
        }
    }
}

/// Pages of every size, put together, are the list: nothing twice, nothing left out, each page
/// full but the last, and the last one says so.
pub async fn pages_put_together_are_the_list(store: &dyn Store) {
    let seed = Seed::new();
    onboard_all(&seed, store, &["e", "b", "b", "a", "b", "d"]).await.kept();
    let [whole] = &pages(&seed, store, &ALL, 100).await.kept()[..] else {
        panic!("six organisations fit on a page of a hundred")
    };
    assert_eq!(names(whole), ["a", "b", "b", "b", "d", "e"]);
    for limit in 1..=7 {
        let pages = pages(&seed, store, &ALL, limit).await.kept();
        assert_eq!(pages.concat(), *whole, "in pages of {limit}");
        let sizes: Vec<usize> = pages.iter().map(Vec::len).collect();
        let expected: Vec<usize> = whole.chunks(limit).map(<[_]>::len).collect();
        assert_eq!(sizes, expected, "in pages of {limit}");
    }
}

/// A page ends at its last organisation's name and id.
pub async fn a_page_ends_at_its_last_organisation(store: &dyn Store) {
    let seed = Seed::new();
    onboard_all(&seed, store, &["c", "a", "b"]).await.kept();
    let page = PageRequest { after: None, limit: 2 };
    let page = store.organisations(Region::London, &ALL, &page, seed.now()).await.kept();
    let last = page.organisations.last().there("an organisation");
    let expected = PageKey { name: "b".to_owned(), id: last.id() };
    assert_eq!(page.next, Some(expected));
}

/// What comes in before a page's end moves nothing onto the next page.
pub async fn a_newcomer_repeats_nothing(store: &dyn Store) {
    let seed = Seed::new();
    let lead = onboard_all(&seed, store, &["c", "d", "e", "f"]).await.kept();
    let first = PageRequest { after: None, limit: 2 };
    let first = store.organisations(Region::London, &ALL, &first, seed.now()).await.kept();
    assert_eq!(names(&first.organisations), ["c", "d"]);
    for (code, name) in [("NEW1", "a"), ("NEW2", "b")] {
        onboard(&seed, store, &lead, code, name).await.kept();
    }
    let second = PageRequest { after: first.next, limit: 2 };
    let second = store.organisations(Region::London, &ALL, &second, seed.now()).await.kept();
    assert_eq!(names(&second.organisations), ["e", "f"], "a page is by key, not by offset");
    assert_eq!(second.next, None);
}

/// What leaves a filtered list pulls nothing off the next page, even if it was the page's end.
pub async fn a_leaver_hides_nothing(store: &dyn Store) {
    let seed = Seed::new();
    let mut scenes = Vec::new();
    for code in ["AAA", "BBB", "CCC", "DDD"] {
        scenes.push(Scene::invited(&seed, store, code).await.kept());
    }
    let status = Some(OrganisationStatus::Invited);
    let invited = OrganisationFilter { status, invited_by: None };
    let first = PageRequest { after: None, limit: 2 };
    let first = store.organisations(Region::London, &invited, &first, seed.now()).await.kept();
    assert_eq!(names(&first.organisations), ["Practice AAA", "Practice BBB"]);
    for scene in &scenes[..2] {
        scene.enter(&seed, store, scene.ada).await.kept();
    }
    let second = PageRequest { after: first.next, limit: 2 };
    let second = store.organisations(Region::London, &invited, &second, seed.now()).await.kept();
    assert_eq!(names(&second.organisations), ["Practice CCC", "Practice DDD"]);
}

/// A filter narrows the list before it is cut into pages, and says truly whether there is more.
pub async fn a_page_is_filled_after_filtering(store: &dyn Store) {
    let seed = Seed::new();
    for code in ["AAA", "BBB", "CCC", "DDD", "EEE", "FFF"] {
        let scene = Scene::invited(&seed, store, code).await.kept();
        if ["AAA", "CCC", "EEE"].contains(&code) {
            scene.enter(&seed, store, scene.ada).await.kept();
        }
    }
    let filter = |status| OrganisationFilter { status: Some(status), invited_by: None };
    let invited = filter(OrganisationStatus::Invited);
    let found = pages(&seed, store, &invited, 2).await.kept();
    let found: Vec<Vec<&str>> = found.iter().map(|page| names(page)).collect();
    assert_eq!(found, [vec!["Practice BBB", "Practice DDD"], vec!["Practice FFF"]]);
    let active = filter(OrganisationStatus::Active);
    let found = pages(&seed, store, &active, 3).await.kept();
    assert_eq!(found.len(), 1, "there is nothing more to show after the third");
}

/// A key need not be of anything that is there: the page begins after where it would stand.
pub async fn a_key_need_not_exist(store: &dyn Store) {
    let seed = Seed::new();
    onboard_all(&seed, store, &["a", "b", "c"]).await.kept();
    let table = [("a", Uuid::max(), vec!["b", "c"]), ("b", Uuid::nil(), vec!["b", "c"])];
    let more = [("", Uuid::nil(), vec!["a", "b", "c"]), ("d", Uuid::nil(), vec![])];
    for (name, id, expected) in table.into_iter().chain(more) {
        let after = Some(PageKey { name: name.to_owned(), id: OrganisationId::from_uuid(id) });
        let page = PageRequest { after, limit: 10 };
        let page = store.organisations(Region::London, &ALL, &page, seed.now()).await.kept();
        assert_eq!(names(&page.organisations), expected, "after `{name}`");
        assert_eq!(page.next, None);
    }
}
