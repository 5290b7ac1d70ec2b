//! The status of 1,000,000 organisations: laid out for it, and one by one.

use std::hint::black_box;

use chrono::DateTime;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ravs_benches::states::spread;
use ravs_core::{OrganisationStatus, StatusBoard};

fn status_at(c: &mut Criterion) {
    let now = DateTime::from_timestamp(1_760_000_000, 0).unwrap_or_default();
    let states = spread(1_000_000, now);
    let board: StatusBoard = states.iter().collect();
    let mut group = c.benchmark_group("status_at, 1,000,000 organisations");
    group.throughput(Throughput::Elements(1_000_000));
    group.bench_function("laid out, counted", |b| b.iter(|| board.counts_at(black_box(now))));
    let mut statuses = Vec::with_capacity(states.len());
    group.bench_function("laid out, each status", |b| {
        b.iter(|| {
            board.statuses_at(black_box(now), &mut statuses);
            black_box(statuses.len())
        });
    });
    group.bench_function("one by one, counted", |b| {
        b.iter(|| {
            let closed = states
                .iter()
                .filter(|state| state.status_at(black_box(now)) == OrganisationStatus::Closed);
            closed.count()
        });
    });
    group.finish();
}

criterion_group!(benches, status_at);
criterion_main!(benches);
