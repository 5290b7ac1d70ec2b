//! The figures that are promised of the store on PostgreSQL, each as a ratio within this one run:
//! `cargo run --release -p ravs-benches --bin postgres`.
//!
//! ```text
//! postgres [--organisations 1000000] [--quick] [standing] [commit] [growth]
//! ```
//!
//! It starts a PostgreSQL server of its own, which flushes what it acknowledges. Peers take turns,
//! so that a machine whose speed drifts slows both; the median of the turns' ratios counts.

use std::env;
use std::time::Duration;

use ravs_benches::postgres::{Failed, Figure, Pace, Stage, commit, growth, standing};

fn main() -> Result<(), Failed> {
    let asked = Asked::read(env::args().skip(1))?;
    let stage = Stage::launch()?;
    if asked.wants("standing") {
        println!("{}", Figure::heading("reads", "ours", "pgbench"));
        standing::measure(&stage, asked.pace, &mut print)?;
    }
    if asked.wants("commit") {
        println!("\n{}", Figure::heading("commits", "ours", "pgbench"));
        commit::measure(&stage, asked.pace, &mut print)?;
    }
    if asked.wants("growth") {
        let what = format!("with {} organisations, and with 1000", asked.organisations);
        println!("\n{}", Figure::heading(&what, "many", "few"));
        growth::measure(&stage, asked.organisations, asked.pace, &mut print)?;
    }
    Ok(())
}

fn print(figure: &Figure) {
    println!("{figure}");
}

struct Asked {
    organisations: u64,
    pace: Pace,
    /// All, where none is named.
    benches: Vec<String>,
}

impl Asked {
    fn read(arguments: impl Iterator<Item = String>) -> Result<Self, Failed> {
        let full = Pace { turns: 25, turn: Duration::from_secs(1) };
        let mut asked = Self { organisations: 1_000_000, pace: full, benches: Vec::new() };
        let mut arguments = arguments.peekable();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--quick" => {
                    asked.organisations = 20_000;
                    asked.pace.turns = 5;
                }
                "--organisations" => {
                    let number = arguments.next().ok_or("--organisations takes a number")?;
                    asked.organisations = number.parse()?;
                }
                "standing" | "commit" | "growth" => asked.benches.push(argument),
                _ => return Err(format!("`{argument}` is not understood").into()),
            }
        }
        if asked.organisations < 1_000 {
            return Err("--organisations takes a thousand or more".into());
        }
        Ok(asked)
    }

    fn wants(&self, bench: &str) -> bool {
        self.benches.is_empty() || self.benches.iter().any(|named| named == bench)
    }
}
