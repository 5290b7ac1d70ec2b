//! The races of the domain, each side a process of its own, on one server.
//!
//! In every other round all sides stop when they have decided and commit together, so that they
//! have met for certain; in the others they run as they come. `RAVS_ROUNDS` says how many rounds.
#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

use std::path::Path;
use std::sync::LazyLock;

use ravs_core::command::Onboard;
use ravs_core::port::Store as _;
use ravs_core::{
    EmailAddress, Event, MembershipStatus, OrganisationId, PermissionLevel, Roster, Stream,
};
use ravs_testkit::identity_of;
use ravs_testserver::postgres::{Database, Server, Template};
use ravs_trials::host::Host;
use ravs_trials::ledger::{Extent, Findings, reckon};
use ravs_trials::race::{Task, What, nominee};
use ravs_trials::stage::{LEADS, Stage, as_application, migrated};
use ravs_trials::workers::{Racer, Worker};
use tokio_postgres::NoTls;

static MIGRATED: LazyLock<Template> = LazyLock::new(migrated);

const LONDON: [&str; 2] = [LEADS[0].0, LEADS[1].0];
const MIDLANDS: &str = LEADS[2].0;

fn rounds() -> usize {
    let asked = std::env::var("RAVS_ROUNDS");
    asked.ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(24)
}

fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_worker"))
}

/// A database, a host to look with, and processes that race.
struct Field {
    database: Database,
    stage: Stage,
    host: Host,
    racers: Vec<Racer>,
}

impl Field {
    async fn of(racers: usize) -> Self {
        let database = Server::shared().unwrap().database(&MIGRATED).await.unwrap();
        let stage = Stage::set(&as_application(database.url())).await.unwrap();
        let host = stage.host().unwrap();
        let racers = (0..racers).map(|_| Racer::start(program(), &stage).unwrap()).collect();
        Self { database, stage, host, racers }
    }

    /// An organisation with these lead administrators, the first of whom has entered.
    async fn entered(&self, code: &str, people: &[String]) -> OrganisationId {
        let id = self.onboarded(code, people).await;
        self.host.ravs.enter(&identity_of(&people[0]), id).await.unwrap();
        id
    }

    async fn onboarded(&self, code: &str, people: &[String]) -> OrganisationId {
        let desk = self.host.ravs.regional_desk(&identity_of(LONDON[0])).await.unwrap();
        let nominees = people.iter().map(|email| nominee(email)).collect();
        let command = Onboard { ods_code: code.into(), vaccines: vec!["Flu".into()], nominees };
        desk.onboard(&command).await.unwrap().organisation
    }

    /// Has each process play its part. Gives how it went for each.
    fn race<const N: usize>(&mut self, round: usize, parts: [What; N]) -> [Result<(), String>; N] {
        let stops = round.is_multiple_of(2);
        let tasks = parts.map(|what| Task { stops, what });
        let racers = &mut self.racers;
        let done = tokio::task::block_in_place(|| Racer::race(racers, &tasks)).unwrap();
        done.try_into().unwrap()
    }

    async fn roster(&self, id: OrganisationId) -> Roster {
        self.host.store.roster(id).await.unwrap().unwrap()
    }

    async fn events(&self, id: OrganisationId) -> Vec<Event> {
        let entries = self.host.store.history(Stream::Organisation(id), None, 1000).await.unwrap();
        entries.into_iter().map(|entry| entry.event).collect()
    }

    /// Ends the processes; everything adds up, and they have met.
    async fn close(self) -> Extent {
        for racer in self.racers {
            tokio::task::block_in_place(|| racer.finish()).unwrap();
        }
        let overtaken = self.stage.ear.told().conflicts();
        let (findings, extent) = reckon(&self.stage, self.database.url()).await.unwrap();
        assert_eq!(findings, Findings::default());
        assert_eq!(extent.repeats, 0, "an email went twice");
        eprintln!("{overtaken} commits overtaken in {} rounds", rounds());
        assert!(overtaken >= rounds() / 2, "they have not met: {overtaken}");
        self.database.drop().await.unwrap();
        extent
    }
}

/// People of their own for a round.
fn people<const N: usize>(round: usize) -> [String; N] {
    std::array::from_fn(|number| format!("user{number}.{round}@nhs.net"))
}

fn code(letter: char, round: usize) -> String {
    format!("{letter}{round:05}")
}

fn count(events: &[Event], name: &str) -> usize {
    events.iter().filter(|event| event.what.name() == name).count()
}

/// The codes of the refusals.
fn refused(answers: &[Result<(), String>]) -> Vec<&str> {
    answers.iter().filter_map(|answer| answer.as_ref().err()).map(String::as_str).collect()
}

// R-U9
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_leads_remove_each_other() {
    let mut field = Field::of(2).await;
    for round in 0..rounds() {
        let [ann, bob] = people(round);
        let organisation = field.entered(&code('L', round), &[ann.clone(), bob.clone()]).await;
        let kind = round % 3;
        let part = |by: &String, email: &String| {
            let (by, email) = (by.clone(), email.clone());
            match kind {
                2 => What::Demote { by, organisation, email },
                _ => What::Deactivate { by, organisation, email },
            }
        };
        // each the other, or each themself
        let (first, second) = if kind == 1 { (&ann, &bob) } else { (&bob, &ann) };
        let answers = field.race(round, [part(&ann, first), part(&bob, second)]);
        let expected = if kind == 0 { "membership_deactivated" } else { "last_lead_administrator" };
        assert_eq!(refused(&answers), [expected], "round {round}");
        let leads = field.roster(organisation).await.members.into_iter().filter(|member| {
            member.membership.status() == MembershipStatus::Active
                && member.membership.level_at_next_entry() == PermissionLevel::LeadAdministrator
        });
        assert_eq!(leads.count(), 1, "round {round}");
    }
    field.close().await;
}

// R-U7
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_level_changes_while_its_owner_enters() {
    let mut field = Field::of(2).await;
    for round in 0..rounds() {
        let [ann, bob] = people(round);
        let organisation = field.entered(&code('L', round), &[ann.clone(), bob.clone()]).await;
        let parts = [
            What::Demote { by: ann, organisation, email: bob.clone() },
            What::Enter { email: bob.clone(), organisation },
        ];
        assert_eq!(field.race(round, parts), [Ok(()), Ok(())], "round {round}");
        let events = field.events(organisation).await;
        let place = |name: &str| events.iter().rposition(|event| event.what.name() == name);
        let applied = place("member_level_changed") < place("member_entered");
        let roster = field.roster(organisation).await;
        let membership = &roster.by_email(&bob.parse().unwrap()).unwrap().membership;
        let recorder = PermissionLevel::Recorder;
        let told = (membership.level() == recorder, membership.next_level());
        assert_eq!(told, (applied, (!applied).then_some(recorder)), "round {round}");
    }
    field.close().await;
}

// R-L1
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_enter_a_new_organisation_first() {
    let mut field = Field::of(4).await;
    for round in 0..rounds() {
        let people: [String; 4] = people(round);
        let organisation = field.onboarded(&code('E', round), &people).await;
        let parts = people.map(|email| What::Enter { email, organisation });
        assert_eq!(field.race(round, parts), [const { Ok(()) }; 4], "round {round}");
        let events = field.events(organisation).await;
        assert_eq!(count(&events, "organisation_activated"), 1, "round {round}");
        assert_eq!(count(&events, "member_entered"), 4, "round {round}");
    }
    field.close().await;
}

// R-O4
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_regions_onboard_one_body() {
    let mut field = Field::of(2).await;
    for round in 0..rounds() {
        let code = code('B', round);
        let people: [String; 4] = people(round);
        let part = |lead: &str, nominees: &[String]| What::Onboard {
            lead: lead.into(),
            code: code.clone(),
            nominees: nominees.to_vec(),
        };
        let parts = [part(LONDON[0], &people[..2]), part(MIDLANDS, &people[2..])];
        let answers = field.race(round, parts);
        assert_eq!(refused(&answers), ["already_onboarded"], "round {round}");
        let emails: Vec<EmailAddress> = people.iter().map(|email| email.parse().unwrap()).collect();
        let known = field.host.store.users_by_email(&emails).await.unwrap();
        assert_eq!(known.len(), 2, "round {round}: nothing of the loser is left");
    }
    assert_eq!(field.close().await.organisations, rounds());
}

// R-O5
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_new_address_is_added_at_two_organisations() {
    let mut field = Field::of(2).await;
    for round in 0..rounds() {
        let [ann, ben, bob, cat, new] = people(round);
        let one = field.entered(&code('P', round), &[ann.clone(), ben]).await;
        let other = field.entered(&code('Q', round), &[bob.clone(), cat]).await;
        let part = |by, organisation| What::AddUser { by, organisation, email: new.clone() };
        let answers = field.race(round, [part(ann, one), part(bob, other)]);
        assert_eq!(answers, [Ok(()), Ok(())], "round {round}");
        let known = field.host.store.users_by_email(&[new.parse().unwrap()]).await.unwrap();
        assert_eq!(known.len(), 1, "round {round}: one person");
        assert_eq!(field.host.store.places(known[0].id()).await.unwrap().len(), 2);
    }
    field.close().await;
}

// R-O8
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_leads_nominate_one_address() {
    let mut field = Field::of(2).await;
    for round in 0..rounds() {
        let [ann, bob, email] = people(round);
        let organisation = field.onboarded(&code('M', round), &[ann, bob]).await;
        let parts = LONDON.map(|lead| What::Nominate {
            lead: lead.into(),
            organisation,
            email: email.clone(),
        });
        let answers = field.race(round, parts);
        assert_eq!(refused(&answers), ["already_a_member"], "round {round}");
        assert_eq!(count(&field.events(organisation).await, "member_added"), 3, "round {round}");
    }
    field.close().await;
}

// R-S1
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_subjects_sign_in_under_one_address() {
    let mut field = Field::of(2).await;
    for round in 0..rounds() {
        let [ann, bob] = people(round);
        let organisation = field.onboarded(&code('K', round), &[ann.clone(), bob]).await;
        let subjects = ["first", "second"].map(|which| format!("{which} {round}"));
        let parts = subjects.clone().map(|subject| What::FirstSignIn {
            email: ann.clone(),
            subject,
            organisation,
        });
        let answers = field.race(round, parts);
        assert_eq!(refused(&answers), ["unknown_user"], "round {round}");
        let known = field.host.store.users_by_email(&[ann.parse().unwrap()]).await.unwrap();
        let linked = known[0].subject().unwrap().as_str();
        assert_eq!(linked, subjects[usize::from(answers[0].is_err())], "round {round}");
        assert_eq!(count(&field.events(organisation).await, "member_entered"), 1);
    }
    field.close().await;
}

// R-N4
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_processes_carry_out_every_effect_once() {
    let Field { database, stage, .. } = Field::of(0).await;
    let workers: Vec<Worker> =
        (0..4).map(|seed| Worker::deliver(program(), &stage, seed).unwrap()).collect();
    let field = Field { host: stage.host().unwrap(), racers: Vec::new(), database, stage };
    for round in 0..rounds() * 3 {
        field.onboarded(&code('D', round), &people::<4>(round)).await;
    }
    let (owner, connection) = tokio_postgres::connect(field.database.url(), NoTls).await.unwrap();
    tokio::spawn(connection);
    let effects = "SELECT count(*) FROM ravs.effects";
    let effects: i64 = owner.query_one(effects, &[]).await.unwrap().get(0);
    field.stage.ear.wait_for_delivered(usize::try_from(effects).unwrap()).await.unwrap();
    for worker in workers {
        tokio::task::block_in_place(|| worker.finish()).unwrap();
    }
    let again = "SELECT count(*) FROM ravs.effects WHERE claims <> 1";
    assert_eq!(owner.query_one(again, &[]).await.unwrap().get::<_, i64>(0), 0);
    let delivered = field.stage.ear.told().delivered;
    eprintln!("effects carried out by each process: {delivered:?}");
    assert!(delivered.values().filter(|done| **done > 0).count() > 1, "one did it all");
    let (findings, extent) = reckon(&field.stage, field.database.url()).await.unwrap();
    assert_eq!(findings, Findings::default());
    assert_eq!(delivered.values().sum::<usize>(), extent.effects, "each was done once");
    assert_eq!((extent.repeats, extent.mails), (0, extent.effects / 2));
}
