//! `standing`, which every permission decision begins with, beside the same statement in `pgbench`.

use std::time::{Duration, Instant};

use ravs_adapters_postgres::PostgresStore;
use ravs_core::port::Store as _;
use ravs_core::{OrganisationId, UserId};
use ravs_testkit::conformance::seed::{Scene, Seed};
use tokio::task::JoinSet;

use super::capture::Capture;
use super::pgbench::{Length, Pgbench};
use super::script::on_one_line;
use super::{Failed, Figure, Pace, Stage, Tell, runtime};

/// What is promised at so many clients.
const PROMISED: [(usize, f64); 2] = [(1, 0.9), (8, 0.75)];

/// Measures it with each number of clients.
///
/// # Errors
/// Whatever goes wrong.
pub fn measure(stage: &Stage, pace: Pace, tell: Tell<'_>) -> Result<(), Failed> {
    for (clients, promised) in PROMISED {
        let figure = runtime(clients)?.block_on(with_clients(stage, pace, clients))?;
        tell(&figure.at_least(promised));
    }
    Ok(())
}

async fn with_clients(stage: &Stage, pace: Pace, clients: usize) -> Result<Figure, Failed> {
    let ground = stage.ground().await?;
    let seed = Seed::new();
    ground.fill(1_000, seed.now().timestamp_nanos_opt().unwrap_or_default()).await?;
    let store = ground.store(clients)?;
    let scene = Scene::active(&seed, &store, "RRV").await?;

    let capture = Capture::new(&ground)?;
    capture.store.standing(scene.ada, scene.id).await?.ok_or("she stands nowhere")?;
    let sent = capture.sent().await?;
    let [only] = &sent[..] else { return Err("a standing is one statement".into()) };
    let script = on_one_line(&only.text, |number| format!(":v{number}"));
    let variables = (1..).zip(&only.parameters).map(|(number, parameter)| {
        (format!("v{number}"), parameter.value.clone().unwrap_or_default())
    });
    let variables = variables.collect();
    let pgbench = Pgbench { ground: &ground, script: &script, clients, variables };

    let (mut ours, mut peers) = (Vec::new(), Vec::new());
    // Connects, and prepares.
    rate(&store, &scene, clients, Duration::from_millis(200)).await?;
    for _ in 0..pace.turns {
        ours.push(rate(&store, &scene, clients, pace.turn).await?);
        peers.push(pgbench.rate(Length::Seconds(pace.turn.as_secs().max(1)))?);
    }
    Ok(Figure::of_rates(format!("standing, {clients} client(s)"), &ours, &peers))
}

/// How many standings a second so many tasks have together.
async fn rate(
    store: &PostgresStore,
    scene: &Scene,
    clients: usize,
    length: Duration,
) -> Result<f64, Failed> {
    let began = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..clients {
        tasks.spawn(ask(store.clone(), scene.ada, scene.id, began + length));
    }
    let mut asked = 0;
    while let Some(task) = tasks.join_next().await {
        asked += task??;
    }
    Ok(f64::from(asked) / began.elapsed().as_secs_f64())
}

async fn ask(
    store: PostgresStore,
    user: UserId,
    organisation: OrganisationId,
    until: Instant,
) -> Result<u32, Failed> {
    let mut asked = 0;
    while Instant::now() < until {
        store.standing(user, organisation).await?.ok_or("she stands nowhere")?;
        asked += 1;
    }
    Ok(asked)
}
