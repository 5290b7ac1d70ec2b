//! A figure, and what is promised of it.

use std::fmt;

/// What was measured in this run, beside its peer.
#[derive(Clone, Debug)]
pub struct Figure {
    what: String,
    ours: String,
    peer: String,
    ratio: f64,
    promise: Promise,
}

#[derive(Clone, Copy, Debug)]
enum Promise {
    AtLeast(f64),
    AtMost(f64),
    None,
}

impl Figure {
    /// Rates, in calls a second, ours and a peer's, one of each a turn. The ratio is ours by the
    /// peer's.
    #[must_use]
    pub fn of_rates(what: impl Into<String>, ours: &[f64], peers: &[f64]) -> Self {
        Self {
            what: what.into(),
            ours: format!("{:.0}/s", median(ours)),
            peer: format!("{:.0}/s", median(peers)),
            ratio: median_ratio(ours, peers),
            promise: Promise::None,
        }
    }

    /// Times of a call in seconds, with many organisations and with few, one of each a turn. The
    /// ratio is that of many by that of few.
    #[must_use]
    pub fn of_times(what: impl Into<String>, many: &[f64], few: &[f64]) -> Self {
        let time = |seconds: &[f64]| format!("{:.0} µs", median(seconds) * 1e6);
        Self {
            what: what.into(),
            ours: time(many),
            peer: time(few),
            ratio: median_ratio(many, few),
            promise: Promise::None,
        }
    }

    /// With the promise that the ratio is at least this.
    #[must_use]
    pub fn at_least(self, least: f64) -> Self {
        Self { promise: Promise::AtLeast(least), ..self }
    }

    /// With the promise that the ratio is at most this.
    #[must_use]
    pub fn at_most(self, most: f64) -> Self {
        Self { promise: Promise::AtMost(most), ..self }
    }

    /// The heading of a table of figures.
    #[must_use]
    pub fn heading(what: &str, ours: &str, peer: &str) -> String {
        format!("{what:<60} {ours:>12} {peer:>12} {:>6}  promised", "ratio")
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, ours, peer, ratio, promise } = self;
        write!(f, "{what:<60} {ours:>12} {peer:>12} {ratio:>6.2}")?;
        let verdict = |kept| if kept { "" } else { "  MISSED" };
        match *promise {
            Promise::AtLeast(least) => {
                write!(f, "  at least {least:.2}{}", verdict(*ratio >= least))
            }
            Promise::AtMost(most) => write!(f, "  at most {most:.2}{}", verdict(*ratio <= most)),
            Promise::None => Ok(()),
        }
    }
}

/// Of each turn's ratio; so a machine whose speed drifts from turn to turn does not matter.
fn median_ratio(ours: &[f64], peers: &[f64]) -> f64 {
    let ratios: Vec<f64> = ours.iter().zip(peers).map(|(ours, peer)| ours / peer).collect();
    median(&ratios)
}

fn median(of: &[f64]) -> f64 {
    let mut sorted = of.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promise_is_judged_by_the_median_of_the_turns_ratios() {
        // the machine is half as quick in the second turn
        let (ours, peers) = ([90.0, 45.0, 10.0], [100.0, 50.0, 100.0]);
        let figure = Figure::of_rates("reads", &ours, &peers);
        assert!(figure.clone().at_least(0.9).to_string().ends_with("0.90  at least 0.90"));
        assert!(figure.at_least(0.91).to_string().ends_with("MISSED"));
        let slower = Figure::of_times("reads", &[0.003], &[0.001]);
        assert!(slower.clone().at_most(2.0).to_string().ends_with("MISSED"));
        assert!(slower.at_most(3.0).to_string().ends_with("at most 3.00"));
    }

    #[test]
    fn nothing_measured_keeps_no_promise() {
        let nothing = Figure::of_times("nothing", &[], &[]);
        assert!(nothing.at_most(2.0).to_string().ends_with("MISSED"));
    }
}
