//! What everything that is stored has: a version, an id, and a check on the way back.

use alloc::borrow::Cow;
use core::fmt;
use core::num::NonZeroU64;

use serde::{Deserialize, Serialize};

/// How often a stored thing has changed: 1 when new, one more with every event that touches it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Version(NonZeroU64);

impl Version {
    /// The version of something new.
    pub const FIRST: Self = Self(NonZeroU64::MIN);

    /// The version after one more change.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0.get()
    }

    /// The version of that number, `None` for zero.
    #[must_use]
    pub const fn new(number: u64) -> Option<Self> {
        match NonZeroU64::new(number) {
            Some(number) => Some(Self(number)),
            None => None,
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// A stored state that breaks a rule, and so does not load; says what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("stored state is corrupt: {what}")]
pub struct Corrupt {
    what: Cow<'static, str>,
}

impl Corrupt {
    /// Names what is wrong, without anybody's name or address.
    #[must_use]
    pub fn new(what: impl Into<Cow<'static, str>>) -> Self {
        Self { what: what.into() }
    }

    /// What is wrong.
    #[must_use]
    pub fn what(&self) -> &str {
        &self.what
    }
}

/// Refuses a stored state unless `holds`.
pub(crate) fn ensure(holds: bool, what: &'static str) -> Result<(), Corrupt> {
    if holds { Ok(()) } else { Err(Corrupt::new(what)) }
}

/// An id: a UUID that only this kind of thing has.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(uuid::Uuid);

        impl $name {
            /// The id with this UUID.
            #[must_use]
            pub const fn from_uuid(uuid: uuid::Uuid) -> Self {
                Self(uuid)
            }

            /// Its UUID.
            #[must_use]
            pub const fn as_uuid(&self) -> &uuid::Uuid {
                &self.0
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::Display::fmt(&self.0, f)
            }
        }

        impl core::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.trim().parse().map(Self)
            }
        }
    };
}
pub(crate) use id;

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::ToString as _;

    use super::*;
    use crate::user::UserId;

    #[test]
    fn versions_begin_at_one_and_go_up_by_one() {
        assert_eq!(Version::FIRST.number(), 1);
        assert_eq!(Version::FIRST.next().number(), 2);
        assert_eq!(Version::new(7).map(Version::number), Some(7));
        assert_eq!(Version::new(0), None);
        assert_eq!(format!("{}", Version::FIRST.next()), "2");
        let last = Version::new(u64::MAX).unwrap();
        assert_eq!(last.next(), last);
        assert_eq!(serde_json::to_value(Version::FIRST).unwrap(), 1);
        assert!(serde_json::from_str::<Version>("0").is_err());
    }

    #[test]
    fn what_is_corrupt_says_what_is_wrong() {
        assert_eq!(ensure(true, "x"), Ok(()));
        let corrupt = ensure(false, "grants: one is missing").unwrap_err();
        assert_eq!(corrupt.what(), "grants: one is missing");
        assert_eq!(corrupt.to_string(), "stored state is corrupt: grants: one is missing");
    }

    #[test]
    fn an_id_reads_back_as_it_is_written() {
        let uuid = uuid::Uuid::from_u128(0xa1);
        let id = UserId::from_uuid(uuid);
        assert_eq!(id.as_uuid(), &uuid);
        assert_eq!(id.to_string(), uuid.to_string());
        assert_eq!(format!(" {id}\n").parse::<UserId>(), Ok(id));
        assert!("a1".parse::<UserId>().is_err());
        assert_eq!(serde_json::to_value(id).unwrap(), uuid.to_string());
    }
}
