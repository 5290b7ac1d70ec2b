//! What a careless hand has broken is corrupt when it is read, and names nobody.
//!
//! The keys, checks and privileges refuse such rows, so the hand is a superuser's: it works in a
//! transaction with `session_replication_role = replica`, in which no foreign key is looked at,
//! and drops the checks that are in its way first. Every test has a database of its own.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helper functions of tests")]

use crate::support::{Fresh, application};
use async_trait::async_trait;
use ravs_core::port::{PortError, PortErrorKind, RecordKey, Store as _};
use ravs_core::{EffectKey, OrganisationId, OrganisationStatus, Stream, UserId};
use ravs_testkit::conformance::seed::{Scene, Seed};
use ravs_testkit::conformance::spoilt_queue::SpoilEffect;
use ravs_testkit::conformance::spoilt_store::Spoil;

/// A careless hand, and what it does to the newest version of an organisation `{id}`.
struct Careless {
    owner: deadpool_postgres::Pool,
    to_an_organisation: &'static str,
    to_a_membership: &'static str,
}

const STATUS: &str = "UPDATE ravs.organisation_versions AS v SET status = 'Paused'
    WHERE organisation_id = {id} AND version = (
        SELECT max(version) FROM ravs.organisation_versions WHERE organisation_id = {id}
    )";
const LEVEL: &str = "UPDATE ravs.memberships SET level = 'Owner'
    WHERE organisation_id = {id} AND user_id = {user}";

async fn careless(
    to_an_organisation: &'static str,
    to_a_membership: &'static str,
) -> (Fresh, Careless) {
    let fresh = Fresh::new().await;
    let owner = fresh.owner();
    (fresh, Careless { owner, to_an_organisation, to_a_membership })
}

impl Careless {
    /// Runs statements past every key and check; they have to meet something.
    async fn spoil(&self, sql: &str, id: OrganisationId, user: UserId) {
        let sql = sql.replace("{id}", &format!("'{id}'")).replace("{user}", &format!("'{user}'"));
        spoil(&self.owner, &sql).await;
    }
}

async fn spoil(owner: &deadpool_postgres::Pool, sql: &str) {
    let mut client = owner.get().await.unwrap();
    let transaction = client.transaction().await.unwrap();
    let checks = "SELECT conrelid::regclass::text, conname::text FROM pg_constraint
        WHERE contype = 'c' AND connamespace = 'ravs'::regnamespace";
    for check in transaction.query(checks, &[]).await.unwrap() {
        let (table, name): (String, String) = (check.get(0), check.get(1));
        let drop = format!("ALTER TABLE {table} DROP CONSTRAINT {name}");
        transaction.batch_execute(&drop).await.unwrap();
    }
    transaction.batch_execute("SET LOCAL session_replication_role = replica").await.unwrap();
    assert!(transaction.execute(sql, &[]).await.unwrap() > 0, "{sql}");
    transaction.commit().await.unwrap();
}

#[async_trait]
impl Spoil for Careless {
    async fn spoil_organisation(&self, id: OrganisationId) {
        self.spoil(self.to_an_organisation, id, UserId::from_uuid(*id.as_uuid())).await;
    }

    async fn spoil_membership(&self, organisation: OrganisationId, user: UserId) {
        self.spoil(self.to_a_membership, organisation, user).await;
    }
}

#[async_trait]
impl SpoilEffect for Careless {
    /// It asks for a kind of work that nobody knows.
    async fn spoil_effect(&self, key: &EffectKey) {
        let key = key.as_str().replace('\'', "''");
        let sql =
            format!("UPDATE ravs.effects SET work = '{{\"knit\": {{}}}}' WHERE key = '{key}'");
        spoil(&self.owner, &sql).await;
    }
}

mod an_effect {
    use super::*;

    ravs_testkit::spoilt_queue_conformance! {
        careless(STATUS, LEVEL).await => |fresh| (&fresh.0.store, &fresh.0.store, &fresh.1)
    }
}

/// The suite, with one kind of carelessness after another.
macro_rules! spoilt {
    ($($module:ident: $organisation:expr, $membership:expr;)+) => {
        $(
            mod $module {
                use super::*;

                ravs_testkit::spoilt_store_conformance! {
                    careless($organisation, $membership).await
                        => |fresh| (&fresh.0.store, &fresh.1)
                }
            }
        )+
    };
}

spoilt! {
    unreadable: STATUS, LEVEL;
    a_missing_grant:
        "DELETE FROM ravs.grants WHERE organisation_id = {id} AND number = 1",
        "UPDATE ravs.memberships SET next_level = 'Owner'
         WHERE organisation_id = {id} AND user_id = {user}";
    all_grants_missing:
        "DELETE FROM ravs.grants WHERE organisation_id = {id}",
        "UPDATE ravs.memberships SET status = 'Invited'
         WHERE organisation_id = {id} AND user_id = {user}";
    changed_before_it_was_invited:
        "UPDATE ravs.organisations SET invited_at = 9223372036854775806 WHERE id = {id}",
        "UPDATE ravs.memberships SET last_entered_at = NULL
         WHERE organisation_id = {id} AND user_id = {user}";
    a_version_below_one:
        "UPDATE ravs.organisation_versions SET version = -version WHERE organisation_id = {id}",
        "UPDATE ravs.memberships SET version = 0
         WHERE organisation_id = {id} AND user_id = {user}";
}

/// An organisation, and a hand that spoils.
async fn scene() -> (Fresh, Seed, Scene) {
    let (fresh, seed) = (Fresh::new().await, Seed::new());
    let scene = Scene::active(&seed, &fresh.store, "RRV").await.unwrap();
    (fresh, seed, scene)
}

/// It is corrupt; neither it nor what caused it holds any of these.
#[track_caller]
fn is_corrupt<T: std::fmt::Debug>(outcome: Result<T, PortError>, unsaid: &[&str]) {
    let error = match outcome {
        Err(error) if matches!(error.kind(), PortErrorKind::Corrupt { .. }) => error,
        other => panic!("that is corrupt, not {other:?}"),
    };
    assert!(!error.is_retryable());
    let mut said = format!("{error} {error:?}");
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        said.push_str(&format!(" {error} {error:?}"));
        cause = error.source();
    }
    for text in unsaid {
        assert!(!said.contains(text), "an error says `{text}`: {said}");
    }
}

#[tokio::test]
async fn an_unreadable_address_is_corrupt_and_not_repeated() {
    let (fresh, _, scene) = scene().await;
    let text = format!(
        "UPDATE ravs.users SET email = 'Secret Address', email_folded = 'secret address'
         WHERE id = '{}'",
        scene.ada
    );
    spoil(&fresh.owner(), &text).await;
    let unsaid = ["Secret", "secret"];
    is_corrupt(fresh.store.users(&[scene.ada]).await, &unsaid);
    is_corrupt(fresh.store.roster(scene.id).await, &unsaid);
    // who is sound is still found
    assert_eq!(fresh.store.users(&[scene.ben]).await.unwrap().len(), 1);
    let emails = [scene.ben_email.clone()];
    assert_eq!(fresh.store.members(scene.id, &emails).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_event_that_is_not_understood_is_corrupt_and_not_repeated() {
    for what in [
        r#"{"secret": "ada@nhs.net"}"#,
        r#""secret""#,
        "null",
        r#"{"name": "secret", "email": "ada@nhs.net"}"#,
    ] {
        let (fresh, _, scene) = scene().await;
        let text = format!(
            "UPDATE ravs.organisation_events SET what = '{what}'
             WHERE organisation_id = '{}' AND position = 2",
            scene.id
        );
        spoil(&fresh.owner(), &text).await;
        let stream = Stream::Organisation(scene.id);
        is_corrupt(fresh.store.history(stream, None, 10).await, &["secret", "ada@nhs.net"]);
        // what is before it can be read
        assert_eq!(fresh.store.history(stream, None, 1).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn an_event_of_nobody_is_corrupt() {
    let (fresh, _, scene) = scene().await;
    let text = format!(
        "UPDATE ravs.organisation_events SET by_kind = 'user', by_user = NULL
         WHERE organisation_id = '{}'",
        scene.id
    );
    spoil(&fresh.owner(), &text).await;
    is_corrupt(fresh.store.history(Stream::Organisation(scene.id), None, 10).await, &[]);
}

#[tokio::test]
async fn a_regional_lead_of_no_region_is_corrupt() {
    let (fresh, _, scene) = scene().await;
    spoil(&fresh.owner(), "UPDATE ravs.regional_leads SET region = 'Mars'").await;
    is_corrupt(fresh.store.regional_lead(scene.lead.user()).await, &[]);
}

#[tokio::test]
async fn a_lost_newest_version_is_corrupt() {
    let (fresh, seed, scene) = scene().await;
    scene.deactivate(&seed, &fresh.store).await.unwrap();
    let text = "DELETE FROM ravs.organisation_versions WHERE status = 'Deactivated'";
    spoil(&fresh.owner(), text).await;
    is_corrupt(fresh.store.organisation(scene.id).await, &[]);
    is_corrupt(fresh.store.roster(scene.id).await, &[]);
}

#[tokio::test]
async fn an_organisation_without_versions_is_corrupt() {
    let (fresh, _, scene) = scene().await;
    spoil(&fresh.owner(), "DELETE FROM ravs.organisation_versions").await;
    is_corrupt(fresh.store.organisation(scene.id).await, &[]);
    is_corrupt(fresh.store.roster(scene.id).await, &[]);
    is_corrupt(fresh.store.places(scene.ada).await, &[]);
    is_corrupt(fresh.store.standing(scene.ada, scene.id).await, &[]);
}

// The application's role may set the copy of the newest version, which lists go by, to an older
// one. It decides nothing, and the next change puts it right.
#[tokio::test]
async fn a_copy_that_went_back_is_put_right_by_the_next_change() {
    let (fresh, seed, scene) = scene().await;
    scene.deactivate(&seed, &fresh.store).await.unwrap();
    let back = "UPDATE ravs.organisations AS o
        SET version = v.version, status = v.status, closes_at = v.closes_at,
            granted = v.granted, changed_at = v.changed_at
        FROM ravs.organisation_versions AS v
        WHERE v.organisation_id = o.id AND v.status = 'Active'";
    assert_eq!(
        application(fresh.database.url(), 1).get().await.unwrap().execute(back, &[]).await.unwrap(),
        1
    );
    let due = seed.now() + chrono::TimeDelta::days(100);
    assert_eq!(fresh.store.due_closings(due, 10).await.unwrap(), []);
    let status = fresh.store.organisation(scene.id).await.unwrap().unwrap().status_at(seed.now());
    assert_eq!(status, OrganisationStatus::Deactivated);
    let roster = scene.roster(&fresh.store).await.unwrap();
    fresh.store.commit(&seed.reactivation(&scene.lead, &roster).change).await.unwrap();
    scene.deactivate(&seed, &fresh.store).await.unwrap();
    assert_eq!(fresh.store.due_closings(due, 10).await.unwrap(), [scene.id]);
}

// Nothing but careful hands sees to it that a record has a first revision of its own time.
#[tokio::test]
async fn a_record_without_its_beginning_is_corrupt_and_hides_no_others() {
    for sql in [
        "DELETE FROM ravs.record_revisions WHERE record_id = '{record}'",
        "UPDATE ravs.record_revisions SET made_at = made_at + 1
         WHERE record_id = '{record}' AND revision = 1",
    ] {
        let (fresh, seed) = (Fresh::new().await, Seed::new());
        let scene = Scene::clinical(&seed, &fresh.store, "RRV").await.unwrap();
        let mut made = Vec::new();
        for _ in 0..3 {
            seed.tick();
            let roster = scene.roster(&fresh.store).await.unwrap();
            let day = "2026-03-01".parse().unwrap();
            let recording = seed.recording(scene.ada, &roster, &scene.ben_email, day);
            fresh.store.commit(&recording.change).await.unwrap();
            made.push(recording.answer);
        }
        let spoilt = made[1].id();
        spoil(&fresh.owner(), &sql.replace("{record}", &spoilt.to_string())).await;
        is_corrupt(fresh.store.record(scene.id, spoilt).await, &[]);
        is_corrupt(fresh.store.records(scene.id, None, 2).await, &[]);
        // what is before it and after it can be read
        assert_eq!(fresh.store.records(scene.id, None, 1).await.unwrap(), made[..1]);
        let after = Some(RecordKey::of(&made[1]));
        assert_eq!(fresh.store.records(scene.id, after, 2).await.unwrap(), made[2..]);
    }
}
