//! What the statements are run on: organisations in every state, filled by the core's commands.

use std::time::Duration;

use ravs_core::command::{AddedVaccines, Decided};
use ravs_core::port::{EffectQueue as _, Store};
use ravs_core::{Organisation, PermissionLevel, Subject, VaccinationRecord};
use ravs_testkit::conformance::seed::{Scene, Seed};
use tokio_postgres::{Client, Config, NoTls};

use crate::support::{APPLICATION, Fresh};

/// A database with a scene on it.
///
/// - `{active}`: with Ada and Ben, who are clinicians; Una, who recorded nothing; Flu, RSV and
///   MMR; a record of two revisions.
/// - `{invited}`, `{deactivated}`, `{closed}` (code `CCC`), and `{withdrawn}`, closed too.
pub(crate) struct Stage {
    fresh: Fresh,
    names: Vec<(&'static str, String)>,
}

impl Stage {
    pub(crate) async fn new() -> Self {
        let fresh = Fresh::new().await;
        let (seed, store) = (Seed::new(), &fresh.store);
        let closed = Scene::active(&seed, store, "CCC").await.unwrap();
        seed.tick();
        let deactivated = closed.deactivate(&seed, store).await.unwrap();
        seed.clock.set(deactivated.state().closing().unwrap().instant());
        let end: Decided<Organisation> = seed.closing(&closed.roster(store).await.unwrap());
        store.commit(&end.change).await.unwrap();
        seed.tick();
        let withdrawn = Scene::invited(&seed, store, "WWW").await.unwrap();
        seed.tick();
        let end = seed.withdrawal(&withdrawn.lead, &withdrawn.roster(store).await.unwrap());
        store.commit(&end.change).await.unwrap();
        let invited = Scene::invited(&seed, store, "III").await.unwrap();
        let deactivated = Scene::active(&seed, store, "DDD").await.unwrap();
        seed.tick();
        deactivated.deactivate(&seed, store).await.unwrap();
        let active = Scene::clinical(&seed, store, "AAA").await.unwrap();
        let (una, record) = work_goes_on(&seed, store, &active).await;
        let claims = store.claim(seed.now(), chrono::TimeDelta::minutes(1), 2).await.unwrap();
        store.done(&claims[0].receipt).await.unwrap();
        let names = vec![
            ("{active}", active.id.to_string()),
            ("{invited}", invited.id.to_string()),
            ("{deactivated}", deactivated.id.to_string()),
            ("{closed}", closed.id.to_string()),
            ("{withdrawn}", withdrawn.id.to_string()),
            ("{record}", record.id().to_string()),
            ("{lead}", active.lead.user().to_string()),
            ("{ada}", active.ada.to_string()),
            ("{ben}", active.ben.to_string()),
            ("{una}", una),
            ("{new}", "00000000-0000-4000-8000-0000000000ff".to_owned()),
        ];
        Self { fresh, names }
    }

    /// The statement with a literal for each name in it.
    pub(crate) fn fill(&self, sql: &str) -> String {
        let mut sql = sql.to_owned();
        for (name, id) in &self.names {
            sql = sql.replace(name, &format!("'{id}'::uuid"));
        }
        sql
    }

    /// A connection that the application's role has made: it was never anybody else.
    pub(crate) async fn application(&self) -> Client {
        let mut config: Config = self.fresh.database.url().parse().unwrap();
        config.user(APPLICATION);
        connect(&config).await
    }

    pub(crate) async fn owner(&self) -> Client {
        connect(&self.fresh.database.url().parse().unwrap()).await
    }
}

/// Everything else that leaves a row somewhere.
async fn work_goes_on(seed: &Seed, store: &dyn Store, at: &Scene) -> (String, VaccinationRecord) {
    let roster = || async { at.roster(store).await.unwrap() };
    seed.tick();
    let more: Decided<AddedVaccines> =
        seed.vaccines(&at.lead, &roster().await.organisation, &["MMR"]);
    store.commit(&more.change).await.unwrap();
    seed.tick();
    let level = PermissionLevel::Recorder;
    let una = seed.user(at.ada, &roster().await, None, "una@nhs.net", level);
    store.commit(&una.change).await.unwrap();
    seed.tick();
    let day = |text: &str| text.parse().unwrap();
    let made = seed.recording(at.ada, &roster().await, &at.ada_email, day("2026-01-05"));
    store.commit(&made.change).await.unwrap();
    seed.tick();
    let edited = seed.edit(at.ada, &roster().await, &made.answer, day("2026-01-04"));
    store.commit(&edited.change).await.unwrap();
    let (ada, _) = at.place(store, at.ada).await.unwrap();
    let subject = Subject::new("00u1ada").unwrap();
    store.commit(&seed.link(&ada, &subject).change).await.unwrap();
    seed.tick();
    store.commit(&seed.activation_email(&ada).change).await.unwrap();
    (una.answer.user.id().to_string(), edited.answer)
}

async fn connect(config: &Config) -> Client {
    let connecting = config.connect(NoTls);
    let (client, connection) =
        tokio::time::timeout(Duration::from_secs(20), connecting).await.unwrap().unwrap();
    tokio::spawn(connection);
    client
}
