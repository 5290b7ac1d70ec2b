use super::*;

const LIMIT: Duration = Duration::from_secs(20);

/// Starts a program that waits, and waits until it does: before, a signal may be lost.
fn start_sleeper(guard: &mut Guard) -> u32 {
    let logged = guard.log_length();
    let pid = guard.start(Path::new("sh"), &["-c", "echo here; exec sleep 600"]).unwrap();
    let started = process::wait_for(LIMIT, || Ok((guard.log_length() > logged).then_some(())));
    assert_eq!(started.unwrap(), Some(()));
    pid
}

#[test]
fn words_reach_the_program_as_they_are() {
    let mut guard = Guard::new("TERM").unwrap();
    guard.run(Path::new("printf"), &["%s|", "it's", "$HOME `x` \"y\"", ""]).unwrap();
    assert_eq!(guard.log_from(0, 100), "it's|$HOME `x` \"y\"||");
    assert!(guard.run(Path::new("printf"), &["two\nlines"]).is_err());
}

#[test]
fn a_program_that_fails_shows_its_log() {
    let mut guard = Guard::new("TERM").unwrap();
    let error = guard.run(Path::new("sh"), &["-c", "echo because >&2; exit 3"]).unwrap_err();
    assert_eq!(error.to_string(), "sh ended with 3; the end of its log:\nbecause\n");
}

#[test]
fn the_server_and_its_folder_go_with_the_guard() {
    let mut guard = Guard::new("TERM").unwrap();
    let pid = start_sleeper(&mut guard);
    assert!(guard.is_running().unwrap());
    let folder = guard.folder().to_owned();
    assert!(folder.exists());
    drop(guard);
    assert!(!process::is_running(pid).unwrap());
    assert!(!folder.exists());
}

#[test]
fn a_server_that_has_only_just_been_started_goes_too() {
    for _ in 0..20 {
        let start = std::time::Instant::now();
        let mut guard = Guard::new("TERM").unwrap();
        let pid = guard.start(Path::new("sleep"), &["600"]).unwrap();
        drop(guard);
        assert!(!process::is_running(pid).unwrap());
        assert!(start.elapsed() < Duration::from_secs(8), "it was killed in the end");
    }
}

#[test]
fn what_the_server_has_started_is_killed_with_it() {
    let mut guard = Guard::new("TERM").unwrap();
    let script = "sleep 600 & sh -c 'sleep 600 & wait' & wait";
    let pid = guard.start(Path::new("sh"), &["-c", script]).unwrap();
    let started = process::wait_for(LIMIT, || {
        Ok(Some(process::descendants(pid)?).filter(|descendants| descendants.len() == 3))
    });
    let mut pids = started.unwrap().unwrap();
    pids.push(pid);
    guard.kill(LIMIT).unwrap();
    assert!(process::running_among(&pids).unwrap().is_empty());
    assert_eq!(guard.pid(), None);
    assert!(!guard.is_running().unwrap());
}

#[test]
fn a_stopped_server_can_be_started_again() {
    let mut guard = Guard::new("TERM").unwrap();
    let first = start_sleeper(&mut guard);
    guard.stop("TERM", LIMIT).unwrap();
    assert!(!process::is_running(first).unwrap());
    guard.stop("TERM", LIMIT).unwrap();
    let second = start_sleeper(&mut guard);
    assert!(process::is_running(second).unwrap());
}
