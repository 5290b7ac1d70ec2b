//! What this process takes of the machine.

use std::fs;
use std::time::Duration;

/// The memory of this process that is in RAM, in bytes, where the system says so.
#[must_use]
pub fn resident() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes.saturating_mul(1024))
}

/// How long the processors have worked for this process, in all its threads, where the system
/// says so; to a hundredth of a second. On a machine that is busy with other things this is less
/// than the time that has passed.
#[must_use]
pub fn worked() -> Option<Duration> {
    const TICK: u64 = 10;
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // behind the name, which may have spaces in it: state, ten others, user and system time
    let (_, fields) = stat.rsplit_once(") ")?;
    let times = fields.split(' ').skip(11).take(2).map(str::parse::<u64>);
    let ticks = times.sum::<Result<u64, _>>().ok()?;
    Some(Duration::from_millis(ticks.saturating_mul(TICK)))
}
