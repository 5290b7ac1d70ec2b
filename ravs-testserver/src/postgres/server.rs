//! A PostgreSQL server of our own.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{Authority, Database, Databases, Options, Template, binaries, tls};
use crate::error::io;
use crate::guard::Guard;
use crate::{ServerError, port, process};

/// How long a server may take to start, recovery after a crash included, or to stop.
const PATIENCE: Duration = Duration::from_secs(60);

/// How a server is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shutdown {
    /// Open transactions are rolled back, clients are told, everything is written.
    Fast,
    /// Everything ends at once; the next start recovers, as after a crash.
    Immediate,
}

/// A PostgreSQL server on loopback that ends, with its folder, when this value is dropped or the
/// process ends, whatever ended it.
///
/// Starting and stopping it blocks the thread, for half a second at most on an idle machine.
/// Where other tasks must go on meanwhile, use `spawn_blocking`.
#[derive(Debug)]
pub struct Server {
    guard: Mutex<Guard>,
    options: Mutex<Options>,
    binaries: PathBuf,
    folder: PathBuf,
    port: u16,
    databases: Databases,
    authority: Option<Authority>,
}

impl Server {
    /// Makes a new server and starts it.
    ///
    /// # Errors
    /// PostgreSQL's programs are not found, or they fail.
    pub fn launch(options: Options) -> Result<Self, ServerError> {
        Self::filled(options, |guard, binaries| {
            let how = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C"];
            let how = [&["-D", "data", "--no-sync"], how.as_slice()].concat();
            guard.run(&binaries.join("initdb"), &how)
        })
    }

    /// A server whose data come from `fill`, started on a free port.
    pub(super) fn filled(
        options: Options,
        fill: impl FnOnce(&mut Guard, &Path) -> Result<(), ServerError>,
    ) -> Result<Self, ServerError> {
        let binaries = binaries::folder()?;
        let mut guard = Guard::new("QUIT")?;
        fill(&mut guard, &binaries)?;
        let authority = options.wants_tls().then(|| tls::certify(&guard)).transpose()?;
        let port = port::with_free(|port| start(&mut guard, &binaries, &options, port))?;
        let folder = guard.folder().to_owned();
        let databases = Databases::on(&format!("postgres://postgres@127.0.0.1:{port}/"))?;
        let (guard, options) = (Mutex::new(guard), Mutex::new(options));
        Ok(Self { guard, options, binaries, folder, port, databases, authority })
    }

    /// The URL of one of its databases, as the superuser `postgres`.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        self.databases.url(database)
    }

    /// Its port on 127.0.0.1, the same for as long as it lives.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The folder of its data.
    #[must_use]
    pub fn data_dir(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// The folder of its Unix socket.
    #[must_use]
    pub fn socket_dir(&self) -> &Path {
        &self.folder
    }

    /// The folder of PostgreSQL's programs, such as `pgbench`.
    #[must_use]
    pub fn bin_dir(&self) -> &Path {
        &self.binaries
    }

    /// Where its databases are made.
    #[must_use]
    pub fn databases(&self) -> &Databases {
        &self.databases
    }

    /// A new database, a copy of the template.
    ///
    /// # Errors
    /// As [`Databases::database`].
    pub async fn database(&self, template: &Template) -> Result<Database, ServerError> {
        self.databases.database(template).await
    }

    /// Who has signed its certificate, where it was made with TLS.
    #[must_use]
    pub fn authority(&self) -> Option<&Authority> {
        self.authority.as_ref()
    }

    /// Whether it runs.
    ///
    /// # Errors
    /// The processes cannot be listed.
    pub fn is_running(&self) -> Result<bool, ServerError> {
        self.guard().is_running()
    }

    /// Stops it, and waits until it has ended. Nothing, where it does not run.
    ///
    /// # Errors
    /// It does not end in a minute.
    pub fn stop(&self, how: Shutdown) -> Result<(), ServerError> {
        let signal = match how {
            Shutdown::Fast => "INT",
            Shutdown::Immediate => "QUIT",
        };
        self.guard().stop(signal, PATIENCE)
    }

    /// Kills it and every process of it with `SIGKILL`, and waits until all have ended: nothing of
    /// it does anything afterwards. Nothing, where it does not run.
    ///
    /// # Errors
    /// They do not end in a minute.
    pub fn kill(&self) -> Result<(), ServerError> {
        self.guard().kill(PATIENCE)
    }

    /// Starts it again, on the same port and folder, and waits until it serves. Nothing, where it
    /// runs.
    ///
    /// # Errors
    /// It does not start, or not in a minute.
    pub fn start(&self) -> Result<(), ServerError> {
        let mut guard = self.guard();
        if guard.is_running()? {
            return Ok(());
        }
        start(&mut guard, &self.binaries, &self.options(), self.port)
    }

    /// Stops it fast, and starts it with more settings; they stay.
    ///
    /// # Errors
    /// As [`stop`](Self::stop) and [`start`](Self::start).
    pub fn restart_settings(&self, settings: &[(&str, &str)]) -> Result<(), ServerError> {
        self.stop(Shutdown::Fast)?;
        {
            let mut options = self.options();
            *options = settings
                .iter()
                .fold(options.clone(), |options, (name, value)| options.setting(name, value));
        }
        self.start()
    }

    /// What it has logged, its last 100,000 bytes.
    #[must_use]
    pub fn log(&self) -> String {
        self.guard().log_from(0, 100_000)
    }

    fn guard(&self) -> MutexGuard<'_, Guard> {
        self.guard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn options(&self) -> MutexGuard<'_, Options> {
        self.options.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn start(
    guard: &mut Guard,
    binaries: &Path,
    options: &Options,
    port: u16,
) -> Result<(), ServerError> {
    if guard.pid().is_some() {
        // It has ended by itself since.
        guard.collect()?;
    }
    let folder = guard.folder().display().to_string();
    guard.write("data/postgresql.conf", &options.configuration(port, &folder))?;
    let logged = guard.log_length();
    let pid = guard.start(&binaries.join("postgres"), &["-D", "data"])?;
    let lock = guard.folder().join("data/postmaster.pid");
    let started = process::wait_for(PATIENCE, || {
        if fs::read_to_string(&lock).is_ok_and(|lock| says_ready(&lock, pid)) {
            return Ok(Some(true));
        }
        Ok((!process::is_running(pid)?).then_some(false))
    });
    match started.map_err(io("list the processes"))? {
        Some(true) => Ok(()),
        Some(false) => {
            guard.collect()?;
            Err(guard.failed("the server ended while it started", logged))
        }
        None => {
            let error = guard.failed(&format!("the server did not start in {PATIENCE:?}"), logged);
            guard.kill(PATIENCE)?;
            Err(error)
        }
    }
}

/// Whether the lock file is that process's, and says that it serves.
fn says_ready(lock: &str, pid: u32) -> bool {
    let mut lines = lock.lines();
    lines.next().is_some_and(|first| first.trim() == pid.to_string())
        && lines.nth(6).is_some_and(|state| state.trim() == "ready")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_left_by_another_process_says_nothing() {
        let lock = "12\n/data\n1\n5432\n/tmp\n127.0.0.1\n 1 2\nready   \n";
        assert!(says_ready(lock, 12));
        assert!(!says_ready(lock, 1));
        assert!(!says_ready(&lock.replace("ready", "standby"), 12));
        assert!(!says_ready("12\n/data\n", 12));
    }
}
