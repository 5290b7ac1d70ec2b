//! The figures that are promised, each as a ratio or a time within this one run:
//! `cargo run --release -p ravs-benches --bin ratios`.
//!
//! Peers take turns, many times, so that a machine whose speed drifts slows both; the median of
//! the ratios is what counts.

use std::hint::black_box;
use std::time::{Duration, Instant};

use chrono::DateTime;
use ravs_benches::bitset::Bitset;
use ravs_benches::standings::mixed;
use ravs_benches::states::spread;
use ravs_core::{Action, StatusBoard, permission};

const TURNS: usize = 301;

fn main() {
    let now = DateTime::from_timestamp(1_760_000_000, 0).unwrap_or_default();

    let standings = mixed(1024, now);
    let set = Bitset::of(&standings, now);
    let mut decide = || {
        for standing in &standings {
            for action in Action::ALL {
                let _ = black_box(permission::decide(black_box(standing), action, now));
            }
        }
    };
    let mut look_up = || {
        for standing in &standings {
            for action in Action::ALL {
                black_box(set.allows(black_box(standing), action, now));
            }
        }
    };
    let mut ratios: Vec<f64> = (0..TURNS)
        .map(|_| {
            let (ours, bare) = (time(&mut decide), time(&mut look_up));
            ours.as_secs_f64() / bare.as_secs_f64()
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    let ratio = ratios.get(TURNS / 2).copied().unwrap_or_default();
    println!("decide / bare bitset, 6,144 decisions: {ratio:.2} (promised: at most 1.70)");

    let states = spread(1_000_000, now);
    let board: StatusBoard = states.iter().collect();
    let mut passes: Vec<Duration> = (0..TURNS)
        .map(|_| {
            time(&mut || {
                black_box(board.counts_at(black_box(now)));
            })
        })
        .collect();
    passes.sort_unstable();
    let pass = passes.get(TURNS / 2).copied().unwrap_or_default();
    println!("status_at, 1,000,000 organisations: {pass:.2?} a pass (promised: under 1 ms)");
}

fn time(work: &mut dyn FnMut()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}
