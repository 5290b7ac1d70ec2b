//! One deactivation and one reactivation through the services, on the store in memory.

use std::error::Error;

use chrono::{DateTime, TimeDelta};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use ravs_benches::onboarded::onboarded;

fn deactivate_and_reactivate(c: &mut Criterion) {
    let now = DateTime::from_timestamp(1_760_000_000, 0).unwrap_or_default();
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().build() else { return };
    c.bench_function("deactivate and reactivate through the services", |b| {
        b.iter_batched(
            || runtime.block_on(onboarded(now)),
            |onboarded| {
                let outcome: Result<_, Box<dyn Error>> = runtime.block_on(async {
                    let onboarded = onboarded?;
                    onboarded.desk.deactivate(onboarded.organisation).await?;
                    onboarded.world.clock.advance(TimeDelta::seconds(1));
                    Ok(onboarded.desk.reactivate(onboarded.organisation).await?)
                });
                assert!(outcome.is_ok(), "the cycle failed: {outcome:?}");
            },
            BatchSize::SmallInput,
        );
    });
}

criterion_group!(benches, deactivate_and_reactivate);
criterion_main!(benches);
