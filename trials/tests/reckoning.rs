//! The ledger itself: it finds what was lost, torn or made up. A ledger that finds nothing in
//! what was tampered with would make every other trial worthless.
#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

use std::collections::BTreeSet;

use ravs_core::ChangeSetId;
use ravs_testserver::postgres::Server;
use ravs_trials::journal::{Line, Parts};
use ravs_trials::ledger::{Findings, reckon};
use ravs_trials::load::Load;
use ravs_trials::stage::{Stage, as_application, migrated};
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

/// What is done to the database, how it is undone, and what is to be found in between.
struct Tampering {
    done: String,
    undone: String,
    expected: &'static str,
}

fn tampering(done: String, undone: String, expected: &'static str) -> Tampering {
    Tampering { done, undone, expected }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_lost_torn_or_made_up_is_found() {
    let database = Server::shared().unwrap().database(&migrated()).await.unwrap();
    let stage = Stage::set(&as_application(database.url())).await.unwrap();
    let (owner, connection) = tokio_postgres::connect(database.url(), NoTls).await.unwrap();
    tokio::spawn(connection);
    let mut load = Load::new(stage.host().unwrap(), stage.ear.journal(), 1);
    while stage.ear.saved() < 150 || !has_victims(&owner).await {
        load.step().await;
    }
    let overtaken = ChangeSetId::from_uuid(Uuid::new_v4());
    stage.ear.hear(&Line::Tried(nothing_in(overtaken)));
    stage.ear.hear(&Line::Overtaken(overtaken));
    let (findings, extent) = reckon(&stage, database.url()).await.unwrap();
    assert_eq!(findings, Findings::default(), "{extent:?}");
    assert_eq!(extent.acknowledged, stage.ear.saved());

    // no key holds anything any more
    owner.batch_execute("SET session_replication_role = replica").await.unwrap();
    for Tampering { done, undone, expected } in every_tampering(&owner, overtaken).await {
        owner.batch_execute(&done).await.unwrap();
        let (findings, _) = reckon(&stage, database.url()).await.unwrap();
        let found = findings.broken.iter().any(|what| what.contains(expected));
        assert!(found, "{done}: {findings:?}");
        owner.batch_execute(&undone).await.unwrap();
        let (findings, _) = reckon(&stage, database.url()).await.unwrap();
        assert_eq!(findings, Findings::default(), "{undone}");
    }

    let lost = the_id(&owner, "SELECT change_set_id FROM ravs.person_events LIMIT 1").await;
    let loss = format!("DELETE FROM ravs.change_sets WHERE id = '{lost}'");
    owner.batch_execute(&loss).await.unwrap();
    let (findings, _) = reckon(&stage, database.url()).await.unwrap();
    assert_eq!(findings.lost, [ChangeSetId::from_uuid(lost)]);
    assert!(findings.broken.iter().any(|what| what.contains("has parts and is not there")));

    // what never was
    let never = ChangeSetId::from_uuid(Uuid::new_v4());
    stage.ear.hear(&Line::Saved(never));
    // an email for nothing, and somebody who gets in and should not
    std::fs::write(stage.folder().join("mails/an.odd.key"), "").unwrap();
    std::fs::write(stage.folder().join("access/lee@nhs.net"), "out").unwrap();
    stage.ear.hear(&Line::Failed { retryable: false, what: "for good".into() });
    let (findings, _) = reckon(&stage, database.url()).await.unwrap();
    assert!(findings.lost.contains(&never));
    for expected in ["an email went for nothing: an.odd.key", "access should be true", "for good"] {
        assert!(findings.broken.iter().any(|what| what.contains(expected)), "{expected}");
    }
}

/// Whether the load has come to everything that is tampered with below.
async fn has_victims(owner: &Client) -> bool {
    let there = "SELECT EXISTS (TABLE ravs.records) AND EXISTS (TABLE ravs.effects)
        AND EXISTS (TABLE ravs.memberships) AND EXISTS (TABLE ravs.person_events)";
    owner.query_one(there, &[]).await.unwrap().get(0)
}

/// A change set of no parts: it is whole as soon as its id is there.
fn nothing_in(change: ChangeSetId) -> Parts {
    Parts {
        change,
        events: BTreeSet::new(),
        versions: BTreeSet::new(),
        effects: BTreeSet::new(),
        users: BTreeSet::new(),
        leads: BTreeSet::new(),
        memberships: BTreeSet::new(),
        records: BTreeSet::new(),
        new: BTreeSet::new(),
    }
}

/// Each with a victim of its own choice, by id, so that what is undone is what was done; and the
/// change set whose caller was told of a conflict.
async fn every_tampering(owner: &Client, overtaken: ChangeSetId) -> Vec<Tampering> {
    let odd = Uuid::new_v4();
    let effect = "SELECT key FROM ravs.effects LIMIT 1";
    let effect: String = owner.query_one(effect, &[]).await.unwrap().get(0);
    let organisation =
        the_id(owner, "SELECT organisation_id FROM ravs.memberships ORDER BY 1 LIMIT 1").await;
    let person = the_id(owner, "SELECT user_id FROM ravs.person_events ORDER BY 1 LIMIT 1").await;
    let record = the_id(owner, "SELECT id FROM ravs.records ORDER BY 1 LIMIT 1").await;
    let lead = the_id(owner, "SELECT user_id FROM ravs.regional_leads ORDER BY 1 LIMIT 1").await;
    let members = |by: i32| {
        format!(
            "UPDATE ravs.memberships SET clinician = NOT clinician, version = version + {by}
             WHERE organisation_id = '{organisation}'"
        )
    };
    let renamed = |from: Uuid, to: Uuid| {
        format!(
            "UPDATE ravs.records SET id = '{to}' WHERE id = '{from}';
             UPDATE ravs.record_revisions SET record_id = '{to}' WHERE record_id = '{from}'"
        )
    };
    let keyed =
        |from: &str, to: &str| format!("UPDATE ravs.effects SET key = '{to}' WHERE key = '{from}'");
    let led = |from: Uuid, to: Uuid| {
        format!("UPDATE ravs.regional_leads SET user_id = '{to}' WHERE user_id = '{from}'")
    };
    let moved = |table: &str, whose: &str, id: Uuid, by: i32| {
        format!("UPDATE ravs.{table} SET position = position + {by} WHERE {whose} = '{id}'")
    };
    let of_organisation = |by| moved("organisation_events", "organisation_id", organisation, by);
    let of_person = |by| moved("person_events", "user_id", person, by);
    let changed = format!("odd.{effect}");
    let saved = |id: Uuid| format!("INSERT INTO ravs.change_sets VALUES ('{id}')");
    let unsaved = |id: Uuid| format!("DELETE FROM ravs.change_sets WHERE id = '{id}'");
    let overtaken = *overtaken.as_uuid();
    vec![
        tampering(saved(odd), unsaved(odd), "was never tried"),
        tampering(saved(overtaken), unsaved(overtaken), "answered with a conflict, and is there"),
        tampering(keyed(&effect, &changed), keyed(&changed, &effect), "is half there"),
        tampering(members(1), members(-1), "the events tell of members"),
        tampering(of_organisation(1_000), of_organisation(-1_000), "the positions have a gap"),
        tampering(of_person(1_000), of_person(-1_000), "history have a gap"),
        tampering(renamed(record, odd), renamed(odd, record), "was answered, and is not there"),
        tampering(led(lead, odd), led(odd, lead), "regional lead"),
    ]
}

async fn the_id(owner: &Client, query: &str) -> Uuid {
    owner.query_one(query, &[]).await.unwrap().get(0)
}
