//! Users: by id, by address, by subject; and regional leads.

use ravs_core::port::Store;
use ravs_core::{Region, Subject, UserId};
use uuid::Uuid;

use super::email;
use crate::conformance::promise::{Promise as _, There as _};
use crate::conformance::seed::{Scene, Seed};

/// Users are found by their ids; ids of nobody are left out.
pub async fn users_are_found_by_id(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::invited(&seed, store, "RRV").await.kept();
    let nobody = UserId::from_uuid(Uuid::from_u128(404));
    let mut found = store.users(&[scene.ben, nobody, scene.ada]).await.kept();
    found.sort_by_key(|user| user.email().clone());
    let found: Vec<_> = found.iter().map(|user| (user.id(), user.email().as_str())).collect();
    let (ada, ben) = (scene.ada_email.as_str(), scene.ben_email.as_str());
    assert_eq!(found, [(scene.ada, ada), (scene.ben, ben)]);
    assert!(store.users(&[nobody]).await.kept().is_empty());
    assert!(store.users(&[]).await.kept().is_empty());
}

/// Users are listed by id, and pages put together are all of them, each once.
pub async fn users_are_paged_by_id(store: &dyn Store) {
    let seed = Seed::new();
    assert!(store.users_after(None, 10).await.kept().is_empty());
    let mut expected = Vec::new();
    for code in ["RRV", "RJ1", "RYJ"] {
        let scene = Scene::invited(&seed, store, code).await.kept();
        expected.extend([scene.ada, scene.ben]);
    }
    let all = store.users_after(None, 1_000).await.kept();
    assert!(all.is_sorted_by_key(|user| user.id()), "they are not in the order of their ids");
    expected.retain(|id| all.iter().all(|user| user.id() != *id));
    assert!(expected.is_empty(), "{expected:?} are left out");
    for limit in [1, 2, all.len(), all.len() + 1] {
        let mut paged = Vec::new();
        loop {
            let after = paged.last().map(ravs_core::User::id);
            let page = store.users_after(after, limit).await.kept();
            assert!(page.len() <= limit, "a page of {limit} has {}", page.len());
            if page.is_empty() {
                break;
            }
            paged.extend(page);
            assert!(paged.len() <= all.len(), "more than there are");
        }
        assert_eq!(paged, all, "in pages of {limit}");
    }
    let nobody = UserId::from_uuid(Uuid::nil());
    assert_eq!(store.users_after(Some(nobody), 1_000).await.kept(), all, "a key need not exist");
}

/// Users are found by their addresses, however they are spelled; unknown ones are left out.
pub async fn users_are_found_by_address(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::invited(&seed, store, "RRV").await.kept();
    let asked = [email("BEN.rrv@NHS.net"), email("nobody@nhs.net"), email("ada.rrv@nhs.net")];
    let mut found: Vec<_> = store.users_by_email(&asked).await.kept();
    found.sort_by_key(|user| user.email().clone());
    let ids: Vec<_> = found.iter().map(|user| user.id()).collect();
    assert_eq!(ids, [scene.ada, scene.ben]);
    assert_eq!(found[0].email().as_str(), scene.ada_email.as_str(), "as it was typed");
    assert!(store.users_by_email(&[email("ada@nhs.net")]).await.kept().is_empty());
    assert!(store.users_by_email(&[]).await.kept().is_empty());
}

/// A user is found by their subject once they are linked, and by that one alone.
pub async fn a_user_is_found_by_subject_once_linked(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::invited(&seed, store, "RRV").await.kept();
    let subject = |text| Subject::new(text).ok().there("a subject of the suite's own");
    assert!(store.user_by_subject(&subject("one")).await.kept().is_none());
    let (ada, _) = scene.place(store, scene.ada).await.kept();
    let linked = seed.link(&ada, &subject("one"));
    store.commit(&linked.change).await.kept();
    let found = store.user_by_subject(&subject("one")).await.kept().there("the linked user");
    assert_eq!(found, linked.answer);
    for other in ["on", "one ", " one", "ONE", "two"] {
        let found = store.user_by_subject(&subject(other)).await.kept();
        assert!(found.is_none(), "`{other}` is another subject");
    }
    assert_eq!(store.users(&[scene.ada]).await.kept(), [linked.answer]);
}

/// A regional lead is there from when they are added, stopped ones too; others are none.
pub async fn a_regional_lead_is_there_stopped_or_not(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::invited(&seed, store, "RRV").await.kept();
    let user = scene.lead.user();
    assert_eq!(store.regional_lead(user).await.kept().as_ref(), Some(&scene.lead));
    assert!(store.regional_lead(scene.ada).await.kept().is_none(), "a user is no regional lead");
    seed.tick();
    let change = seed.stop(&scene.lead).change;
    store.commit(&change).await.kept();
    let stopped = store.regional_lead(user).await.kept().there("the stopped lead");
    assert_eq!(stopped, change.regional_leads()[0].state);
    let [person] = &store.users(&[user]).await.kept()[..] else {
        panic!("a regional lead is a user")
    };
    let again = seed.regional_lead_again(Region::Midlands, person, Some(&stopped));
    store.commit(&again.change).await.kept();
    assert_eq!(store.regional_lead(user).await.kept(), Some(again.answer));
}
