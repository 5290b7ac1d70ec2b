//! A process that works on a database until its input ends:
//! `worker load|deliver|race URL FOLDER SEED`. What it does it tells on its output.

use std::io::BufRead as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use ravs_trials::Failed;
use ravs_trials::host::Host;
use ravs_trials::journal::{Journal, Line};
use ravs_trials::load::Load;
use ravs_trials::outside::Outside;
use ravs_trials::race::{Gate, play};
use tokio::sync::mpsc;
use tokio::time::sleep;

/// How many commands a process has under way at a time.
const AT_ONCE: u64 = 2;
/// Longer than any trial: nobody takes over from one who lives.
const LONG_LEASE: TimeDelta = TimeDelta::minutes(10);
/// How long to wait when there was nothing to carry out: the server has other work.
const IDLE: Duration = Duration::from_millis(10);
const USAGE: &str = "usage: worker load|deliver|race URL FOLDER SEED";

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("worker: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &[String]) -> Result<(), Failed> {
    let [role, url, folder, seed] = arguments else { return Err(USAGE.into()) };
    let outside = Outside::within(Path::new(folder))?;
    match role.as_str() {
        "load" => load(url, &outside, seed.parse()?).await,
        "deliver" => deliver(url, &outside).await,
        "race" => race(url, &outside).await,
        _ => Err(USAGE.into()),
    }
}

/// Plays the mix of commands.
async fn load(url: &str, outside: &Outside, seed: u64) -> Result<(), Failed> {
    let journal = Journal::to_stdout();
    let host = Host::new(url, outside, Arc::new(journal.clone()), |builder| builder)?;
    let ended = Input::ended();
    let mut tasks = Vec::new();
    for number in 0..AT_ONCE {
        let seed = seed.wrapping_mul(AT_ONCE).wrapping_add(number);
        let mut load = Load::new(host.clone(), journal.clone(), seed);
        let ended = Arc::clone(&ended);
        tasks.push(tokio::spawn(async move {
            while !ended.load(Ordering::Acquire) {
                load.step().await;
            }
        }));
    }
    for task in tasks {
        task.await?;
    }
    Ok(())
}

/// Carries out effects, and tells how many.
async fn deliver(url: &str, outside: &Outside) -> Result<(), Failed> {
    let journal = Journal::to_stdout();
    let watch = Arc::new(journal.clone());
    let host = Host::with_lease(LONG_LEASE, url, outside, watch, |builder| builder)?;
    let ended = Input::ended();
    while !ended.load(Ordering::Acquire) {
        match host.ravs.housekeeping().deliver(3).await {
            Ok(delivered) => {
                journal.note(&Line::Delivered(std::process::id(), delivered.done));
                if delivered.done == 0 {
                    sleep(IDLE).await;
                }
            }
            Err(failure) => journal.note_failure(&failure),
        }
    }
    Ok(())
}

/// Plays one side of races.
async fn race(url: &str, outside: &Outside) -> Result<(), Failed> {
    let gate = Arc::new(Gate::new(Journal::to_stdout(), Input::lines()));
    let host = Host::new(url, outside, Arc::clone(&gate) as _, |builder| builder)?;
    play(&host.ravs, &gate).await
}

/// The standard input, which ends at the latest when whoever started this process ends.
struct Input;

impl Input {
    fn lines() -> mpsc::UnboundedReceiver<String> {
        let (send, lines) = mpsc::unbounded_channel();
        std::thread::spawn(move || {
            for line in std::io::stdin().lock().lines() {
                let Ok(line) = line else { break };
                if send.send(line).is_err() {
                    break;
                }
            }
        });
        lines
    }

    fn ended() -> Arc<AtomicBool> {
        let ended = Arc::new(AtomicBool::new(false));
        let (mut lines, told) = (Self::lines(), Arc::clone(&ended));
        tokio::spawn(async move {
            while lines.recv().await.is_some() {}
            told.store(true, Ordering::Release);
        });
        ended
    }
}
