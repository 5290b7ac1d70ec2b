//! Finds bodies in the directory's CSV files.
//!
//! ```text
//! ods --from FILE… [--limit N] [--closed] [--on YYYY-MM-DD] search QUERY…
//! ods --from FILE… show CODE
//! ```
//!
//! `search` prints a JSON line for each body that fits, the best first; `show` the one body with
//! that code, closed or not. Progress and faults go to standard error. It ends with 1
//! where `show` finds no such code, and with 2 where the arguments or the files are wrong; then
//! nothing was searched.

use std::env;
use std::error::Error;
use std::io::{self, Write as _};
use std::process::ExitCode;

use chrono::{NaiveDate, Utc};
use chrono_tz::Europe::London;
use ravs_adapters_ods::{OdsIndex, Progress, Source};
use ravs_core::port::{BodyDirectory as _, BodySearch, ClosedBodies};
use ravs_core::{Body, OdsCode};
use serde::Serialize;

const USAGE: &str = "usage: ods --from FILE… [--limit N] [--closed] [--on YYYY-MM-DD] \
                     (search QUERY… | show CODE)";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(exit) => exit,
        Err(error) => {
            eprintln!("ods: {error}");
            ExitCode::from(2)
        }
    }
}

/// Does what is asked.
async fn run() -> Result<ExitCode, Box<dyn Error>> {
    let asked = Asked::read(env::args().skip(1))?;
    let index = OdsIndex::new();
    index.load(asked.files.iter().map(Source::file), &mut show_progress)?;
    let found = match asked.what {
        What::Show(code) => match index.body(&code).await? {
            Some(body) => vec![body],
            None => {
                eprintln!("ods: there is no body with the code `{code}`");
                return Ok(ExitCode::from(1));
            }
        },
        What::Search(search) => index.search(&search).await?,
    };
    let mut out = io::stdout().lock();
    for Body { code, name, address, postcode, legally_closed } in &found {
        let line = Line { code, name, address, postcode, legally_closed: *legally_closed };
        writeln!(out, "{}", serde_json::to_string(&line)?)?;
    }
    Ok(ExitCode::SUCCESS)
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

struct Asked {
    files: Vec<String>,
    what: What,
}

enum What {
    Search(BodySearch),
    Show(OdsCode),
}

impl Asked {
    /// Reads the arguments. Files are what stands between `--from` and the next option or command.
    fn read(arguments: impl Iterator<Item = String>) -> Result<Self, Box<dyn Error>> {
        let mut files = Vec::new();
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
                _ => return Err(format!("`{argument}` is not understood; {USAGE}").into()),
            }
            in_files = false;
        };
        if files.is_empty() {
            return Err(format!("no file is named; {USAGE}").into());
        }
        Ok(Self { files, what })
    }
}
