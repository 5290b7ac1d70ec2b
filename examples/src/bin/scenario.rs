//! Tells scenario files to the library, and prints how each step went.
//!
//! ```text
//! scenario [--store memory|sqlite:FILE|postgres://…] [--pretty] [--keep] FILE...
//! ```
//!
//! Each story has a store of its own: in memory, in a SQLite file that must not exist yet (numbered
//! when several stories run), or in a schema of a PostgreSQL database. It is removed afterwards,
//! unless `--keep` says to leave it.
//!
//! One JSON line a step on standard output, and on standard error a last line `N passed, N
//! failed`. Exit code 0 when every expectation was met, 1 when some were not, 2 when a file cannot
//! be read or is malformed, in which case nothing of any file was run, or when a store cannot be had.

use std::error::Error;
use std::ffi::OsString;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use ravs_examples::scenario::{Pretty, Run, Scenario, StoreKind, StoryStore};

const USAGE: &str =
    "usage: scenario [--store memory|sqlite:FILE|postgres://…] [--pretty] [--keep] FILE...";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = match Arguments::read(std::env::args_os().skip(1)) {
        Ok(arguments) => arguments,
        Err(problem) => return unusable(&problem),
    };
    let stories = match read_all(&arguments.files) {
        Ok(stories) => stories,
        Err(problems) => return unusable(&problems),
    };
    let mut tally = Tally::default();
    let mut out = BufWriter::new(io::stdout().lock());
    for (number, story) in (1..).zip(&stories) {
        let store = match arguments.store.open(number, stories.len()).await {
            Ok(store) => store,
            Err(error) => return unusable(&chain(&error)),
        };
        if let Err(error) = tell(story, &store, arguments.pretty, &mut out, &mut tally).await {
            return unusable(&format!("the answers cannot be written: {error}"));
        }
        match store.leaves().filter(|_| arguments.keep) {
            Some(left) => say(&format!("kept: {left}")),
            None => {
                if let Err(error) = store.remove().await {
                    return unusable(&chain(&error));
                }
            }
        }
    }
    if let Err(error) = out.flush() {
        return unusable(&format!("the answers cannot be written: {error}"));
    }
    say(&format!("{} passed, {} failed", tally.passed, tally.failed));
    if tally.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What the command line asks for.
#[derive(Debug, Default)]
struct Arguments {
    store: StoreKind,
    pretty: bool,
    keep: bool,
    files: Vec<PathBuf>,
}

impl Arguments {
    fn read(arguments: impl Iterator<Item = OsString>) -> Result<Self, String> {
        let mut read = Self::default();
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            // A file's name need not be text; an option is.
            let Some(text) = argument.to_str() else {
                read.files.push(argument.into());
                continue;
            };
            match text {
                "--store" => {
                    let url = arguments.next().ok_or("--store: the store is missing")?;
                    read.store = store(&url.to_string_lossy())?;
                }
                joined if joined.starts_with("--store=") => {
                    read.store = store(joined.trim_start_matches("--store="))?;
                }
                "--pretty" => read.pretty = true,
                // What the memory holds cannot be kept.
                "--keep" => read.keep = true,
                option if option.starts_with('-') => {
                    return Err(format!("{option}: no such option; {USAGE}"));
                }
                file => read.files.push(file.into()),
            }
        }
        if read.files.is_empty() { Err(USAGE.to_owned()) } else { Ok(read) }
    }
}

fn store(url: &str) -> Result<StoreKind, String> {
    // What was given can hold a password, and is not repeated.
    url.parse().map_err(|error| format!("--store: {error}"))
}

/// An error, and what caused it.
fn chain(error: &dyn Error) -> String {
    let mut said = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        said.push_str(&format!(": {cause}"));
        next = cause.source();
    }
    said
}

/// Reads every file before any is run; all that is wrong with them, if anything is.
fn read_all(files: &[PathBuf]) -> Result<Vec<Scenario>, String> {
    let mut stories = Vec::new();
    let mut problems = Vec::new();
    for file in files {
        match Scenario::read(file) {
            Ok(story) => stories.push(story),
            Err(error) => problems.push(error.to_string()),
        }
    }
    if problems.is_empty() { Ok(stories) } else { Err(problems.join("\n")) }
}

#[derive(Debug, Default)]
struct Tally {
    passed: usize,
    failed: usize,
}

async fn tell(
    story: &Scenario,
    store: &StoryStore,
    pretty: bool,
    out: &mut impl Write,
    tally: &mut Tally,
) -> io::Result<()> {
    let mut run = Run::begin(store, &story.setup);
    let mut pretty = pretty.then(|| Pretty::new(story));
    if let Some(pretty) = &pretty {
        write!(out, "{}", pretty.heading())?;
    }
    for step in &story.steps {
        let line = run.tell(step).await;
        match &mut pretty {
            Some(pretty) => write!(out, "{}", pretty.step(step, &line))?,
            None => writeln!(out, "{}", line.to_json()?)?,
        }
        if line.passed() {
            tally.passed += 1;
        } else {
            tally.failed += 1;
        }
    }
    match &mut pretty {
        Some(pretty) => writeln!(out, "{}", pretty.rest()),
        None => Ok(()),
    }
}

/// Nothing can be made of it: says why.
fn unusable(problem: &str) -> ExitCode {
    say(problem);
    ExitCode::from(2)
}

/// A line on standard error; where that cannot be written, the exit code has to do.
fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}
