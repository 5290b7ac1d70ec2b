//! A server that ends with the process that started it, however that one ends.
//!
//! A little shell holds the server and its folder, and reads a pipe from us. When the pipe ends,
//! because we closed it, returned, panicked or were killed, the shell stops the server and removes
//! the folder. No thread of ours matters to it, and no signal is relied on.

use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use crate::ServerError;
use crate::account::Account;
use crate::error::io;
use crate::process;

/// A path of a socket has at most 104 bytes somewhere, and the name of ours takes 40 of them.
const LONGEST_PARENT: usize = 60;

/// How many bytes of a log an error shows.
const SHOWN_LOG: usize = 4_000;

/// Holds one server and its folder.
#[derive(Debug)]
pub(crate) struct Guard {
    shell: Child,
    commands: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    account: Account,
    folder: PathBuf,
    pid: Option<u32>,
}

impl Guard {
    /// Makes a folder, and a shell that holds it. `stop` is the signal that ends the server at
    /// once, without its `SIG`.
    pub(crate) fn new(stop: &str) -> Result<Self, ServerError> {
        let parent = Some(std::env::temp_dir())
            .filter(|parent| parent.as_os_str().len() <= LONGEST_PARENT)
            .unwrap_or_else(|| PathBuf::from("/tmp"));
        let folder = tempfile::Builder::new()
            .prefix("ravs-")
            .tempdir_in(&parent)
            .map_err(io(format!("make a folder in {}", parent.display())))?;
        let account = Account::for_owner_of(folder.path())
            .map_err(io("find an account to run a server under"))?;
        account.own(folder.path()).map_err(io("give the folder to the server's account"))?;

        let mut command = Command::new("sh");
        command.args(["-c", include_str!("guard/guard.sh"), "ravs-guard"]);
        command.arg(folder.path()).arg(stop);
        command.current_dir(folder.path());
        // Ctrl-C at a terminal goes to the whole group: the shell has work to do then.
        command.process_group(0);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PG") {
                command.env_remove(name);
            }
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        account.run(&mut command);
        let mut shell = command.spawn().map_err(io("start the shell that holds a server"))?;
        // From here on the shell removes the folder.
        let folder = folder.keep();
        let commands = shell.stdin.take();
        let answers = shell.stdout.take().map(BufReader::new);
        let answers = answers.ok_or_else(|| ServerError::Unusable("no pipe".to_owned()))?;
        Ok(Self { shell, commands, answers, account, folder, pid: None })
    }

    /// The folder that goes with the server.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes a file that the server can read, and nobody else.
    pub(crate) fn write(&self, name: &str, text: &str) -> Result<(), ServerError> {
        let path = self.folder.join(name);
        let written = fs::write(&path, text)
            .and_then(|()| {
                fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600))
            })
            .and_then(|()| self.account.own(&path));
        written.map_err(io(format!("write {}", path.display())))
    }

    /// Runs a program to its end, as the server's account; its output goes to the log.
    pub(crate) fn run(&mut self, program: &Path, arguments: &[&str]) -> Result<(), ServerError> {
        let line = format!("{} </dev/null >>log 2>&1", command_line(program, arguments)?);
        match self.tell(&line)? {
            0 => Ok(()),
            code => Err(self.failed(&format!("{} ended with {code}", program.display()), 0)),
        }
    }

    /// Starts the server; its output goes to the log. There must be none.
    pub(crate) fn start(&mut self, program: &Path, arguments: &[&str]) -> Result<u32, ServerError> {
        let line =
            format!("{} </dev/null >>log 2>&1 & child=$!", command_line(program, arguments)?);
        self.tell(&line)?;
        self.pid.ok_or_else(|| ServerError::Unusable("the shell started no server".to_owned()))
    }

    /// The server's process, where it was started and not stopped since. It may have ended.
    pub(crate) fn pid(&self) -> Option<u32> {
        self.pid
    }

    /// Whether the server runs.
    pub(crate) fn is_running(&self) -> Result<bool, ServerError> {
        match self.pid {
            Some(pid) => process::is_running(pid).map_err(io("list the processes")),
            None => Ok(false),
        }
    }

    /// Sends the server a signal, and waits until it has ended. Nothing, where none runs.
    pub(crate) fn stop(&mut self, signal: &str, limit: Duration) -> Result<(), ServerError> {
        let Some(pid) = self.pid else { return Ok(()) };
        self.tell(&format!("kill -{signal} {pid}"))?;
        let ended = process::wait_for(limit, || Ok((!process::is_running(pid)?).then_some(())));
        match ended.map_err(io("list the processes"))? {
            Some(()) => self.collect(),
            None => Err(self.failed(&format!("the server did not stop in {limit:?}"), 0)),
        }
    }

    /// Kills the server and all it has started, none of which can do anything any more; waits
    /// until they have ended. Nothing, where none runs.
    pub(crate) fn kill(&mut self, limit: Duration) -> Result<(), ServerError> {
        let Some(pid) = self.pid else { return Ok(()) };
        // It stands still first, so that it starts nothing that we do not see.
        self.tell(&format!("kill -STOP {pid}"))?;
        let listed = process::wait_for(limit, || Ok(process::is_stopped(pid)?.then_some(())))
            .and_then(|_| process::descendants(pid));
        let mut pids = vec![pid];
        pids.extend(listed.map_err(io("list the processes"))?);
        let list: Vec<String> = pids.iter().map(u32::to_string).collect();
        self.tell(&format!("kill -KILL {}", list.join(" ")))?;
        let ended = process::wait_for(limit, || {
            Ok(process::running_among(&pids)?.is_empty().then_some(()))
        });
        match ended.map_err(io("list the processes"))? {
            Some(()) => self.collect(),
            None => Err(self.failed(&format!("the server did not die in {limit:?}"), 0)),
        }
    }

    /// An error with the end of the log, from `start` on.
    pub(crate) fn failed(&self, what: &str, start: usize) -> ServerError {
        ServerError::Program { what: what.to_owned(), log: self.log_from(start, SHOWN_LOG) }
    }

    /// How long the log is, in bytes.
    pub(crate) fn log_length(&self) -> usize {
        fs::read(self.folder.join("log")).map_or(0, |log| log.len())
    }

    /// What was logged from the byte `start` on, at most its last `most` bytes.
    pub(crate) fn log_from(&self, start: usize, most: usize) -> String {
        let log = fs::read(self.folder.join("log")).unwrap_or_default();
        let start = start.max(log.len().saturating_sub(most));
        String::from_utf8_lossy(log.get(start..).unwrap_or_default()).into_owned()
    }

    /// Takes note that the server has ended.
    pub(crate) fn collect(&mut self) -> Result<(), ServerError> {
        self.tell("wait \"$child\"; child=").map(drop)
    }

    /// Has the shell run one line, and gives its exit code.
    fn tell(&mut self, line: &str) -> Result<i32, ServerError> {
        self.exchange(line).map_err(io("talk to the shell that holds the server"))
    }

    fn exchange(&mut self, line: &str) -> io::Result<i32> {
        let commands = self.commands.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        commands.write_all(format!("{line}\n").as_bytes())?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        let (code, pid) = answer.trim_end().split_once(' ').unwrap_or((answer.trim_end(), ""));
        self.pid = pid.parse().ok();
        code.parse().map_err(|_| io::Error::from(io::ErrorKind::UnexpectedEof))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.commands.take();
        // Nothing can be done about a shell that cannot be waited for.
        let _ = self.shell.wait();
    }
}

fn command_line(program: &Path, arguments: &[&str]) -> Result<String, ServerError> {
    let program = program
        .to_str()
        .ok_or_else(|| ServerError::Unusable(format!("{} is no UTF-8 text", program.display())))?;
    let words: Vec<&str> = [program].into_iter().chain(arguments.iter().copied()).collect();
    if words.iter().any(|word| word.contains(['\n', '\0'])) {
        return Err(ServerError::Unusable(format!("a line break in the words of {program}")));
    }
    Ok(words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" "))
}

/// One word of a shell's command, whatever is in it.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests;
