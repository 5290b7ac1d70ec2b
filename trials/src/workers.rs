//! Processes that work on one database, and what they tell.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::Failed;
use crate::journal::Line;
use crate::race::{Said, Task};
use crate::stage::Stage;

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
        Self::heard_by(program, stage, role, seed, |_| {})
    }

    /// Starts it, and hands every line to `also` besides the stage's ear.
    fn heard_by(
        program: &Path,
        stage: &Stage,
        role: &str,
        seed: u64,
        also: impl Fn(&Line) + Send + 'static,
    ) -> Result<Self, Failed> {
        let mut command = Command::new(program);
        command.args([role, &stage.url]).arg(stage.folder()).arg(seed.to_string());
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let input = child.stdin.take();
        let output = child.stdout.take().ok_or("no pipe")?;
        let ear = stage.ear.clone();
        let listening = std::thread::spawn(move || {
            listen(output, |line| {
                ear.hear(line);
                also(line);
            })
        });
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

/// A process that plays one side of a race.
#[derive(Debug)]
pub struct Racer {
    worker: Worker,
    said: mpsc::Receiver<Said>,
}

impl Racer {
    /// Starts one.
    ///
    /// # Errors
    /// It does not start.
    pub fn start(program: &Path, stage: &Stage) -> Result<Self, Failed> {
        let (tell, said) = mpsc::channel();
        let worker = Worker::heard_by(program, stage, "race", 0, move |line| {
            if let Line::Race(said) = line {
                // nobody may be left to hear it
                let _ = tell.send(said.clone());
            }
        })?;
        Ok(Self { worker, said })
    }

    fn tell(&mut self, line: &str) -> Result<(), Failed> {
        let input = self.worker.input.as_mut().ok_or("the racer has ended")?;
        Ok(input.write_all(format!("{line}\n").as_bytes())?)
    }

    fn says(&self) -> Result<Said, Failed> {
        Ok(self.said.recv_timeout(PATIENCE)?)
    }

    /// Has processes play one task each, all starting at the same moment when all are ready;
    /// where a task stops, all go on together when each has decided or is done. Gives how it
    /// went for each: `Err` has the code of the refusal.
    ///
    /// # Errors
    /// One of them ended, or says nothing for a minute.
    pub fn race(racers: &mut [Self], tasks: &[Task]) -> Result<Vec<Result<(), String>>, Failed> {
        let mut sides: Vec<(&mut Self, &Task)> = racers.iter_mut().zip(tasks).collect();
        for (racer, task) in &mut sides {
            racer.tell(&serde_json::to_string(task)?)?;
        }
        for (racer, _) in &sides {
            match racer.says()? {
                Said::Ready => {}
                other => return Err(format!("not ready: {other:?}").into()),
            }
        }
        for (racer, _) in &mut sides {
            racer.tell("go")?;
        }
        let mut answers = Vec::new();
        for (racer, _) in &sides {
            answers.push(racer.says()?);
        }
        for ((racer, _), answer) in sides.iter_mut().zip(&answers) {
            if *answer == Said::Decided {
                racer.tell("go on")?;
            }
        }
        let mut done = Vec::new();
        for ((racer, _), answer) in sides.iter().zip(answers) {
            let answer = if answer == Said::Decided { racer.says()? } else { answer };
            match answer {
                Said::Done(outcome) => done.push(outcome),
                other => return Err(format!("not done: {other:?}").into()),
            }
        }
        Ok(done)
    }

    /// Ends the process.
    ///
    /// # Errors
    /// As [`Worker::finish`].
    pub fn finish(self) -> Result<(), Failed> {
        self.worker.finish()
    }
}

const PATIENCE: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(5);

/// Hears every line that is whole; the last one of a process that was killed may not be.
fn listen(output: ChildStdout, hear: impl Fn(&Line)) -> Result<(), String> {
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
            Ok(line) => hear(&line),
            Err(error) => return Err(format!("{error}: {text}")),
        }
    }
}
