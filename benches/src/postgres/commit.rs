//! `commit` of a deactivation, beside `pgbench` that sends the same statements: one at a time, as
//! a host without a pipeline would; in pipelines that end where ours do; and all at once, which
//! the store could not do safely.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use deadpool_postgres::Pool;
use ravs_adapters_postgres::PostgresStore;
use ravs_core::ChangeSet;
use ravs_core::port::Store as _;
use ravs_testkit::conformance::seed::{Scene, Seed};
use tokio::task::JoinSet;

use super::capture::{Capture, Sent};
use super::clones;
use super::pgbench::{Length, Pgbench};
use super::script::{Varying, literal, on_one_line};
use super::{Failed, Figure, Ground, Pace, Stage, Tell, runtime};

const CLIENTS: [usize; 2] = [1, 8];
const PROMISED: f64 = 0.85;
/// How many commits the first turn has, from which the length of the others is judged.
const FIRST: u64 = 400;

/// Measures it with each number of clients.
///
/// # Errors
/// Whatever goes wrong; also when fewer were deactivated than were counted.
pub fn measure(stage: &Stage, pace: Pace, tell: Tell<'_>) -> Result<(), Failed> {
    for clients in CLIENTS {
        let figures = runtime(clients)?.block_on(with_clients(stage, pace, clients))?;
        figures.iter().for_each(&mut *tell);
    }
    Ok(())
}

async fn with_clients(stage: &Stage, pace: Pace, clients: usize) -> Result<[Figure; 3], Failed> {
    let ground = stage.ground().await?;
    let mut bench = Bench::new(&ground, clients).await?;
    let scripts = bench.scripts().await?;
    let first = bench.ours(FIRST).await?;
    // Cast through what is exact: a number of commits is small.
    let wanted = (first * pace.turn.as_secs_f64()).max(1.0).round();
    let each = (wanted as u64).div_ceil(clients as u64) * clients as u64;
    bench.pgbench(&scripts[0], FIRST).await?;
    let (mut ours, mut peers) = (Vec::new(), [Vec::new(), Vec::new(), Vec::new()]);
    // Half as often: four take turns, and each has to be got ready.
    for _ in 0..pace.turns.div_ceil(2) {
        ours.push(bench.ours(each).await?);
        for (script, rates) in scripts.iter().zip(&mut peers) {
            rates.push(bench.pgbench(script, each).await?);
        }
    }
    let [apart, alike, at_once] = peers;
    let what = |peer| format!("commit of a deactivation, {clients} client(s), {peer}");
    Ok([
        Figure::of_rates(what("one at a time"), &ours, &apart).at_least(PROMISED),
        Figure::of_rates(what("in the same round trips"), &ours, &alike).at_least(PROMISED),
        Figure::of_rates(what("in one round trip"), &ours, &at_once),
    ])
}

struct Bench<'a> {
    ground: &'a Ground<'a>,
    owner: Pool,
    store: PostgresStore,
    clients: usize,
    seed: Seed,
    scene: Scene,
    /// The number of the next copy.
    next: u64,
}

impl<'a> Bench<'a> {
    async fn new(ground: &'a Ground<'a>, clients: usize) -> Result<Self, Failed> {
        let (seed, store) = (Seed::new(), ground.store(clients)?);
        let scene = Scene::active(&seed, &store, "RRV").await?;
        seed.tick();
        let owner = ground.owner()?;
        Ok(Self { ground, owner, store, clients, seed, scene, next: 0 })
    }

    /// So many organisations that nobody has deactivated yet.
    async fn fresh(&mut self, number: u64) -> Result<Range<u64>, Failed> {
        let numbers = self.next..self.next + number;
        self.next = numbers.end;
        clones::clone(&self.owner, self.scene.id, numbers.clone()).await?;
        self.owner.get().await?.batch_execute("CHECKPOINT").await?;
        Ok(numbers)
    }

    /// The same statements as ours, for copies by number: one at a time, in the same two round
    /// trips, and all in one.
    async fn scripts(&mut self) -> Result<[String; 3], Failed> {
        let numbers = self.fresh(1).await?;
        let decided = self.decide(numbers).await?;
        let [change] = &decided[..] else { return Err("one is decided".into()) };
        let capture = Capture::new(self.ground)?;
        capture.store.commit(change).await?;
        let sent = capture.sent().await?;
        let organisation = change.organisations().first().ok_or("one is deactivated")?;
        let varying = [
            Varying {
                text: organisation.state.id().to_string(),
                expression: format!("{}::text", clones::id_of(":number::bigint")),
            },
            Varying {
                text: change.id().to_string(),
                expression: "md5('change ' || :number::bigint)::uuid::text".to_owned(),
            },
        ];
        let lines = |sent: &[Sent]| sent.iter().map(|sent| line(sent, &varying)).collect();
        let pipeline = |lines: &str| format!("\\startpipeline\n{lines}\\endpipeline\n");
        // Whatever begins the transaction is answered before the rest is sent.
        let (beginning, rest) = sent.split_at(
            sent.iter().position(|sent| !sent.begins()).ok_or("more is sent than a beginning")?,
        );
        let (statements, beginning, rest): (String, String, String) =
            (lines(&sent), lines(beginning), lines(rest));
        let number = "\\set number :first + :client_id * :each + :i\n\\set i :i + 1\n";
        Ok([
            format!("{number}{statements}"),
            format!("{number}{}{}", pipeline(&beginning), pipeline(&rest)),
            format!("{number}{}", pipeline(&statements)),
        ])
    }

    /// How many commits a second `pgbench` makes with this script.
    async fn pgbench(&mut self, script: &str, number: u64) -> Result<f64, Failed> {
        let each = number / self.clients as u64;
        let number = each * self.clients as u64;
        let numbers = self.fresh(number).await?;
        let before = self.count().await?;
        let variables = [("first", numbers.start), ("each", each), ("i", 0)];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_string())).into();
        let (ground, clients) = (self.ground, self.clients);
        let rate = Pgbench { ground, script, clients, variables }.rate(Length::Times(each))?;
        self.check(before, number).await?;
        Ok(rate)
    }

    /// How many commits a second the store makes. What to commit is decided before.
    async fn ours(&mut self, number: u64) -> Result<f64, Failed> {
        let numbers = self.fresh(number).await?;
        let decided = self.decide(numbers).await?;
        let before = self.count().await?;
        let changes = Arc::new(Mutex::new(VecDeque::from(decided)));
        let began = Instant::now();
        let mut tasks = JoinSet::new();
        for _ in 0..self.clients {
            tasks.spawn(commit_all(self.store.clone(), Arc::clone(&changes)));
        }
        while let Some(task) = tasks.join_next().await {
            task??;
        }
        let took = began.elapsed().as_secs_f64();
        self.check(before, number).await?;
        Ok(number as f64 / took)
    }

    async fn decide(&self, numbers: Range<u64>) -> Result<Vec<ChangeSet>, Failed> {
        let mut decided = Vec::new();
        for id in clones::ids(&self.owner, numbers).await? {
            let roster = self.store.roster(id).await?.ok_or("a copy is not there")?;
            decided.push(self.seed.deactivation(&self.scene.lead, &roster).change);
        }
        Ok(decided)
    }

    /// How many rows a deactivation writes are there, table by table.
    async fn count(&self) -> Result<[i64; 5], Failed> {
        let count = "SELECT
            (SELECT count(*) FROM ravs.change_sets),
            (SELECT count(*) FROM ravs.organisations WHERE status = 'Deactivated'),
            (SELECT count(*) FROM ravs.organisation_versions WHERE status = 'Deactivated'),
            (SELECT count(*) FROM ravs.organisation_events
                WHERE name = 'organisation_deactivated'),
            (SELECT count(*) / 2 FROM ravs.effects WHERE key LIKE 'organisation_deactivated.%')";
        let row = self.owner.get().await?.query_one(count, &[]).await?;
        let mut counts = [0; 5];
        for (place, count) in counts.iter_mut().enumerate() {
            *count = row.try_get(place)?;
        }
        Ok(counts)
    }

    /// That so many deactivations are there as were counted.
    async fn check(&self, before: [i64; 5], number: u64) -> Result<(), Failed> {
        let after = self.count().await?;
        let made = |(before, after)| i64::try_from(number).is_ok_and(|n| before + n == after);
        if before.into_iter().zip(after).all(made) {
            return Ok(());
        }
        Err(format!("{number} deactivations were counted; rows: {before:?}, {after:?}").into())
    }
}

async fn commit_all(
    store: PostgresStore,
    changes: Arc<Mutex<VecDeque<ChangeSet>>>,
) -> Result<(), Failed> {
    let next = || changes.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    while let Some(change) = next() {
        store.commit(&change).await?;
    }
    Ok(())
}

fn line(sent: &Sent, varying: &[Varying]) -> String {
    on_one_line(&sent.text, |number| {
        let parameter = number.checked_sub(1).and_then(|place| sent.parameters.get(place));
        parameter.map_or_else(
            || format!("${number}"),
            |parameter| literal(parameter.value.as_deref(), &parameter.kind, varying),
        )
    })
}
