//! `decide` for one action, and from 100,000 standings to as many decisions, each beside a bare
//! look-up in a bitset on the same inputs.

use std::hint::black_box;

use chrono::DateTime;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ravs_benches::bitset::Bitset;
use ravs_benches::standings::mixed;
use ravs_core::{Action, Request, VaccineType, permission};

fn decide(c: &mut Criterion) {
    let now = DateTime::from_timestamp(1_760_000_000, 0).unwrap_or_default();
    let standings = mixed(1024, now);
    let set = Bitset::of(&standings, now);
    let mut group = c.benchmark_group("decide, 1,024 standings x 6 actions");
    group.throughput(Throughput::Elements(6 * 1024));
    group.bench_function("decide", |b| {
        b.iter(|| {
            for standing in &standings {
                for action in Action::ALL {
                    let _ = black_box(permission::decide(black_box(standing), action, now));
                }
            }
        });
    });
    group.bench_function("bare bitset", |b| {
        b.iter(|| {
            for standing in &standings {
                for action in Action::ALL {
                    black_box(set.allows(black_box(standing), action, now));
                }
            }
        });
    });
    let vaccines: Vec<_> = VaccineType::known().collect();
    group.bench_function("decide to record a type", |b| {
        b.iter(|| {
            for (standing, vaccine) in standings.iter().zip(vaccines.iter().cycle()) {
                let request = Request::recording(vaccine);
                let _ = black_box(permission::decide(standing, request, now));
            }
        });
    });
    group.finish();
}

fn standing_to_decision(c: &mut Criterion) {
    let now = DateTime::from_timestamp(1_760_000_000, 0).unwrap_or_default();
    let standings = mixed(100_000, now);
    let set = Bitset::of(&standings, now);
    let mut group = c.benchmark_group("standing to decision, 100,000 memberships");
    group.throughput(Throughput::Elements(100_000));
    group.bench_function("decide", |b| {
        b.iter(|| {
            let allowed = standings.iter().filter(|standing| {
                permission::decide(standing, Action::EditVaccination, now).is_allowed()
            });
            black_box(allowed.count())
        });
    });
    group.bench_function("bare bitset", |b| {
        b.iter(|| {
            let allowed = standings
                .iter()
                .filter(|standing| set.allows(standing, Action::EditVaccination, now));
            black_box(allowed.count())
        });
    });
    group.finish();
}

criterion_group!(benches, decide, standing_to_decision);
criterion_main!(benches);
