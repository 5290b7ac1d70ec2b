//! The lock that keeps a second process out.

use std::ffi::OsString;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use super::{InUse, OpenError, Unusable};

/// Held until it is dropped, or until the process ends without saying so.
#[derive(Debug)]
pub(super) struct Lock(File);

impl Drop for Lock {
    /// In so many words: closing the file is not enough where a child has it open, too.
    fn drop(&mut self) {
        drop(self.0.unlock());
    }
}

/// Locks the file beside the store: also against another opening in this process.
pub(super) fn take(path: &Path) -> Result<Lock, OpenError> {
    let unusable = |error| Unusable::new(path, error);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(beside(path)).map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => Ok(Lock(file)),
        Err(TryLockError::WouldBlock) => Err(InUse::new(path).into()),
        Err(TryLockError::Error(error)) => Err(unusable(error).into()),
    }
}

fn beside(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(".lock");
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_given_back_although_the_file_is_open_somewhere_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ravs.db");
        let lock = take(&path).unwrap();
        let inherited = lock.0.try_clone().unwrap(); // as a child process would have it
        assert!(matches!(take(&path), Err(OpenError::InUse(_))));
        drop(lock);
        drop(take(&path).unwrap());
        drop(inherited);
    }
}
