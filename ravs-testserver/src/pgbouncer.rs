//! PgBouncer in front of a server, in transaction mode.

use std::env;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::Host;

use crate::error::io;
use crate::guard::Guard;
use crate::look_for::{folders_of_path, holds};
use crate::{ServerError, port, process, url};

/// Names the program.
const PROGRAM: &str = "RAVS_PGBOUNCER";
const ADVICE: &str = "install PgBouncer (Debian, Ubuntu: `apt-get install pgbouncer`), \
     or name its program in RAVS_PGBOUNCER";

/// How long it may take to start.
const PATIENCE: Duration = Duration::from_secs(30);

/// How a bouncer is to be set up.
#[derive(Clone, Debug, Default)]
pub struct Options {
    user: Option<String>,
    settings: Vec<(String, String)>,
}

impl Options {
    /// Transaction mode, 20 connections to a database, 1,000 clients.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whoever connects is this role on the server, not the one of the server's URL.
    #[must_use]
    pub fn user(mut self, role: &str) -> Self {
        self.user = Some(role.to_owned());
        self
    }

    /// With one setting of `pgbouncer.ini`; a later one of that name counts.
    #[must_use]
    pub fn setting(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    fn configuration(&self, server: &Config, port: u16, folder: &Path) -> String {
        let mut lines = vec!["[databases]".to_owned()];
        lines.push(format!("* = {}", self.destination(server)));
        lines.push("[pgbouncer]".to_owned());
        let (port, folder) = (port.to_string(), folder.display().to_string());
        let always = [
            ("listen_addr", "127.0.0.1"),
            ("listen_port", port.as_str()),
            ("unix_socket_dir", folder.as_str()),
            ("auth_type", "any"),
            ("pool_mode", "transaction"),
            ("default_pool_size", "20"),
            ("max_client_conn", "1000"),
        ];
        let given = self.settings.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        lines.extend(
            always.into_iter().chain(given).map(|(name, value)| format!("{name} = {value}")),
        );
        lines.join("\n") + "\n"
    }

    fn destination(&self, server: &Config) -> String {
        let host = server.get_hosts().first().map(|host| match host {
            Host::Tcp(name) => name.clone(),
            Host::Unix(folder) => folder.display().to_string(),
        });
        let port = server.get_ports().first().map(u16::to_string);
        let user = self.user.as_deref().or(server.get_user()).map(str::to_owned);
        let password = server
            .get_password()
            .filter(|_| self.user.is_none())
            .map(|password| String::from_utf8_lossy(password).into_owned());
        [("host", host), ("port", port), ("user", user), ("password", password)]
            .into_iter()
            .filter_map(|(name, value)| Some(format!("{name}='{}'", value?.replace('\'', "''"))))
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// A PgBouncer's version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// 1 in 1.18.
    pub major: u32,
    /// 18 in 1.18.
    pub minor: u32,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// A PgBouncer on loopback that ends when this value is dropped or the process ends, whatever
/// ended it.
#[derive(Debug)]
pub struct Bouncer {
    guard: Guard,
    version: Version,
    server: String,
}

impl Bouncer {
    /// Starts one in front of the server with that URL; which database the URL names is all one.
    /// Blocks the thread for some milliseconds.
    ///
    /// # Errors
    /// PgBouncer is not found or does not start, or the URL cannot be read.
    pub fn launch(server: &str, options: &Options) -> Result<Self, ServerError> {
        let program = program()?;
        let version = version(&program)?;
        let config: Config = server.parse().map_err(|error| {
            ServerError::Unusable(format!("the server's URL cannot be read: {error}"))
        })?;
        let mut guard = Guard::new("TERM")?;
        let port = port::with_free(|port| {
            let text = options.configuration(&config, port, guard.folder());
            guard.write("pgbouncer.ini", &text)?;
            start(&mut guard, &program)
        })?;
        Ok(Self { guard, version, server: url::with_port(server, port)? })
    }

    /// The URL of a database through it.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        // It was tried when this was made.
        url::with_database(&self.server, database).unwrap_or_default()
    }

    /// Its version.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// What it has logged, its last 100,000 bytes.
    #[must_use]
    pub fn log(&self) -> String {
        self.guard.log_from(0, 100_000)
    }
}

fn start(guard: &mut Guard, program: &Path) -> Result<(), ServerError> {
    let logged = guard.log_length();
    let pid = guard.start(program, &["pgbouncer.ini"])?;
    let started = process::wait_for(PATIENCE, || {
        if guard.log_from(logged, usize::MAX).contains("process up") {
            return Ok(Some(true));
        }
        Ok((!process::is_running(pid)?).then_some(false))
    });
    let error = match started.map_err(io("list the processes"))? {
        Some(true) if !guard.log_from(logged, usize::MAX).contains("Address already in use") => {
            return Ok(());
        }
        Some(_) => guard.failed("PgBouncer did not start", logged),
        None => guard.failed(&format!("PgBouncer did not start in {PATIENCE:?}"), logged),
    };
    guard.kill(PATIENCE)?;
    Err(error)
}

fn program() -> Result<PathBuf, ServerError> {
    let name = "pgbouncer";
    if let Some(named) = env::var_os(PROGRAM).filter(|named| !named.is_empty()) {
        let named = PathBuf::from(named);
        let looked = vec![format!("{} ({PROGRAM})", named.display())];
        let missing = ServerError::NotFound { program: "PgBouncer", looked, advice: ADVICE };
        return Some(named).filter(|named| named.is_file()).ok_or(missing);
    }
    let system = ["/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/bin"];
    let folders: Vec<PathBuf> =
        folders_of_path().into_iter().chain(system.map(PathBuf::from)).collect();
    match folders.iter().find(|folder| holds(folder, &[name])) {
        Some(folder) => Ok(folder.join(name)),
        None => {
            let looked = folders.iter().map(|folder| folder.display().to_string()).collect();
            Err(ServerError::NotFound { program: "PgBouncer", looked, advice: ADVICE })
        }
    }
}

fn version(program: &Path) -> Result<Version, ServerError> {
    let output = Command::new(program)
        .arg("--version")
        .output()
        .map_err(io(format!("run {}", program.display())))?;
    let text = String::from_utf8_lossy(&output.stdout);
    version_in(&text)
        .ok_or_else(|| ServerError::Unusable(format!("PgBouncer's version is unclear: {text}")))
}

/// `PgBouncer 1.18.0`, or `PgBouncer version 1.8` of old.
fn version_in(text: &str) -> Option<Version> {
    let (major, rest) = text.split_whitespace().find_map(|word| word.split_once('.'))?;
    let minor = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    Some(Version { major: major.parse().ok()?, minor: minor.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_and_compared_by_its_numbers() {
        let old = version_in("PgBouncer 1.18.0\nlibevent 2.1.12-stable\n").unwrap();
        assert_eq!(old, Version { major: 1, minor: 18 });
        assert!(old < version_in("PgBouncer 1.21.0").unwrap());
        assert!(version_in("PgBouncer version 1.8").unwrap() < old);
        assert_eq!(version_in("what?"), None);
    }

    #[test]
    fn another_role_does_not_get_the_first_ones_password() {
        let server: Config = "postgres://me:se'cret@h:7/db".parse().unwrap();
        let own = Options::new().destination(&server);
        assert_eq!(own, "host='h' port='7' user='me' password='se''cret'");
        let other = Options::new().user("app").destination(&server);
        assert_eq!(other, "host='h' port='7' user='app'");
    }
}
