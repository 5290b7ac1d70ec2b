//! Emails into a folder, for development and for tests.

use std::fmt;
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use ravs_core::Email;
use ravs_core::port::{Clock, Mailer, PortError};
use tempfile::NamedTempFile;

use crate::configuration::{ConfigurationFault, InvalidConfiguration, unless_faulty};
use crate::key::Key;
use crate::letterhead::{Letterhead, Sender};

/// Writes each email as a file of its own, which a mail program opens.
///
/// The file is named after a hash of the effect's key, and is there whole or not at all: an email
/// that is there already is left as it is, also where another process has written it.
pub struct FileMailer {
    folder: PathBuf,
    letterhead: Letterhead,
    clock: Arc<dyn Clock>,
}

impl FileMailer {
    /// Into that folder, which is made where it is not there.
    ///
    /// # Errors
    /// [`InvalidConfiguration`] with every fault: `sender`, `folder`.
    pub fn new(
        folder: impl Into<PathBuf>,
        sender: &Sender,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, InvalidConfiguration> {
        let folder = folder.into();
        let letterhead = Letterhead::of(sender);
        let mut faults = letterhead.as_ref().err().cloned().unwrap_or_default();
        if let Err(error) = std::fs::create_dir_all(&folder) {
            let what = format!("the folder is not there and cannot be made ({})", error.kind());
            faults.push(ConfigurationFault::new("folder", what));
        }
        unless_faulty("the folder of emails", faults, || {
            Some(Self { folder, letterhead: letterhead.ok()?, clock })
        })
    }

    /// The file that an email with this key is in, or would be.
    ///
    /// # Errors
    /// [`PortError`], where the key is not made of ids.
    pub fn file(&self, email: &Email) -> Result<PathBuf, PortError> {
        Ok(self.folder.join(format!("{}.eml", Key::of(&email.key)?.hash())))
    }
}

#[async_trait]
impl Mailer for FileMailer {
    async fn send(&self, email: &Email) -> Result<(), PortError> {
        let file = self.file(email)?;
        let message = self.letterhead.write(email, self.clock.now())?.formatted();
        let folder = self.folder.clone();
        tokio::task::spawn_blocking(move || write(&folder, &file, &message))
            .await
            .map_err(|error| PortError::unavailable("the email was not written").caused_by(error))?
            .map_err(|error| {
                PortError::unavailable("the folder of emails cannot be written to").caused_by(error)
            })
    }
}

/// Writes a file beside its place, then gives it its name, which nobody else may have.
fn write(folder: &Path, file: &Path, message: &[u8]) -> io::Result<()> {
    if file.try_exists()? {
        return Ok(());
    }
    let mut beside = NamedTempFile::new_in(folder)?;
    beside.write_all(message)?;
    beside.as_file().sync_all()?;
    match beside.persist_noclobber(file) {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error.error),
    }
}

impl fmt::Debug for FileMailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileMailer").field("folder", &self.folder).finish_non_exhaustive()
    }
}
