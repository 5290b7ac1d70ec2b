//! A process that works on a database until its input ends:
//! `worker load|deliver URL FOLDER SEED`. What it does it tells on its output.

use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ravs_trials::Failed;
use ravs_trials::host::Host;
use ravs_trials::journal::Journal;
use ravs_trials::load::Load;
use ravs_trials::outside::Outside;

/// How many commands a process has under way at a time.
const AT_ONCE: u64 = 2;

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
    let [role, url, folder, seed] = arguments else {
        return Err("usage: worker load|deliver URL FOLDER SEED".into());
    };
    let outside = Outside::within(Path::new(folder))?;
    let journal = Journal::to_stdout();
    let host = Host::new(url, &outside, Arc::new(journal.clone()), |builder| builder)?;
    let seed: u64 = seed.parse()?;
    let ended = until_input_ends();
    let mut tasks = Vec::new();
    for number in 0..AT_ONCE {
        let seed = seed.wrapping_mul(AT_ONCE).wrapping_add(number);
        let mut load = Load::new(host.clone(), journal.clone(), seed);
        let (role, ended, journal) = (role.clone(), Arc::clone(&ended), journal.clone());
        tasks.push(tokio::spawn(async move {
            while !ended.load(Ordering::Acquire) {
                match role.as_str() {
                    "deliver" => {
                        if let Err(failure) = load.deliver().await {
                            journal.note_failure(&failure);
                        }
                    }
                    _ => load.step().await,
                }
            }
        }));
    }
    for task in tasks {
        task.await?;
    }
    Ok(())
}

/// Set when the input has ended, which it does at the latest when whoever started this ends.
fn until_input_ends() -> Arc<AtomicBool> {
    let ended = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&ended);
    std::thread::spawn(move || {
        // An input that cannot be read has ended.
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        told.store(true, Ordering::Release);
    });
    ended
}
