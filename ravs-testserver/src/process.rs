//! The processes of this machine: who is whose child, and who still runs.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

/// How often a condition of the operating system is looked at.
const LOOK: Duration = Duration::from_millis(5);

/// Waits until `condition` gives something, at most for `limit`.
pub(crate) fn wait_for<T>(
    limit: Duration,
    mut condition: impl FnMut() -> io::Result<Option<T>>,
) -> io::Result<Option<T>> {
    let start = Instant::now();
    loop {
        if let Some(found) = condition()? {
            return Ok(Some(found));
        }
        if start.elapsed() > limit {
            return Ok(None);
        }
        thread::sleep(LOOK);
    }
}

/// Whether a process still runs. One that has ended and was not yet collected does not.
pub(crate) fn is_running(pid: u32) -> io::Result<bool> {
    Ok(all()?.iter().any(|process| process.pid == pid && !process.has_ended()))
}

/// Whether a process stands still after `SIGSTOP`, or has ended.
pub(crate) fn is_stopped(pid: u32) -> io::Result<bool> {
    Ok(all()?
        .iter()
        .find(|process| process.pid == pid)
        .is_none_or(|process| process.has_ended() || matches!(process.state, 'T' | 't')))
}

/// A process's children, their children, and so on.
pub(crate) fn descendants(pid: u32) -> io::Result<Vec<u32>> {
    let all = all()?;
    let mut found = Vec::new();
    let mut parents = HashSet::from([pid]);
    loop {
        let children: HashSet<u32> = all
            .iter()
            .filter(|process| parents.contains(&process.parent))
            .map(|process| process.pid)
            .collect();
        if children.is_empty() {
            return Ok(found);
        }
        found.extend(&children);
        parents = children;
    }
}

/// Which of these processes still run.
pub(crate) fn running_among(pids: &[u32]) -> io::Result<Vec<u32>> {
    Ok(all()?
        .iter()
        .filter(|process| pids.contains(&process.pid) && !process.has_ended())
        .map(|process| process.pid)
        .collect())
}

#[derive(Debug, PartialEq, Eq)]
struct Process {
    pid: u32,
    parent: u32,
    state: char,
}

impl Process {
    fn has_ended(&self) -> bool {
        matches!(self.state, 'Z' | 'X')
    }
}

fn all() -> io::Result<Vec<Process>> {
    if !fs::exists("/proc/self/stat")? {
        return told_by_ps();
    }
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let name = entry?.file_name();
        let Some(pid) = name.to_str().and_then(|name| name.parse().ok()) else { continue };
        // A process that ends while we look is no fault.
        let Ok(stat) = fs::read(format!("/proc/{pid}/stat")) else { continue };
        found.extend(from_stat(pid, &String::from_utf8_lossy(&stat)));
    }
    Ok(found)
}

/// `pid (name) state parent …`; the name may hold anything, brackets and spaces too.
fn from_stat(pid: u32, stat: &str) -> Option<Process> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace();
    let state = fields.next()?.chars().next()?;
    Some(Process { pid, parent: fields.next()?.parse().ok()?, state })
}

fn told_by_ps() -> io::Result<Vec<Process>> {
    let output = Command::new("ps").args(["-A", "-o", "pid=,ppid=,state="]).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().filter_map(from_ps).collect())
}

fn from_ps(line: &str) -> Option<Process> {
    let mut fields = line.split_whitespace();
    Some(Process {
        pid: fields.next()?.parse().ok()?,
        parent: fields.next()?.parse().ok()?,
        state: fields.next()?.chars().next()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_hold_brackets_and_spaces() {
        let expected = Process { pid: 7, parent: 3, state: 'S' };
        assert_eq!(from_stat(7, "7 (a) Z 1 (b) S 3 7 7 0"), Some(expected));
    }

    #[test]
    fn a_child_is_seen_until_it_has_ended() {
        let mut child = Command::new("sleep").arg("60").spawn().unwrap();
        let pid = child.id();
        assert!(is_running(pid).unwrap());
        assert!(descendants(std::process::id()).unwrap().contains(&pid));
        assert!(told_by_ps().unwrap().iter().any(|process| process.pid == pid));

        child.kill().unwrap();
        // Not collected yet: it is still listed, and does not run.
        let ended = wait_for(Duration::from_secs(10), || Ok((!is_running(pid)?).then_some(())));
        assert_eq!(ended.unwrap(), Some(()));
        assert!(running_among(&[pid]).unwrap().is_empty());
        child.wait().unwrap();
    }
}
