//! Where programs are looked for.

use std::env;
use std::path::{Path, PathBuf};

/// The folders of `PATH`, in its order.
pub(crate) fn folders_of_path() -> Vec<PathBuf> {
    env::var_os("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default()
}

/// `parent/name…/rest` for every such folder there is, the highest number in its name first.
pub(crate) fn numbered(parent: &str, name: &str, rest: &str) -> Vec<PathBuf> {
    let mut found: Vec<(u64, PathBuf)> = std::fs::read_dir(parent)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let folder = entry.file_name();
            let number = folder.to_str()?.strip_prefix(name)?;
            let digits: String = number
                .chars()
                .skip_while(|c| !c.is_ascii_digit())
                .take_while(char::is_ascii_digit)
                .collect();
            Some((digits.parse().unwrap_or(0), entry.path().join(rest)))
        })
        .collect();
    found.sort_by(|(one, at), (other, there)| other.cmp(one).then_with(|| at.cmp(there)));
    found.into_iter().map(|(_, path)| path).collect()
}

/// Whether a folder holds all these programs.
pub(crate) fn holds(folder: &Path, programs: &[&str]) -> bool {
    programs.iter().all(|program| folder.join(program).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_comes_first_by_its_number() {
        let parent = tempfile::tempdir().unwrap();
        for version in ["pg-9", "pg-16", "pg-15", "other-17"] {
            std::fs::create_dir(parent.path().join(version)).unwrap();
        }
        let found = numbered(parent.path().to_str().unwrap(), "pg-", "bin");
        let expected = ["pg-16/bin", "pg-15/bin", "pg-9/bin"];
        assert_eq!(found, expected.map(|version| parent.path().join(version)));
    }
}
