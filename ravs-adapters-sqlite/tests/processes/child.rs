//! A process of its own, run from this very binary.

use std::io::{BufRead as _, BufReader, Lines, Read as _, stdin};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use ravs_adapters_sqlite::SqliteStore;

use crate::{journal, load};

const ROLE: &str = "RAVS_SQLITE_ROLE";
const PATH: &str = "RAVS_SQLITE_PATH";

/// What a process is there for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Role {
    /// It opens the store, and holds it until its input ends.
    Hold,
    /// It opens the store, and works on it until it is killed.
    Work {
        /// Which such process it is.
        generation: u64,
    },
}

/// A process in a role, which is killed with this value at the latest.
pub(crate) struct Process {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Process {
    pub(crate) fn start(role: Role, path: &Path) -> Self {
        let role = match role {
            Role::Hold => "hold".to_owned(),
            Role::Work { generation } => generation.to_string(),
        };
        let mut child = Command::new(std::env::current_exe().unwrap())
            .env(ROLE, role)
            .env(PATH, path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// The next line it says; `None` once it has ended.
    pub(crate) fn line(&mut self) -> Option<String> {
        self.lines.next().map(Result::unwrap)
    }

    /// Kills it, by a signal that it cannot hear, and gives what it had still said. Its last words
    /// may be cut off.
    pub(crate) fn kill(mut self) -> Vec<String> {
        self.child.kill().unwrap();
        let status = self.child.wait().unwrap();
        assert!(!status.success(), "it had ended by itself");
        std::iter::from_fn(|| self.line()).collect()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

pub(crate) fn has_a_role() -> bool {
    std::env::var_os(ROLE).is_some()
}

/// What a process in a role does.
pub(crate) fn play() {
    let store = match SqliteStore::open(std::env::var_os(PATH).unwrap()) {
        Ok(store) => store,
        Err(error) => return journal::say(&error.to_string()),
    };
    journal::say("open");
    match std::env::var(ROLE).unwrap().parse() {
        Ok(generation) => load::work(&store, generation),
        Err(_) => drop(stdin().read_to_end(&mut Vec::new())),
    }
}
