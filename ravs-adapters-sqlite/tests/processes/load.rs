//! Mixed commands, by several at once, without an end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Days, TimeDelta, Utc};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use ravs_adapters_sqlite::SqliteStore;
use ravs_core::command::{
    AddRegionalLead, AddUser, ChangeUser, EditRecord, MoveToMainEmail, Nominate, Nominee, Onboard,
    RecordVaccination,
};
use ravs_core::port::{Clock as _, IdSource, PageRequest, Store as _};
use ravs_core::{
    Body, ClinicianStatus, Failure, OrganisationId, Ports, Ravs, RecordId, Region, Session,
    Settings, Subject, VerifiedIdentity, london_date,
};
use ravs_testkit::World;
use ravs_testkit::model::command::{ClockMove, Command, LifeStep, Typed, Vouched};
use ravs_testkit::strategies::commands::{Faults, sequences};
use tokio::runtime::Builder;
use uuid::Uuid;

use crate::journal::Journalled;

/// How many work at once.
const WORKERS: u8 = 3;

const MAILBOX: &str = "rvoc@nhs.net";

/// Works on a store until it is killed.
pub(crate) fn work(store: &SqliteStore, generation: u64) {
    let world = world(generation);
    let ravs = service(store, &world, generation);
    let runtime = Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        let organisations = stored(store, &world).await;
        let mut workers = tokio::task::JoinSet::new();
        for number in 0..WORKERS {
            let organisations = organisations.clone();
            let (sessions, records) = (Vec::new(), Vec::new());
            let (world, ravs) = (world.clone(), ravs.clone());
            let mut worker = Worker { world, ravs, organisations, sessions, records };
            let seed = [number, u8::try_from(generation % 251).unwrap()].repeat(16);
            workers.spawn(async move { worker.work(&seed).await });
        }
        workers.join_next().await.unwrap().unwrap();
    });
}

/// The services on a store that says what it saves.
fn service(store: &SqliteStore, world: &World, generation: u64) -> Ravs {
    let store = Arc::new(Journalled(store.clone()));
    with_settings(Ports { store: store.clone(), queue: store, ..ports(world, generation) })
}

/// The services on a store that says nothing.
pub(crate) fn quiet_service(store: &SqliteStore, world: &World, generation: u64) -> Ravs {
    let store = Arc::new(store.clone());
    with_settings(Ports { store: store.clone(), queue: store, ..ports(world, generation) })
}

fn ports(world: &World, generation: u64) -> Ports {
    let ids = Arc::new(Ids { generation, given: AtomicU64::new(0) });
    Ports { ids, ..world.ports() }
}

fn with_settings(ports: Ports) -> Ravs {
    let mailbox = |region| (region, MAILBOX.parse().unwrap());
    let rvoc_mailboxes = Region::ALL.into_iter().map(mailbox).collect();
    Ravs::new(ports, Settings { rvoc_mailboxes, ..Settings::default() })
}

/// A world in which the bodies are there that the commands name; each begins years after the last.
pub(crate) fn world(generation: u64) -> World {
    let begins: DateTime<Utc> = "2026-01-05T09:00:00Z".parse().unwrap();
    let world = World::at(begins + Days::new(generation * 3 * 365));
    for code in ["FA001", "FA002", "RX1", "K81003001"] {
        world.directory.add(Body {
            code: code.parse().unwrap(),
            name: format!("Body {code}"),
            address: "1 High Street, Norwich".to_owned(),
            postcode: "NR1 1AA".to_owned(),
            legally_closed: None,
        });
    }
    world
}

/// Ids that no other generation has given.
struct Ids {
    generation: u64,
    given: AtomicU64,
}

impl IdSource for Ids {
    fn next_id(&self) -> Uuid {
        let number = self.given.fetch_add(1, Ordering::Relaxed);
        Uuid::from_u64_pair(self.generation + 1, number)
    }
}

/// The organisations that earlier generations have left.
pub(crate) async fn stored(store: &SqliteStore, world: &World) -> Vec<OrganisationId> {
    let mut ids = Vec::new();
    for region in Region::ALL {
        let page = PageRequest { after: None, limit: usize::MAX };
        let filter = Default::default();
        let page = store.organisations(region, &filter, &page, world.clock.now()).await.unwrap();
        ids.extend(page.organisations.iter().map(ravs_core::Organisation::id));
    }
    ids
}

struct Worker {
    world: World,
    ravs: Ravs,
    organisations: Vec<OrganisationId>,
    sessions: Vec<Session>,
    records: Vec<RecordId>,
}

impl Worker {
    async fn work(&mut self, seed: &[u8]) {
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, seed);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        loop {
            let sequence = sequences(Faults::None).new_tree(&mut runner).unwrap().current();
            for (number, step) in sequence.steps.into_iter().enumerate() {
                self.pass(step.clock);
                match self.act(&step.command).await {
                    Ok(()) | Err(Failure::Refused(_)) => {}
                    Err(failure) => panic!("nothing stands against it: {failure:?}"),
                }
                if number % 4 == 0 {
                    self.ravs.housekeeping().deliver(5).await.unwrap();
                }
            }
        }
    }

    /// Time goes by; a closing comes, now and then.
    fn pass(&self, clock: ClockMove) {
        self.world.clock.advance(match clock {
            ClockMove::By(nanoseconds) => TimeDelta::nanoseconds(nanoseconds.max(0)),
            ClockMove::ToClosing(..) => TimeDelta::days(30),
            ClockMove::ToMidnight(..) | ClockMove::To(_) => TimeDelta::hours(1),
        });
    }

    async fn act(&mut self, command: &Command) -> Result<(), Failure> {
        match command {
            Command::AddRegionalLead { region, from_mailbox, lead } => {
                let Typed { first, last, email } = lead.clone();
                let requested_from = if *from_mailbox { MAILBOX } else { "x@nhs.net" }.to_owned();
                let (first_name, last_name, region) = (first, last, *region);
                let command =
                    AddRegionalLead { region, requested_from, first_name, last_name, email };
                self.ravs.support_desk().add_regional_lead(&command).await.map(drop)
            }
            Command::StopRegionalLead { email } => {
                self.ravs.support_desk().stop_regional_lead(email).await
            }
            Command::ResendActivation { email } => {
                self.ravs.support_desk().resend_activation(email).await
            }
            Command::SignIn { who } => self.ravs.sign_in(&vouched(who)).await.map(drop),
            Command::Enter { who, organisation } => {
                let Some(id) = pick(&self.organisations, *organisation) else { return Ok(()) };
                let entered = self.ravs.enter(&vouched(who), id).await?;
                self.sessions.push(entered.session);
                Ok(())
            }
            Command::Sweep => self.ravs.housekeeping().sweep(10).await.map(drop),
            Command::Deliver { limit, .. } => {
                self.ravs.housekeeping().deliver(*limit).await.map(drop)
            }
            Command::Onboard { .. }
            | Command::Nominate { .. }
            | Command::Life { .. }
            | Command::AddVaccines { .. } => self.act_for_a_region(command).await,
            _ => self.act_at_an_organisation(command).await,
        }
    }

    async fn act_for_a_region(&mut self, command: &Command) -> Result<(), Failure> {
        let desk = async |by| self.ravs.regional_desk(&vouched(by)).await;
        match command {
            Command::Onboard { by, code, vaccines, nominees } => {
                let nominees = nominees.iter().map(nominee).collect();
                let (ods_code, vaccines) = (code.clone(), vaccines.clone());
                let command = Onboard { ods_code, vaccines, nominees };
                let view = desk(by).await?.onboard(&command).await?;
                self.organisations.push(view.organisation);
                Ok(())
            }
            Command::Nominate { by, organisation, nominees } => {
                let Some(id) = pick(&self.organisations, *organisation) else { return Ok(()) };
                let command = Nominate { nominees: nominees.iter().map(nominee).collect() };
                desk(by).await?.nominate(id, &command).await.map(drop)
            }
            Command::Life { by, organisation, step } => {
                let Some(id) = pick(&self.organisations, *organisation) else { return Ok(()) };
                let desk = desk(by).await?;
                match step {
                    LifeStep::Withdraw => desk.withdraw(id).await.map(drop),
                    LifeStep::Deactivate => desk.deactivate(id).await.map(drop),
                    LifeStep::Reactivate => desk.reactivate(id).await.map(drop),
                    LifeStep::Show => desk.show(id).await.map(drop),
                }
            }
            Command::AddVaccines { by, organisation, vaccines } => {
                let Some(id) = pick(&self.organisations, *organisation) else { return Ok(()) };
                desk(by).await?.add_vaccines(id, vaccines).await.map(drop)
            }
            _ => Ok(()),
        }
    }

    async fn act_at_an_organisation(&mut self, command: &Command) -> Result<(), Failure> {
        let today = london_date(self.world.clock.now());
        let Some(session) = self.sessions.last().cloned() else { return Ok(()) };
        let desk = self.ravs.organisation_desk(session);
        let clinician =
            |is| if is { ClinicianStatus::Clinician } else { ClinicianStatus::NotClinician };
        match command.clone() {
            Command::AddUser { person, clinician: is, level, .. } => {
                let Typed { first, last, email } = person;
                let (first_name, last_name, clinician) = (first, last, clinician(is));
                let command = AddUser { first_name, last_name, email, clinician, level };
                desk.add_user(&command).await.map(drop)
            }
            Command::ChangeUser { email, level, clinician: is, .. } => {
                let command = ChangeUser { email, level, clinician: is.map(clinician) };
                desk.change_user(&command).await.map(drop)
            }
            Command::DeactivateUser { email, .. } => desk.deactivate_user(&email).await.map(drop),
            Command::ReactivateUser { email, .. } => desk.reactivate_user(&email).await.map(drop),
            Command::MoveToMainEmail { from, to, .. } => {
                desk.move_to_main_email(&MoveToMainEmail { from, to }).await.map(drop)
            }
            Command::Record { vaccine, assessing, consenting, .. } => {
                let command = RecordVaccination { vaccine, given_on: today, assessing, consenting };
                self.records.push(desk.record(&command).await?.record);
                Ok(())
            }
            Command::Edit { record, assessing, consenting, .. } => {
                let Some(id) = pick(&self.records, record) else { return Ok(()) };
                let command = EditRecord { given_on: today.pred_opt(), assessing, consenting };
                desk.edit(id, &command).await.map(drop)
            }
            _ => Ok(()),
        }
    }
}

/// Which of these a number names: one of the last.
fn pick<T: Copy>(of: &[T], number: usize) -> Option<T> {
    of.iter().rev().take(8).cycle().nth(number).copied()
}

fn nominee(typed: &Typed) -> Nominee {
    let Typed { first, last, email } = typed.clone();
    Nominee { first_name: first, last_name: last, email }
}

fn vouched(who: &Vouched) -> VerifiedIdentity {
    let subject = Subject::new(&who.subject).unwrap();
    VerifiedIdentity { subject, email: who.email.as_deref().map(|email| email.parse().unwrap()) }
}
