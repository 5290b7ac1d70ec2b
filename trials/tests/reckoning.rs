//! The ledger itself: it finds what was lost, torn or made up. A ledger that finds nothing in
//! what was tampered with would make every other trial worthless.

use ravs_core::ChangeSetId;
use ravs_testserver::postgres::Server;
use ravs_trials::journal::Line;
use ravs_trials::ledger::{Findings, reckon};
use ravs_trials::load::Load;
use ravs_trials::stage::{Stage, as_application, migrated};
use tokio_postgres::NoTls;
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_lost_torn_or_made_up_is_found() {
    let database = Server::shared().unwrap().database(&migrated()).await.unwrap();
    let stage = Stage::set(&as_application(database.url())).await.unwrap();
    let mut load = Load::new(stage.host().unwrap(), stage.ear.journal(), 1);
    while stage.ear.saved() < 150 {
        load.step().await;
    }
    let (findings, extent) = reckon(&stage, database.url()).await.unwrap();
    assert_eq!(findings, Findings::default(), "{extent:?}");
    assert_eq!(extent.acknowledged, stage.ear.saved());

    let (owner, connection) = tokio_postgres::connect(database.url(), NoTls).await.unwrap();
    tokio::spawn(connection);
    // no key holds anything any more
    owner.batch_execute("SET session_replication_role = replica").await.unwrap();
    let anyone = "SELECT change_set_id FROM ravs.person_events WHERE name = 'user_linked' LIMIT 1";
    let torn: Uuid = owner.query_one(anyone, &[]).await.unwrap().get(0);
    let tampered = [
        ("INSERT INTO ravs.change_sets VALUES (gen_random_uuid())", "was never tried"),
        (
            "DELETE FROM ravs.effects WHERE key = (SELECT min(key) FROM ravs.effects)",
            "is half there",
        ),
        (
            &format!("DELETE FROM ravs.change_sets WHERE id = '{torn}'"),
            "has parts and is not there",
        ),
        (
            "UPDATE ravs.memberships SET clinician = NOT clinician, version = version + 1
             WHERE organisation_id = (SELECT min(id::text)::uuid FROM ravs.organisations)",
            "the events tell of members",
        ),
        (
            "UPDATE ravs.organisation_events SET position = position + 1000 WHERE organisation_id =
                 (SELECT max(id::text)::uuid FROM ravs.organisations)",
            "the positions have a gap",
        ),
        (
            "UPDATE ravs.person_events SET position = position + 1000
             WHERE user_id = (SELECT min(id::text)::uuid FROM ravs.users)",
            "history have a gap",
        ),
        (
            "WITH gone AS (SELECT organisation_id, id FROM ravs.records LIMIT 1),
                 revisions AS (DELETE FROM ravs.record_revisions AS r USING gone
                     WHERE r.organisation_id = gone.organisation_id AND r.record_id = gone.id)
             DELETE FROM ravs.records AS r USING gone WHERE r.id = gone.id",
            "was answered, and is not there",
        ),
        (
            "DELETE FROM ravs.regional_leads
             WHERE user_id = (SELECT max(user_id::text)::uuid FROM ravs.regional_leads)",
            "regional lead",
        ),
    ];
    for (statement, expected) in tampered {
        let told = |findings: &Findings| {
            findings.broken.iter().filter(|what| what.contains(expected)).count()
        };
        let (before, _) = reckon(&stage, database.url()).await.unwrap();
        assert!(owner.execute(statement, &[]).await.unwrap() > 0, "{statement}");
        let (after, _) = reckon(&stage, database.url()).await.unwrap();
        assert!(told(&after) > told(&before), "{statement}: {after:?}");
    }
    let (findings, _) = reckon(&stage, database.url()).await.unwrap();
    assert_eq!(findings.lost, [ChangeSetId::from_uuid(torn)]);

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
