//! Members, and where they stand.

use ravs_core::port::Store;
use ravs_core::{MembershipStatus, OrganisationId, PermissionLevel, Place, Standing, UserId};
use uuid::Uuid;

use super::email;
use crate::conformance::promise::{Promise as _, There as _};
use crate::conformance::seed::{Scene, Seed, body, standing_of};

/// A roster is an organisation with all its members, deactivated ones too, and no others.
pub async fn a_roster_has_all_members(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::active(&seed, store, "AAA").await.kept();
    Scene::active(&seed, store, "BBB").await.kept();
    let roster = scene.roster(store).await.kept();
    let level = PermissionLevel::Recorder;
    let added = seed.user(scene.ada, &roster, None, "una@nhs.net", level);
    store.commit(&added.change).await.kept();
    let roster = scene.roster(store).await.kept();
    let left = seed.leaving(scene.ada, &roster, scene.ben_email.as_str());
    store.commit(&left.change).await.kept();
    let mut members = scene.roster(store).await.kept().members;
    members.sort_by_key(|member| member.user.email().clone());
    let emails: Vec<&str> = members.iter().map(|member| member.user.email().as_str()).collect();
    assert_eq!(emails, ["Ada.AAA@nhs.net", "Ben.AAA@nhs.net", "una@nhs.net"]);
    let statuses: Vec<_> = members.iter().map(|member| member.membership.status()).collect();
    use MembershipStatus::{Active, Deactivated, Invited};
    assert_eq!(statuses, [Active, Deactivated, Invited]);
    assert!(members.iter().all(|member| member.membership.user() == member.user.id()));
    assert!(members.iter().all(|member| member.membership.organisation() == scene.id));
    let nowhere = OrganisationId::from_uuid(Uuid::from_u128(404));
    assert!(store.roster(nowhere).await.kept().is_none());
    assert!(store.organisation(nowhere).await.kept().is_none());
}

/// Members are found by their addresses, at that organisation alone.
pub async fn members_are_found_by_address(store: &dyn Store) {
    let seed = Seed::new();
    let here = Scene::active(&seed, store, "AAA").await.kept();
    let there = Scene::active(&seed, store, "BBB").await.kept();
    let roster = here.roster(store).await.kept();
    let left = seed.leaving(here.ada, &roster, here.ben_email.as_str());
    store.commit(&left.change).await.kept();
    let asked = [
        email("BEN.aaa@nhs.net"),
        there.ada_email.clone(),
        email("nobody@nhs.net"),
        here.ada_email.clone(),
    ];
    let mut found = store.members(here.id, &asked).await.kept();
    found.sort_by_key(|member| member.user.email().clone());
    let roster = here.roster(store).await.kept();
    let expected = [here.ada, here.ben].map(|user| roster.by_user(user).cloned());
    assert_eq!(found.into_iter().map(Some).collect::<Vec<_>>(), expected);
    assert!(store.members(here.id, &[]).await.kept().is_empty());
    let nowhere = OrganisationId::from_uuid(Uuid::from_u128(404));
    assert!(store.members(nowhere, &asked).await.kept().is_empty());
}

/// Where a user stands is what is stored of the organisation and the membership, at once.
pub async fn a_standing_is_what_is_stored(store: &dyn Store) {
    let seed = Seed::new();
    let scene = Scene::active(&seed, store, "RRV").await.kept();
    for user in [scene.ada, scene.ben] {
        let standing = store.standing(user, scene.id).await.kept();
        let roster = scene.roster(store).await.kept();
        assert_eq!(standing, standing_of(&roster, user));
    }
    let roster = scene.roster(store).await.kept();
    let left = seed.leaving(scene.ada, &roster, scene.ben_email.as_str());
    store.commit(&left.change).await.kept();
    let organisation = scene.deactivate(&seed, store).await.kept();
    let expected = Standing::of(&organisation, &left.answer.membership);
    assert_eq!(store.standing(scene.ben, scene.id).await.kept(), Some(expected));
}

/// Who is no member stands nowhere.
pub async fn who_is_no_member_stands_nowhere(store: &dyn Store) {
    let seed = Seed::new();
    let here = Scene::active(&seed, store, "AAA").await.kept();
    let there = Scene::active(&seed, store, "BBB").await.kept();
    let (nobody, nowhere) = (Uuid::from_u128(404), Uuid::from_u128(405));
    for (user, organisation) in [
        (here.ada, there.id),
        (here.lead.user(), here.id),
        (UserId::from_uuid(nobody), here.id),
        (here.ada, OrganisationId::from_uuid(nowhere)),
    ] {
        assert_eq!(store.standing(user, organisation).await.kept(), None);
    }
    for user in [here.lead.user(), UserId::from_uuid(nobody)] {
        assert!(store.places(user).await.kept().is_empty());
    }
}

/// A user's places are all of them: also where they were deactivated, and where it is over.
pub async fn places_are_all_of_a_users(store: &dyn Store) {
    let seed = Seed::new();
    let first = Scene::active(&seed, store, "AAA").await.kept();
    let second = Scene::active(&seed, store, "BBB").await.kept();
    let (ada, _) = first.place(store, first.ada).await.kept();
    // Ada comes to the second, and is deactivated there
    let (level, address) = (PermissionLevel::Recorder, first.ada_email.as_str());
    let roster = second.roster(store).await.kept();
    let added = seed.user(second.ada, &roster, Some(&ada), address, level);
    store.commit(&added.change).await.kept();
    let left = seed.leaving(second.ada, &second.roster(store).await.kept(), address);
    store.commit(&left.change).await.kept();
    // and to a third, whose invitation is withdrawn
    let onboarded = seed.onboarding(&first.lead, &body("CCC", "Third"), ["c@nhs.net", "d@nhs.net"]);
    store.commit(&onboarded.change).await.kept();
    let third = onboarded.answer.id();
    let roster = store.roster(third).await.kept().there("the third");
    let nominated = seed.nomination(&first.lead, &roster, &[ada], address);
    store.commit(&nominated.change).await.kept();
    let roster = store.roster(third).await.kept().there("the third");
    let withdrawn = seed.withdrawal(&first.lead, &roster);
    store.commit(&withdrawn.change).await.kept();

    let mut places = store.places(first.ada).await.kept();
    places.sort_by_key(|place| place.organisation.ods_code().clone());
    let mut expected = Vec::new();
    for id in [first.id, second.id, third] {
        let roster = store.roster(id).await.kept().there("the organisation");
        let membership = roster.by_user(first.ada).there("Ada").membership.clone();
        expected.push(Place { organisation: roster.organisation, membership });
    }
    assert_eq!(places, expected);
    assert_eq!(store.places(first.ben).await.kept().len(), 1, "Ben is at the first alone");
}

/// What holds a code is found by it, whatever its status, until it is stored as Closed.
pub async fn a_code_finds_what_holds_it(store: &dyn Store) {
    let seed = Seed::new();
    let code = super::code("RRV");
    assert!(store.unclosed_organisation(&code).await.kept().is_none());
    let scene = Scene::invited(&seed, store, "RRV").await.kept();
    let find = async || store.unclosed_organisation(&code).await.kept();
    assert_eq!(find().await, store.organisation(scene.id).await.kept(), "Invited");
    scene.enter(&seed, store, scene.ada).await.kept();
    assert_eq!(find().await, store.organisation(scene.id).await.kept(), "Active");
    let deactivated = scene.deactivate(&seed, store).await.kept();
    assert_eq!(find().await.as_ref(), Some(&deactivated), "Deactivated");
    seed.clock.set(deactivated.state().closing().there("the closing").instant());
    let change = seed.closing(&scene.roster(store).await.kept()).change;
    store.commit(&change).await.kept();
    assert_eq!(find().await, None, "Closed");
    assert!(store.unclosed_organisation(&super::code("RRV01")).await.kept().is_none());
}
