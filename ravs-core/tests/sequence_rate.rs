//! How many sequences of 50 commands a second the pure functions make: printed, not judged
//! (`cargo test -p ravs-core --test sequence_rate -- --nocapture`).

#[cfg(test)]
#[expect(dead_code, reason = "shared with other tests, which need more of it")]
mod sample;

#[cfg(test)]
#[expect(dead_code, reason = "shared with another test, which needs more of it")]
mod life;

#[cfg(test)]
#[expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "the time it takes is measured; no rule is asked of it"
)]
mod tests {
    use std::time::Instant;

    use proptest::strategy::{Strategy as _, ValueTree as _};
    use proptest::test_runner::TestRunner;

    use crate::life::{Life, Step, steps};

    #[test]
    #[expect(clippy::print_stdout, reason = "the number is what this is for")]
    fn sequences_of_50_commands_a_second() {
        let mut runner = TestRunner::deterministic();
        let sequences: Vec<Vec<Step>> =
            (0..500).map(|_| steps(50).new_tree(&mut runner).unwrap().current()).collect();
        let (begun, mut rounds) = (Instant::now(), 0);
        let mut ended = 0;
        while rounds == 0 || begun.elapsed().as_millis() < 300 {
            rounds += 1;
            for sequence in &sequences {
                let mut life = Life::begun();
                sequence.iter().for_each(|step| life.take(step));
                ended += life.organisation.version().number();
            }
        }
        let rate = f64::from(rounds) * sequences.len() as f64 / begun.elapsed().as_secs_f64();
        println!("{rate:.0} sequences of 50 commands a second");
        assert!(ended > 500, "the sequences did something");
    }
}
