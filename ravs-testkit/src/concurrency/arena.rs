//! Where the races are run: a service, two regions, and a fresh organisation for each round.

#![expect(clippy::expect_used, reason = "a case says what failed by panicking")]

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, Utc};
use ravs_core::command::{AddRegionalLead, Nominee, Onboard};
use ravs_core::port::Store;
use ravs_core::service::{OrganisationDesk, OrganisationView, RegionalDesk};
use ravs_core::{
    Body, Code, Event, Failure, OrganisationId, OrganisationReplay, Policy, Ports, Ravs, Region,
    RvocMailboxes, Settings, Stream,
};

use crate::faulty::FaultyStore;
use crate::model::{StoreUnderTest, check_told};
use crate::{World, identity_of};

pub(super) const LONDON_LEADS: [&str; 2] = ["lee@nhs.net", "kim@nhs.net"];
pub(super) const MIDLANDS_LEAD: &str = "max@nhs.net";

/// A service in a world, on the store under test.
pub(super) struct Arena {
    pub(super) world: World,
    pub(super) ravs: Ravs,
    pub(super) store: Arc<dyn Store>,
    giving_way: FaultyStore,
}

impl Arena {
    pub(super) async fn open(under_test: &impl StoreUnderTest, policy: Policy) -> Self {
        let world = World::at("2026-02-10T12:00:00Z".parse::<DateTime<Utc>>().expect("a time"));
        let mailbox = |region: Region| (region, "rvoc@nhs.net".parse().expect("an address"));
        let mailboxes: RvocMailboxes = Region::ALL.into_iter().map(mailbox).collect();
        let settings = Settings { policy, rvoc_mailboxes: mailboxes, ..Settings::default() };
        let giving_way = FaultyStore::new(under_test.store()).giving_way();
        let (store, queue) = (Arc::new(giving_way.clone()), under_test.queue());
        let ravs = Ravs::new(Ports { store, queue, ..world.ports() }, settings);
        let arena = Self { world, ravs, store: under_test.store(), giving_way };
        for email in LONDON_LEADS {
            arena.add_lead(email, Region::London).await;
        }
        arena.add_lead(MIDLANDS_LEAD, Region::Midlands).await;
        arena
    }

    async fn add_lead(&self, email: &str, region: Region) {
        let command = AddRegionalLead {
            region,
            requested_from: "rvoc@nhs.net".into(),
            first_name: "Lee".into(),
            last_name: "Adams".into(),
            email: email.into(),
        };
        self.ravs.support_desk().add_regional_lead(&command).await.expect("a lead");
    }

    pub(super) async fn desk(&self, lead: &str) -> RegionalDesk {
        self.ravs.regional_desk(&identity_of(lead)).await.expect("a desk")
    }

    /// A body of its own for a round.
    pub(super) fn body(&self, round: usize, letter: char) -> String {
        let code = format!("{letter}{round:06}");
        self.world.directory.add(Body {
            code: code.parse().expect("a code"),
            name: format!("Body {code}"),
            address: "High Street".into(),
            postcode: "NR1 1AA".into(),
            legally_closed: None,
        });
        code
    }

    /// Onboards a body with these lead administrators.
    pub(super) async fn onboard(&self, code: &str, nominees: &[String]) -> OrganisationView {
        let desk = self.desk(LONDON_LEADS[0]).await;
        desk.onboard(&onboarding(code, nominees)).await.expect("an organisation")
    }

    /// Has somebody's first sign-in behind them, without an entry, so that an entry takes as many
    /// reads and commits as what it races with.
    pub(super) async fn link(&self, email: &str) {
        let desk = self.ravs.regional_desk(&identity_of(email)).await;
        assert_eq!(desk.err().and_then(|failure| failure.code()), Some(Code::NotARegionalLead));
    }

    /// Has somebody enter, and gives their desk.
    pub(super) async fn enter(&self, email: &str, id: OrganisationId) -> OrganisationDesk {
        let entered = self.ravs.enter(&identity_of(email), id).await.expect("an entry");
        self.ravs.organisation_desk(entered.session)
    }

    /// R-H1: the history of an organisation, which replays to what is stored without a gap.
    pub(super) async fn history(&self, id: OrganisationId) -> Vec<Event> {
        let everything = usize::MAX >> 1;
        let entries = self.store.history(Stream::Organisation(id), None, everything).await;
        let events: Vec<Event> =
            entries.expect("a history").into_iter().map(|entry| entry.event).collect();
        let replay = OrganisationReplay::of(&events).expect("a history that replays");
        let roster = self.store.roster(id).await.expect("a roster").expect("an organisation");
        let records = self.store.records(id, None, everything).await.expect("records");
        check_told(&replay, &roster, &records).expect("a history that tells what is stored");
        let versions = events.iter().filter_map(|event| event.organisation_version);
        let versions: Vec<u64> = versions.map(|version| version.number()).collect();
        let last = roster.organisation.version().number();
        assert_eq!(versions, (1..=last).collect::<Vec<_>>(), "versions without a gap");
        events
    }

    /// The rounds have met: a case in which nothing ever raced would show nothing.
    pub(super) fn assert_raced(&self) {
        assert!(self.giving_way.conflicts() > 0, "no round has raced");
    }
}

pub(super) fn onboarding(code: &str, nominees: &[String]) -> Onboard {
    Onboard {
        ods_code: code.to_owned(),
        vaccines: vec!["Flu".into()],
        nominees: nominees.iter().map(|email| nominee(email)).collect(),
    }
}

pub(super) fn nominee(email: &str) -> Nominee {
    Nominee { first_name: "Ann".into(), last_name: "Brown".into(), email: email.to_owned() }
}

/// People of their own for a round.
pub(super) fn people<const N: usize>(round: usize) -> [String; N] {
    std::array::from_fn(|number| format!("user{number}.{round}@nhs.net"))
}

/// How many events there are of a name.
pub(super) fn count(events: &[Event], name: &str) -> usize {
    events.iter().filter(|event| event.what.name() == name).count()
}

/// Whether it was done; `Err` has the code of the refusal. A world that failed fails the case.
pub(super) fn outcome<T>(answer: Result<T, Failure>) -> Result<T, Code> {
    answer.map_err(|failure| failure.code().ok_or(failure).expect("no failure of the world"))
}

/// Has tasks begin at the same moment, on whatever threads there are.
#[derive(Clone)]
struct Gate(Arc<AtomicUsize>);

impl Gate {
    /// A gate that opens when so many have come.
    fn of(tasks: usize) -> Self {
        Self(Arc::new(AtomicUsize::new(tasks)))
    }

    async fn pass(&self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
        while self.0.load(Ordering::Acquire) > 0 {
            tokio::task::yield_now().await;
        }
    }
}

/// Runs futures of one kind at the same moment, each as a task of its own; answers in their order.
pub(super) async fn race<T: Send + 'static>(
    tasks: Vec<Pin<Box<dyn Future<Output = T> + Send>>>,
) -> Vec<T> {
    let gate = Gate::of(tasks.len());
    let start = |task: Pin<Box<dyn Future<Output = T> + Send>>| {
        let gate = gate.clone();
        tokio::spawn(async move {
            gate.pass().await;
            task.await
        })
    };
    let started: Vec<_> = tasks.into_iter().map(start).collect();
    let mut answers = Vec::new();
    for task in started {
        answers.push(task.await.expect("a task that ends"));
    }
    answers
}
