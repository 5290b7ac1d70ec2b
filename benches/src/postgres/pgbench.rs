//! PostgreSQL's own bench.

use std::io::Write as _;
use std::process::Command;

use super::{Failed, Ground, threads};

/// A script, and by how many clients it is run.
#[derive(Debug)]
pub(super) struct Pgbench<'a> {
    pub(super) ground: &'a Ground<'a>,
    pub(super) script: &'a str,
    pub(super) clients: usize,
    pub(super) variables: Vec<(String, String)>,
}

/// How long it is run.
#[derive(Clone, Copy, Debug)]
pub(super) enum Length {
    Seconds(u64),
    /// So many times by each client.
    Times(u64),
}

impl Pgbench<'_> {
    /// Runs the script, its statements prepared, and gives how many times a second it was run by
    /// all clients together. Connecting does not count.
    ///
    /// # Errors
    /// It does not run, or a statement fails.
    pub(super) fn rate(&self, length: Length) -> Result<f64, Failed> {
        let mut script = tempfile::NamedTempFile::new()?;
        script.write_all(self.script.as_bytes())?;
        let threads = threads(self.clients)?;
        let server = self.ground.server;
        let mut command = Command::new(server.bin_dir().join("pgbench"));
        command
            .args(["--no-vacuum", "--protocol=prepared", "--host=127.0.0.1"])
            .args(["--username=postgres", &format!("--port={}", server.port())])
            .args([format!("--client={}", self.clients), format!("--jobs={threads}")])
            .arg(match length {
                Length::Seconds(seconds) => format!("--time={seconds}"),
                Length::Times(times) => format!("--transactions={times}"),
            })
            .args(self.variables.iter().map(|(name, value)| format!("--define={name}={value}")))
            .arg("--file")
            .arg(script.path())
            .arg(self.ground.name())
            .env("PGOPTIONS", Ground::options(""));
        let output = command.output()?;
        let said = String::from_utf8_lossy(&output.stdout);
        if !output.status.success() || !said.contains("failed transactions: 0 ") {
            let complaint = String::from_utf8_lossy(&output.stderr);
            return Err(format!("pgbench failed: {said}{complaint}").into());
        }
        rate_said(&said).ok_or_else(|| format!("pgbench gives no rate: {said}").into())
    }
}

fn rate_said(said: &str) -> Option<f64> {
    let rate = said.lines().find_map(|line| line.strip_prefix("tps = "))?;
    rate.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_read() {
        let said = "latency average = 0.1 ms\ninitial connection time = 2.0 ms\n\
                    tps = 9876.543210 (without initial connection time)\n";
        assert_eq!(rate_said(said), Some(9876.54321));
        assert_eq!(rate_said("pgbench: error"), None);
    }
}
