//! What is outside a host: every process sees the same.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use ravs_core::port::{
    AccessCursor, AccessPage, AccountState, AccountWithAccess, BodyDirectory, BodySearch, Clock,
    IdSource, IdentityProvider, Mailer, Person, PortError, Resent,
};
use ravs_core::{Body, EffectKey, Email, OdsCode, Subject, VerifiedIdentity};
use ravs_testkit::identity_of;
use uuid::Uuid;

use crate::Failed;

/// A mailer, an identity provider and a directory whose memory is a folder, so that all processes
/// share it and none of them takes it along when it dies.
///
/// Everybody has an account. The directory has a body for every code.
#[derive(Clone, Debug)]
pub struct Outside {
    mails: PathBuf,
    repeats: PathBuf,
    access: PathBuf,
}

impl Outside {
    /// The outside that has its memory in this folder, which is made ready if it is not.
    ///
    /// # Errors
    /// The folder cannot be written to.
    pub fn within(folder: &Path) -> Result<Self, Failed> {
        let [mails, repeats, access] = ["mails", "repeats", "access"].map(|name| folder.join(name));
        for folder in [&mails, &repeats, &access] {
            fs::create_dir_all(folder)?;
        }
        Ok(Self { mails, repeats, access })
    }

    /// The keys of the emails that have gone.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn mails(&self) -> Result<Vec<EffectKey>, Failed> {
        keys(&self.mails)
    }

    /// The keys under which an email was to go that had gone: once for each time.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn repeats(&self) -> Result<Vec<EffectKey>, Failed> {
        let mut repeated = Vec::new();
        for key in keys(&self.repeats)? {
            let times = fs::metadata(self.repeats.join(key.as_str()))?.len();
            repeated.extend((0..times).map(|_| key.clone()));
        }
        Ok(repeated)
    }

    /// Whether the provider was last told to let this address in.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn has_access(&self, email: &str) -> Result<bool, Failed> {
        match fs::read(self.access.join(email)) {
            Ok(told) => Ok(told == LET_IN),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    fn tell_access(&self, person: &Person, told: &[u8]) -> Result<(), PortError> {
        fs::write(self.access.join(person.email.folded()), told).map_err(away)
    }
}

const LET_IN: &[u8] = b"in";
const SHUT_OUT: &[u8] = b"out";

fn keys(folder: &Path) -> Result<Vec<EffectKey>, Failed> {
    let mut keys = Vec::new();
    for entry in fs::read_dir(folder)? {
        keys.push(EffectKey::from_stored(entry?.file_name().to_string_lossy().into_owned()));
    }
    Ok(keys)
}

fn away(error: io::Error) -> PortError {
    PortError::unavailable("the outside cannot be reached").caused_by(error)
}

#[async_trait]
impl Mailer for Outside {
    async fn send(&self, email: &Email) -> Result<(), PortError> {
        match File::create_new(self.mails.join(email.key.as_str())) {
            Ok(_) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let path = self.repeats.join(email.key.as_str());
                let file = OpenOptions::new().create(true).append(true).open(path);
                file.and_then(|mut file| file.write_all(b".")).map_err(away)
            }
            Err(error) => Err(away(error)),
        }
    }
}

#[async_trait]
impl IdentityProvider for Outside {
    async fn account(&self, _: &Person) -> Result<Option<AccountState>, PortError> {
        Ok(Some(AccountState::Active))
    }

    async fn ensure_account(&self, _: &Person) -> Result<AccountState, PortError> {
        Ok(AccountState::Active)
    }

    async fn grant_access(&self, person: &Person) -> Result<(), PortError> {
        self.tell_access(person, LET_IN)
    }

    async fn withdraw_access(&self, person: &Person) -> Result<(), PortError> {
        self.tell_access(person, SHUT_OUT)
    }

    async fn resend_activation(&self, _: &Person) -> Result<Resent, PortError> {
        Ok(Resent::NothingToActivate)
    }

    async fn accounts_with_access(&self, _: Option<AccessCursor>) -> Result<AccessPage, PortError> {
        let mut accounts = Vec::new();
        for file in fs::read_dir(&self.access).map_err(away)? {
            let file = file.map_err(away)?;
            if fs::read(file.path()).map_err(away)? == LET_IN {
                let VerifiedIdentity { subject, email } =
                    identity_of(&file.file_name().to_string_lossy());
                accounts.push(AccountWithAccess { subject, email });
            }
        }
        Ok(AccessPage { accounts, next: None })
    }

    async fn withdraw_access_of(&self, subject: &Subject) -> Result<(), PortError> {
        for account in self.accounts_with_access(None).await?.accounts {
            if let (true, Some(email)) = (account.subject == *subject, account.email) {
                fs::write(self.access.join(email.folded()), SHUT_OUT).map_err(away)?;
            }
        }
        Ok(())
    }
}

#[async_trait]
impl BodyDirectory for Outside {
    async fn body(&self, code: &OdsCode) -> Result<Option<Body>, PortError> {
        Ok(Some(Body {
            code: code.clone(),
            name: format!("Body {code}"),
            address: "High Street".into(),
            postcode: "NR1 1AA".into(),
            legally_closed: None,
        }))
    }

    async fn search(&self, _: &BodySearch) -> Result<Vec<Body>, PortError> {
        Ok(Vec::new())
    }
}

/// The machine's clock, or one that is so far ahead of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct WallClock {
    /// How far.
    pub ahead: TimeDelta,
}

impl Clock for WallClock {
    fn now(&self) -> DateTime<Utc> {
        let now = DateTime::<Utc>::from(SystemTime::now());
        now.checked_add_signed(self.ahead).unwrap_or(now)
    }
}

/// Ids that no other process has.
#[derive(Clone, Copy, Debug, Default)]
pub struct RandomIds;

impl IdSource for RandomIds {
    fn next_id(&self) -> Uuid {
        Uuid::new_v4()
    }
}
