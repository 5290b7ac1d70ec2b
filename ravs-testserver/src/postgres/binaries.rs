//! Where PostgreSQL's programs are.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::ServerError;
use crate::look_for::{folders_of_path, holds, numbered};

const NEEDED: [&str; 3] = ["initdb", "postgres", "pg_basebackup"];
const FOLDER: &str = "RAVS_POSTGRES_BIN";
const ADVICE: &str = "install PostgreSQL 14 or newer (Debian, Ubuntu: `apt-get install postgresql`), \
     or name the folder of its programs in RAVS_POSTGRES_BIN";

/// The folder that holds PostgreSQL's programs: the one named by `RAVS_POSTGRES_BIN`, else what
/// `pg_config` says, else the distributions' folders, newest first, else `PATH`.
pub(super) fn folder() -> Result<PathBuf, ServerError> {
    if let Some(named) = env::var_os(FOLDER).filter(|named| !named.is_empty()) {
        return first(vec![(FOLDER, named.into())]);
    }
    let distributions = [
        numbered("/usr/lib/postgresql", "", "bin"),
        numbered("/usr", "pgsql-", "bin"),
        numbered("/usr/libexec", "postgresql", ""),
        numbered("/usr/local", "pgsql", "bin"),
        vec![PathBuf::from("/usr/local/bin")],
        numbered("/opt/homebrew/opt", "postgresql", "bin"),
        numbered("/usr/local/opt", "postgresql", "bin"),
    ];
    let places = told_by_pg_config().into_iter().map(|folder| ("pg_config", folder));
    let places = places.chain(distributions.into_iter().flatten().map(|folder| ("", folder)));
    let places = places.chain(folders_of_path().into_iter().map(|folder| ("PATH", folder)));
    first(places.collect())
}

fn told_by_pg_config() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    let folder = String::from_utf8(output.stdout).ok()?;
    (output.status.success() && !folder.trim().is_empty()).then(|| folder.trim().into())
}

/// The first folder that holds every program; links are followed to where all of them are.
fn first(places: Vec<(&str, PathBuf)>) -> Result<PathBuf, ServerError> {
    let found = places.iter().find_map(|(_, folder)| {
        let programs = fs::canonicalize(folder.join("postgres")).ok()?;
        [programs.parent()?.to_owned(), folder.clone()]
            .into_iter()
            .find(|folder| holds(folder, &NEEDED))
    });
    found.ok_or_else(|| ServerError::NotFound {
        program: "PostgreSQL (initdb, postgres, pg_basebackup)",
        looked: places.iter().map(|(why, folder)| place(why, folder)).collect(),
        advice: ADVICE,
    })
}

fn place(why: &str, folder: &std::path::Path) -> String {
    match why {
        "" => folder.display().to_string(),
        why => format!("{} ({why})", folder.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_named_with_what_to_do() {
        let places = vec![("PATH", "/no/where".into()), ("", "/not/here".into())];
        let text = first(places).unwrap_err().to_string();
        assert!(text.ends_with("looked in /no/where (PATH), /not/here"), "{text}");
        assert!(text.contains("apt-get install postgresql"), "{text}");
    }

    #[test]
    fn a_folder_of_links_leads_to_the_programs() {
        let real = tempfile::tempdir().unwrap();
        let links = tempfile::tempdir().unwrap();
        for program in NEEDED {
            fs::write(real.path().join(program), "").unwrap();
        }
        let target = real.path().join("postgres");
        std::os::unix::fs::symlink(target, links.path().join("postgres")).unwrap();
        let found = first(vec![("", "/not/here".into()), ("", links.path().into())]).unwrap();
        assert_eq!(found, fs::canonicalize(real.path()).unwrap());
    }
}
