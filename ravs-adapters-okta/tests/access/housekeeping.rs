//! What the core decides, carried out at Okta; and who should have access beside who has.

use std::sync::Arc;

use chrono::TimeDelta;
use ravs_core::command::AddRegionalLead;
use ravs_core::service::{Difference, Mended, Reconcile, Reconciled};
use ravs_core::{Ports, Ravs, Region, Settings, Subject, UserId};
use ravs_testkit::World;
use wiremock::MockServer;

use crate::support::people::okta;
use crate::support::tenant::{Fault, Tenant};
use crate::support::time::FakeTime;

const LEADS: [&str; 5] = ["ada", "ben", "cleo", "dan", "eve"];

struct Scene {
    tenant: Tenant,
    _server: MockServer,
    world: World,
    ravs: Ravs,
}

async fn scene() -> Scene {
    let tenant = Tenant::default();
    let server = tenant.serve().await;
    let world = World::at("2025-05-12T10:02:51Z".parse().unwrap());
    let identity = Arc::new(okta(&server.uri(), &FakeTime::default()));
    let mailboxes = [(Region::London, "rvoc@nhs.net".parse().unwrap())].into_iter().collect();
    let settings = Settings { rvoc_mailboxes: mailboxes, ..Settings::default() };
    let ravs = Ravs::new(Ports { identity, ..world.ports() }, settings);
    Scene { tenant, _server: server, world, ravs }
}

fn email(name: &str) -> String {
    format!("{name}@nhs.net")
}

impl Scene {
    /// Five regional leads come; nothing is delivered yet.
    async fn with_leads(&self) -> Vec<UserId> {
        let mut ids = Vec::new();
        for name in LEADS {
            let lead = AddRegionalLead {
                region: Region::London,
                requested_from: "rvoc@nhs.net".into(),
                first_name: name.into(),
                last_name: "Lead".into(),
                email: email(name),
            };
            ids.push(self.ravs.support_desk().add_regional_lead(&lead).await.unwrap().id());
        }
        ids
    }

    async fn reconcile(&self, how: Reconcile) -> (Reconciled, Vec<(Difference, String)>) {
        let mut told = Vec::new();
        let mut tell = |difference: &Difference, mended: &Mended| {
            told.push((difference.clone(), format!("{mended:?}")));
        };
        let found = self.ravs.housekeeping().reconcile(how, &mut tell).await.unwrap();
        (found, told)
    }

    /// Who is a member of the group.
    fn members(&self) -> Vec<&'static str> {
        let is_member = |name: &&str| self.tenant.account(&email(name)).unwrap().member;
        LEADS.into_iter().filter(is_member).collect()
    }
}

#[tokio::test]
async fn what_the_core_decides_is_carried_out() {
    let scene = scene().await;
    scene.with_leads().await;
    assert!(scene.tenant.calls().is_empty(), "the command succeeds without Okta");
    let delivered = scene.ravs.housekeeping().deliver(100).await.unwrap();
    assert_eq!((delivered.waiting, delivered.failed), (0, 0));
    assert_eq!(scene.members(), LEADS);
    for name in LEADS {
        let held = scene.tenant.account(&email(name)).unwrap();
        assert_eq!((held.status.as_str(), held.emails), ("PROVISIONED", 1), "{name}");
    }
    scene.ravs.support_desk().stop_regional_lead("ben@nhs.net").await.unwrap();
    scene.ravs.housekeeping().deliver(100).await.unwrap();
    assert_eq!(scene.members(), ["ada", "cleo", "dan", "eve"]);
    assert_eq!(scene.tenant.account("ben@nhs.net").unwrap().status, "PROVISIONED");
}

#[tokio::test]
async fn trouble_at_okta_delays_and_loses_nothing() {
    let scene = scene().await;
    scene.with_leads().await;
    let faults = [
        Fault::After(500),
        Fault::Before(503),
        Fault::Garbled,
        Fault::None,
        Fault::After(504),
        Fault::Before(429),
    ];
    scene.tenant.fail_next(faults.into_iter().cycle().take(120));
    let mut rounds = 0;
    loop {
        let delivered = scene.ravs.housekeeping().deliver(100).await.unwrap();
        assert_eq!(delivered.failed, 0, "nothing is given up on");
        rounds += 1;
        if delivered.waiting + delivered.done == 0 {
            break;
        }
        assert!(rounds < 20, "it does not come to an end");
        scene.world.clock.advance(TimeDelta::hours(2));
    }
    assert!(rounds > 2, "there was trouble");
    assert_eq!(scene.members(), LEADS);
    let made = |call: &&String| *call == "POST api/v1/users";
    let calls = scene.tenant.calls();
    assert!(calls.iter().filter(made).count() >= LEADS.len());
    for name in LEADS {
        assert!(scene.tenant.account(&email(name)).unwrap().emails >= 1, "{name}");
    }
}

#[tokio::test]
async fn what_differs_is_told_of_and_mended_and_then_nothing_differs() {
    let scene = scene().await;
    let ids = scene.with_leads().await;
    scene.ravs.housekeeping().deliver(100).await.unwrap();
    scene.ravs.support_desk().stop_regional_lead("ben@nhs.net").await.unwrap();
    scene.ravs.housekeeping().deliver(100).await.unwrap();
    // By hand: somebody shut out, somebody let in again, and somebody whom RAVS does not know.
    scene.tenant.set_member("ada@nhs.net", false);
    scene.tenant.set_member("ben@nhs.net", true);
    scene.tenant.put("stranger@nhs.net", "ACTIVE");
    scene.tenant.set_member("stranger@nhs.net", true);

    let stranger = scene.tenant.account("stranger@nhs.net").unwrap().id;
    let expected = [
        Difference::Surplus { user: ids[1] },
        Difference::Stranger { subject: Subject::new(&stranger).unwrap() },
        Difference::Missing { user: ids[0] },
    ];
    for (how, mended) in [(Reconcile::Report, "Left"), (Reconcile::Mend, "Done")] {
        let (found, told) = scene.reconcile(how).await;
        assert_eq!(found, Reconciled { accounts: 5, users: 5, differences: 3, failed: 0 });
        assert_eq!(told, expected.clone().map(|difference| (difference, mended.to_owned())));
    }
    assert_eq!(scene.members(), ["ada", "cleo", "dan", "eve"]);
    assert!(!scene.tenant.account("stranger@nhs.net").unwrap().member);
    let (found, told) = scene.reconcile(Reconcile::Mend).await;
    assert_eq!((found.differences, told), (0, Vec::new()));
    for name in ["ada", "ben", "cleo", "dan", "eve", "stranger"] {
        let status = scene.tenant.account(&email(name)).unwrap().status;
        assert!(["PROVISIONED", "ACTIVE"].contains(&status.as_str()), "{name}: {status}");
    }
}
