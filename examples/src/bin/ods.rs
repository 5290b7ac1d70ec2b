//! Finds bodies in the directory's CSV files, or in a store that they were imported into.
//!
//! ```text
//! ods --from FILE… --store URL import
//! ods (--from FILE… | --store URL) [--limit N] [--closed] [--on YYYY-MM-DD] search QUERY…
//! ods (--from FILE… | --store URL) show CODE
//! ```
//!
//! `import` puts the files' bodies in place of those that a PostgreSQL store keeps for all
//! processes of a host, and prints a JSON line with the number of the set and how many bodies it
//! has. It brings the schema up to date first. `search` prints a JSON line for each body that
//! fits, the best first; `show` the one body with that code, closed or not. Progress and faults go
//! to standard error. It ends with 1 where `show` finds no such code, and with 2 where the
//! arguments, the files or the store are wrong; then nothing was searched, and nothing changed.

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::mpsc::{self, Receiver, SyncSender};

use chrono::{NaiveDate, Utc};
use chrono_tz::Europe::London;
use ravs_adapters_ods::{Entry, ImportError, OdsIndex, Progress, Source, read};
use ravs_adapters_postgres::{Migrations, PoolSettings, PostgresStore, SchemaName, pool};
use ravs_core::port::{BodyDirectory as _, BodySearch, ClosedBodies, PortError};
use ravs_core::{Body, OdsCode};
use serde::Serialize;

const USAGE: &str = "usage: ods --from FILE… --store URL import | ods (--from FILE… | --store URL) \
                     [--limit N] [--closed] [--on YYYY-MM-DD] (search QUERY… | show CODE)";

/// How many bodies that have been read may wait to be stored.
const AHEAD: usize = 1_000;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(exit) => exit,
        Err(error) => {
            eprintln!("ods: {}", with_sources(error.as_ref()));
            ExitCode::from(2)
        }
    }
}

/// Does what is asked.
async fn run() -> Result<ExitCode, Box<dyn Error>> {
    match Asked::read(env::args().skip(1))? {
        Asked::Import { files, store } => import(files, &store).await,
        Asked::Find { place, what } => find(&index(place).await?, what).await,
    }
}

/// Imports the files into the store.
async fn import(files: Vec<String>, url: &str) -> Result<ExitCode, Box<dyn Error>> {
    let pool = pool(url, &PoolSettings::new().size(1))?;
    Migrations::new(SchemaName::default()).run(&pool).await?;
    let store = PostgresStore::new(pool);
    // Files are read on a thread where that may block, and stored as they are read: neither has
    // them all in memory.
    let (sender, receiver) = mpsc::sync_channel(AHEAD);
    let reading = tokio::task::spawn_blocking(move || send(&files, &sender));
    let set = store.import_bodies(Bodies(receiver), Utc::now()).await;
    reading.await?;
    let set = set?;
    let line = SetLine { number: set.number, bodies: set.bodies };
    print([line])?;
    Ok(ExitCode::SUCCESS)
}

/// What the thread that reads says to the one that stores.
enum Step {
    Body(Body),
    Faults(ImportError),
    End,
}

/// Reads the files and sends their bodies, and how it ended.
fn send(files: &[String], sender: &SyncSender<Step>) {
    // Nobody listens any more when the store has failed; then it says why.
    let send = |step| sender.send(step).unwrap_or_default();
    let sources = files.iter().map(Source::file);
    match read(sources, &mut show_progress, &mut |entry| send(Step::Body(entry.body))) {
        Ok(_) => send(Step::End),
        Err(faults) => send(Step::Faults(faults)),
    }
}

/// The bodies that are sent. Only what ended as it should is a set.
struct Bodies(Receiver<Step>);

/// Why there are no more bodies.
#[derive(Debug, thiserror::Error)]
enum Unread {
    #[error(transparent)]
    Faults(#[from] ImportError),
    #[error("reading broke off")]
    BrokenOff,
}

impl Iterator for Bodies {
    type Item = Result<Body, Unread>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.0.recv() {
            Ok(Step::Body(body)) => Some(Ok(body)),
            Ok(Step::Faults(faults)) => Some(Err(faults.into())),
            Ok(Step::End) => None,
            Err(mpsc::RecvError) => Some(Err(Unread::BrokenOff)),
        }
    }
}

/// An index of the bodies that are there.
async fn index(place: Place) -> Result<OdsIndex, Box<dyn Error>> {
    let index = OdsIndex::new();
    match place {
        Place::Files(files) => {
            index.load(files.iter().map(Source::file), &mut show_progress)?;
        }
        Place::Store(url) => {
            let store = PostgresStore::new(pool(&url, &PoolSettings::new().size(1))?);
            store.check().await?;
            if store.body_set().await?.is_none() {
                return Err("no bodies have been imported into this store; `import` some".into());
            }
            let mut entries = Vec::new();
            let take = |body: Body| {
                entries.push(Entry::from(body));
                Ok::<(), PortError>(())
            };
            store.each_body(take).await?;
            index.replace(entries)?;
        }
    }
    Ok(index)
}

/// Prints what is found.
async fn find(index: &OdsIndex, what: What) -> Result<ExitCode, Box<dyn Error>> {
    let found = match what {
        What::Show(code) => match index.body(&code).await? {
            Some(body) => vec![body],
            None => {
                eprintln!("ods: there is no body with the code `{code}`");
                return Ok(ExitCode::from(1));
            }
        },
        What::Search(search) => index.search(&search).await?,
    };
    print(found.iter().map(|Body { code, name, address, postcode, legally_closed }| Line {
        code,
        name,
        address,
        postcode,
        legally_closed: *legally_closed,
    }))?;
    Ok(ExitCode::SUCCESS)
}

/// Prints a JSON line for each.
fn print(lines: impl IntoIterator<Item = impl Serialize>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in lines {
        writeln!(out, "{}", serde_json::to_string(&line)?)?;
    }
    Ok(())
}

/// An error with everything that caused it.
fn with_sources(error: &dyn Error) -> String {
    let mut said = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        write!(said, ": {error}").unwrap_or_default();
        source = error.source();
    }
    said
}

/// A set, as it is printed.
#[derive(Serialize)]
struct SetLine {
    number: u64,
    bodies: u64,
}

/// A body, as it is printed.
#[derive(Serialize)]
struct Line<'a> {
    code: &'a OdsCode,
    name: &'a str,
    address: &'a str,
    postcode: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    legally_closed: Option<NaiveDate>,
}

/// Long files are told about; short ones are over before anybody could read it.
fn show_progress(progress: Progress<'_>) {
    const LONG: u64 = 50_000;
    if progress.rows >= LONG && progress.rows.is_multiple_of(LONG) {
        let percent = match progress.of {
            Some(of) if of > 0 => format!(", {} %", progress.bytes.saturating_mul(100) / of),
            _ => String::new(),
        };
        eprintln!("ods: {} rows ({}{percent})", progress.rows, progress.file);
    }
}

enum Asked {
    Import { files: Vec<String>, store: String },
    Find { place: Place, what: What },
}

/// Where the bodies are.
enum Place {
    Files(Vec<String>),
    Store(String),
}

enum What {
    Search(BodySearch),
    Show(OdsCode),
}

impl Asked {
    /// Reads the arguments. Files are what stands between `--from` and the next option or command.
    fn read(arguments: impl Iterator<Item = String>) -> Result<Self, Box<dyn Error>> {
        let mut files = Vec::new();
        let mut store = None;
        let mut limit = 20;
        let mut closed = ClosedBodies::LeftOut;
        let mut on = Utc::now().with_timezone(&London).date_naive();
        let mut in_files = false;
        let mut arguments = arguments;
        let what = loop {
            let argument = arguments.next().ok_or(USAGE)?;
            match argument.as_str() {
                "--from" => {
                    in_files = true;
                    files.push(arguments.next().ok_or("--from takes at least one file")?);
                    continue;
                }
                "--store" => store = Some(arguments.next().ok_or("--store takes a URL")?),
                "--limit" => {
                    let number = arguments.next().ok_or("--limit takes a number")?;
                    limit = number.parse().map_err(|_| format!("`{number}` is no number"))?;
                }
                "--closed" => closed = ClosedBodies::Included,
                "--on" => {
                    let day = arguments.next().ok_or("--on takes a day")?;
                    on = day
                        .parse::<NaiveDate>()
                        .map_err(|_| format!("`{day}` is no day, which is written YYYY-MM-DD"))?;
                }
                "import" => {
                    if arguments.next().is_some() {
                        return Err("nothing comes after import".into());
                    }
                    let store = store.ok_or("import takes a store; name one with --store")?;
                    if files.is_empty() {
                        return Err("import takes files; name them with --from".into());
                    }
                    return Ok(Self::Import { files, store });
                }
                "search" => {
                    let query = arguments.collect::<Vec<_>>().join(" ");
                    if query.trim().is_empty() {
                        return Err("search takes a query".into());
                    }
                    break What::Search(BodySearch { query, limit, on, closed });
                }
                "show" => {
                    let code = arguments.next().ok_or("show takes a code")?;
                    if arguments.next().is_some() {
                        return Err("show takes one code".into());
                    }
                    break What::Show(code.parse().map_err(|error| format!("`{code}`: {error}"))?);
                }
                file if in_files && !file.starts_with('-') => {
                    files.push(argument);
                    continue;
                }
                // what comes after `=` may be a secret
                _ => {
                    let argument = argument.split('=').next().unwrap_or_default();
                    return Err(format!("`{argument}` is not understood; {USAGE}").into());
                }
            }
            in_files = false;
        };
        let place = match (store, files.is_empty()) {
            (None, false) => Place::Files(files),
            (Some(store), true) => Place::Store(store),
            (None, true) => return Err(format!("no file and no store is named; {USAGE}").into()),
            (Some(_), false) => return Err("it searches files or a store, not both".into()),
        };
        Ok(Self::Find { place, what })
    }
}
