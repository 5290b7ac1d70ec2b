//! A user: one person, known by one email address.

mod allowed_domains;
mod email;
mod name;

use alloc::string::{String, ToString as _};
use core::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::stored::{Corrupt, Version, id};

pub use allowed_domains::{AllowedDomains, InvalidRules, LoadedDomains};
pub use email::{EmailAddress, InvalidEmail};
pub use name::PersonName;

id! {
    /// Identifies a user.
    UserId
}

/// Who someone is at the identity provider: its own lasting id of them, never an address.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Subject(String);

/// A text that cannot be a subject: empty, over 255 characters, or with NUL in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a subject is 1 to 255 characters, none of them NUL")]
pub struct InvalidSubject;

impl Subject {
    /// The subject with this text, taken as it is.
    ///
    /// # Errors
    /// [`InvalidSubject`] for an empty text, one over 255 characters, or one with NUL in it.
    pub fn new(text: &str) -> Result<Self, InvalidSubject> {
        let good = (1..=255).contains(&text.chars().count()) && !text.contains('\0');
        if good { Ok(Self(text.to_string())) } else { Err(InvalidSubject) }
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Subject {
    type Error = InvalidSubject;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::new(&text)
    }
}

impl From<Subject> for String {
    fn from(subject: Subject) -> Self {
        subject.0
    }
}

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Subject(…)")
    }
}

/// One person, known by one email address. What they may do where is in their memberships.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "StoredUser", into = "StoredUser")]
pub struct User {
    id: UserId,
    email: EmailAddress,
    name: PersonName,
    subject: Option<Subject>,
    version: Version,
    changed_at: DateTime<Utc>,
}

impl User {
    /// Somebody new.
    pub(crate) fn new(
        id: UserId,
        email: EmailAddress,
        name: PersonName,
        at: DateTime<Utc>,
    ) -> Self {
        Self { id, email, name, subject: None, version: Version::FIRST, changed_at: at }
    }

    /// The same person, known from now on by this subject (R-S1); `None` when they are linked.
    pub(crate) fn link(self, subject: Subject, now: DateTime<Utc>) -> Option<Self> {
        if self.subject.is_some() {
            return None;
        }
        let (version, changed_at) = (self.version.next(), now.max(self.changed_at));
        Some(Self { subject: Some(subject), version, changed_at, ..self })
    }

    /// The same person, their address taken for an organisation (R-U4).
    pub(crate) fn claim(self, now: DateTime<Utc>) -> Self {
        let (version, changed_at) = (self.version.next(), now.max(self.changed_at));
        Self { version, changed_at, ..self }
    }

    /// Their id.
    #[must_use]
    pub fn id(&self) -> UserId {
        self.id
    }

    /// Their address.
    #[must_use]
    pub fn email(&self) -> &EmailAddress {
        &self.email
    }

    /// Their name.
    #[must_use]
    pub fn name(&self) -> &PersonName {
        &self.name
    }

    /// Who they are at the identity provider, once they have signed in.
    #[must_use]
    pub fn subject(&self) -> Option<&Subject> {
        self.subject.as_ref()
    }

    /// The version that a change has to be decided on.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// When they last changed (UTC).
    #[must_use]
    pub fn changed_at(&self) -> DateTime<Utc> {
        self.changed_at
    }

    /// Comes back from a store.
    ///
    /// # Errors
    /// [`Corrupt`] when someone is linked to a subject without ever having changed.
    pub fn restore(stored: StoredUser) -> Result<Self, Corrupt> {
        let StoredUser { id, email, name, subject, version, changed_at } = stored;
        if subject.is_some() && version == Version::FIRST {
            return Err(Corrupt::new("user: linked without a change"));
        }
        Ok(Self { id, email, name, subject, version, changed_at })
    }
}

/// A user as a store keeps them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each field is the accessor of that name")]
pub struct StoredUser {
    pub id: UserId,
    pub email: EmailAddress,
    pub name: PersonName,
    pub subject: Option<Subject>,
    pub version: Version,
    pub changed_at: DateTime<Utc>,
}

impl From<User> for StoredUser {
    fn from(user: User) -> Self {
        let User { id, email, name, subject, version, changed_at } = user;
        Self { id, email, name, subject, version, changed_at }
    }
}

impl TryFrom<StoredUser> for User {
    type Error = Corrupt;

    fn try_from(stored: StoredUser) -> Result<Self, Self::Error> {
        Self::restore(stored)
    }
}
