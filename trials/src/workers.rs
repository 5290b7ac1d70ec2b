//! Processes that work on one database, and what they tell.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::Failed;
use crate::stage::Stage;
use crate::told::Ear;

/// A process that works until its input ends.
#[derive(Debug)]
pub struct Worker {
    child: Child,
    input: Option<ChildStdin>,
    listening: Option<JoinHandle<Result<(), String>>>,
}

impl Worker {
    /// Starts a process that plays the mix of commands of this seed on a stage.
    ///
    /// # Errors
    /// It does not start.
    pub fn load(program: &Path, stage: &Stage, seed: u64) -> Result<Self, Failed> {
        Self::start(program, stage, "load", seed)
    }

    /// Starts a process that carries out effects.
    ///
    /// # Errors
    /// It does not start.
    pub fn deliver(program: &Path, stage: &Stage, seed: u64) -> Result<Self, Failed> {
        Self::start(program, stage, "deliver", seed)
    }

    fn start(program: &Path, stage: &Stage, role: &str, seed: u64) -> Result<Self, Failed> {
        let mut command = Command::new(program);
        command.args([role, &stage.url]).arg(stage.folder()).arg(seed.to_string());
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let input = child.stdin.take();
        let output = child.stdout.take().ok_or("no pipe")?;
        let ear = stage.ear.clone();
        let listening = std::thread::spawn(move || listen(output, &ear));
        Ok(Self { child, input, listening: Some(listening) })
    }

    /// Kills it with `SIGKILL`, and hears all that it had told.
    ///
    /// # Errors
    /// It cannot be killed, or told something that is no line of a journal.
    pub fn kill(mut self) -> Result<(), Failed> {
        self.child.kill()?;
        self.child.wait()?;
        self.heard()
    }

    /// Lets it finish what it is at, and hears all that it tells.
    ///
    /// # Errors
    /// It does not end in a minute, or fails.
    pub fn finish(mut self) -> Result<(), Failed> {
        drop(self.input.take());
        let began = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait()? {
                break status;
            }
            if began.elapsed() > PATIENCE {
                return Err("a worker does not end".into());
            }
            std::thread::sleep(LOOK);
        };
        if !status.success() {
            return Err(format!("a worker ended with {status}").into());
        }
        self.heard()
    }

    fn heard(&mut self) -> Result<(), Failed> {
        let Some(listening) = self.listening.take() else { return Ok(()) };
        match listening.join() {
            Ok(heard) => heard.map_err(Into::into),
            Err(_) => Err("the thread that listens to a worker panicked".into()),
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Where it has ended already there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const PATIENCE: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(5);

/// Hears every line that is whole; the last one of a process that was killed may not be.
fn listen(output: ChildStdout, ear: &Ear) -> Result<(), String> {
    let mut output = BufReader::new(output);
    let mut text = String::new();
    loop {
        text.clear();
        match output.read_line(&mut text) {
            Ok(_) if text.ends_with('\n') => {}
            Ok(_) => return Ok(()),
            Err(error) => return Err(error.to_string()),
        }
        match serde_json::from_str(&text) {
            Ok(line) => ear.hear(&line),
            Err(error) => return Err(format!("{error}: {text}")),
        }
    }
}
