//! What a [`Store`] does with a stored state that breaks a rule: it says that it is corrupt, and
//! never panics or passes it on.
//!
//! For a store whose tests can put such a state there; that is a stated capability, [`Spoil`].
//! One that cannot hold such a state at all has no need of these cases.

use async_trait::async_trait;
use ravs_core::port::{OrganisationFilter, PageRequest, PortError, PortErrorKind, Store};
use ravs_core::{OrganisationId, UserId};
use serde_json::json;

use super::Running;
use super::promise::Promise as _;
use super::seed::{Scene, Seed};
use crate::MemoryStore;

/// Breaks what is stored, as a careless hand would.
#[async_trait]
pub trait Spoil: Send + Sync {
    /// Makes what is stored of an organisation break a rule of the core.
    async fn spoil_organisation(&self, id: OrganisationId);

    /// Makes what is stored of a membership break a rule of the core.
    async fn spoil_membership(&self, organisation: OrganisationId, user: UserId);
}

/// A case, for a program that runs the suite itself.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// Its name: `a_spoilt_organisation_is_corrupt`.
    pub name: &'static str,
    /// Runs it on a fresh, empty store; panics where a promise is broken.
    pub run: for<'a> fn(&'a dyn Store, &'a dyn Spoil) -> Running<'a>,
}

/// Every case.
#[must_use]
pub fn all() -> &'static [Case] {
    crate::__spoilt_store_cases! { __list_of_cases (__spoilt_store_case) }
}

/// A spoilt organisation is corrupt by whichever method it is read.
pub async fn a_spoilt_organisation_is_corrupt(store: &dyn Store, spoil: &dyn Spoil) {
    let seed = Seed::new();
    let scene = Scene::active(&seed, store, "RRV").await.kept();
    let code = scene.organisation(store).await.kept().ods_code().clone();
    spoil.spoil_organisation(scene.id).await;
    let page = PageRequest { after: None, limit: 10 };
    let (region, filter) = (scene.lead.region(), OrganisationFilter::default());
    is_corrupt(&scene, store.organisation(scene.id).await);
    is_corrupt(&scene, store.unclosed_organisation(&code).await);
    is_corrupt(&scene, store.organisations(region, &filter, &page, seed.now()).await);
    is_corrupt(&scene, store.standing(scene.ada, scene.id).await);
    is_corrupt(&scene, store.places(scene.ada).await);
    is_corrupt(&scene, store.roster(scene.id).await);
}

/// A spoilt membership is corrupt by whichever method it is read.
pub async fn a_spoilt_membership_is_corrupt(store: &dyn Store, spoil: &dyn Spoil) {
    let seed = Seed::new();
    let scene = Scene::active(&seed, store, "RRV").await.kept();
    spoil.spoil_membership(scene.id, scene.ada).await;
    is_corrupt(&scene, store.standing(scene.ada, scene.id).await);
    is_corrupt(&scene, store.places(scene.ada).await);
    is_corrupt(&scene, store.roster(scene.id).await);
    is_corrupt(&scene, store.members(scene.id, std::slice::from_ref(&scene.ada_email)).await);
}

/// What is spoilt keeps nobody from anything else.
pub async fn the_rest_still_loads(store: &dyn Store, spoil: &dyn Spoil) {
    let seed = Seed::new();
    let spoilt = Scene::active(&seed, store, "AAA").await.kept();
    let sound = Scene::active(&seed, store, "BBB").await.kept();
    let before = sound.roster(store).await.kept();
    spoil.spoil_organisation(spoilt.id).await;
    spoil.spoil_membership(spoilt.id, spoilt.ada).await;
    assert_eq!(sound.roster(store).await.kept(), before);
    assert_eq!(store.places(sound.ada).await.kept().len(), 1);
    sound.enter(&seed, store, sound.ben).await.kept();
    sound.deactivate(&seed, store).await.kept();
    assert_eq!(store.users(&[spoilt.ada]).await.kept().len(), 1);
}

/// It is corrupt, says what, and names nobody.
#[track_caller]
fn is_corrupt<T: std::fmt::Debug>(scene: &Scene, outcome: Result<T, PortError>) {
    let error = match outcome {
        Err(error) if matches!(error.kind(), PortErrorKind::Corrupt { .. }) => error,
        other => panic!("what is stored breaks a rule: that is corrupt, not {other:?}"),
    };
    assert!(!error.is_retryable());
    let said = error.to_string();
    for email in [&scene.ada_email, &scene.ben_email] {
        assert!(!said.contains(email.as_str()), "an error names a person: {said}");
    }
}

#[async_trait]
impl Spoil for MemoryStore {
    async fn spoil_organisation(&self, id: OrganisationId) {
        self.overwrite_organisation(id, &json!({ "id": id }));
    }

    async fn spoil_membership(&self, organisation: OrganisationId, user: UserId) {
        self.overwrite_membership((organisation, user), &json!({ "user": user }));
    }
}
