//! The lock that keeps a second process out.

use std::ffi::OsString;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use super::{InUse, OpenError, Unusable};

/// Locks the file beside the store, which is held until what is given here is dropped: also by
/// another opening in this process, and also where this one ends without saying so.
pub(super) fn take(path: &Path) -> Result<File, OpenError> {
    let unusable = |error| Unusable::new(path, error);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(beside(path)).map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(InUse::new(path).into()),
        Err(TryLockError::Error(error)) => Err(unusable(error).into()),
    }
}

fn beside(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(".lock");
    name.into()
}
