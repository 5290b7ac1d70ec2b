//! Where an organisation is in its life.

use core::fmt;
use core::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Closing;

/// Where an organisation is in its life, as of some instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum OrganisationStatus {
    /// Onboarded; nobody has entered it yet.
    Invited,
    /// In use.
    Active,
    /// Recording has stopped; records can be edited and reported on until it closes.
    Deactivated,
    /// Over, for good.
    Closed,
}

impl OrganisationStatus {
    /// All four, in the order of a life.
    pub const ALL: [Self; 4] = [Self::Invited, Self::Active, Self::Deactivated, Self::Closed];

    /// The status as the service shows it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "Invited",
            Self::Active => "Active",
            Self::Deactivated => "Deactivated",
            Self::Closed => "Closed",
        }
    }
}

impl fmt::Display for OrganisationStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A text that names no status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a status is `Invited`, `Active`, `Deactivated` or `Closed`")]
pub struct UnknownStatus;

impl FromStr for OrganisationStatus {
    type Err = UnknownStatus;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|status| status.as_str() == text).ok_or(UnknownStatus)
    }
}

/// What is stored of an organisation's life: the last step it took. Times are UTC.
///
/// The status is this *and* the time: see [`status_at`](Self::status_at).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OrganisationState {
    /// Onboarded; nobody has entered it yet.
    Invited,
    /// In use.
    Active {
        /// Since its first entry, or its last reactivation.
        since: DateTime<Utc>,
    },
    /// Deactivated by its region.
    Deactivated {
        /// When.
        at: DateTime<Utc>,
        /// When it closes, unless it is reactivated before.
        closes_at: Closing,
    },
    /// Over, for good.
    Closed {
        /// Since when.
        at: DateTime<Utc>,
        /// How it came to that.
        because: ClosedBecause,
    },
}

impl OrganisationState {
    /// The status at an instant (R-L6): what is stored, and whether a closing has come. Whether
    /// anything has swept makes no difference.
    #[inline]
    #[must_use]
    pub fn status_at(&self, now: DateTime<Utc>) -> OrganisationStatus {
        match self {
            Self::Invited => OrganisationStatus::Invited,
            Self::Active { .. } => OrganisationStatus::Active,
            Self::Deactivated { closes_at, .. } if !closes_at.has_come(now) => {
                OrganisationStatus::Deactivated
            }
            Self::Deactivated { .. } | Self::Closed { .. } => OrganisationStatus::Closed,
        }
    }

    /// When the status changes by itself: the closing time, while Deactivated.
    #[must_use]
    pub fn next_change_at(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.closing().filter(|closing| !closing.has_come(now)).map(Closing::instant)
    }

    /// The closing that is set, come or not.
    #[must_use]
    pub fn closing(&self) -> Option<Closing> {
        match self {
            Self::Deactivated { closes_at, .. } => Some(*closes_at),
            Self::Invited | Self::Active { .. } | Self::Closed { .. } => None,
        }
    }

    /// Why it is closed, at an instant at which it is.
    #[must_use]
    pub fn closed_because(&self, now: DateTime<Utc>) -> Option<ClosedBecause> {
        match self {
            Self::Closed { because, .. } => Some(*because),
            Self::Deactivated { closes_at, .. } if closes_at.has_come(now) => {
                Some(ClosedBecause::GracePeriodEnded)
            }
            Self::Invited | Self::Active { .. } | Self::Deactivated { .. } => None,
        }
    }
}

/// How an organisation came to be closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosedBecause {
    /// The days after its deactivation were over.
    GracePeriodEnded,
    /// The invitation was withdrawn before anybody entered.
    Withdrawn,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    // R-L6
    #[test]
    fn the_status_is_what_is_stored_and_the_time() {
        let (before, closing) = (at("2025-08-10T22:59:59.999999999Z"), at("2025-08-10T23:00:00Z"));
        let deactivated = OrganisationState::Deactivated {
            at: at("2025-05-12T10:02:51Z"),
            closes_at: Closing::restore(closing).unwrap(),
        };
        assert_eq!(deactivated.status_at(before), OrganisationStatus::Deactivated);
        assert_eq!(deactivated.next_change_at(before), Some(closing));
        assert_eq!(deactivated.closed_because(before), None);
        assert_eq!(deactivated.status_at(closing), OrganisationStatus::Closed);
        assert_eq!(deactivated.next_change_at(closing), None);
        assert_eq!(deactivated.closed_because(closing), Some(ClosedBecause::GracePeriodEnded));
    }

    #[test]
    fn the_other_states_do_not_change_by_themselves() {
        let closed = OrganisationState::Closed {
            at: at("2025-01-01T00:00:00Z"),
            because: ClosedBecause::Withdrawn,
        };
        let table = [
            (OrganisationState::Invited, OrganisationStatus::Invited),
            (
                OrganisationState::Active { since: at("2025-01-01T00:00:00Z") },
                OrganisationStatus::Active,
            ),
            (closed, OrganisationStatus::Closed),
        ];
        for (state, status) in table {
            for now in [at("1990-01-01T00:00:00Z"), at("2999-01-01T00:00:00Z")] {
                assert_eq!(state.status_at(now), status);
                assert_eq!(state.next_change_at(now), None);
                assert_eq!(state.closing(), None);
            }
        }
        let now = at("2025-01-01T00:00:00Z");
        assert_eq!(closed.closed_because(now), Some(ClosedBecause::Withdrawn));
        assert_eq!(OrganisationState::Invited.closed_because(now), None);
    }

    #[test]
    fn a_status_reads_back_as_it_is_written() {
        for status in OrganisationStatus::ALL {
            assert_eq!(status.as_str().parse(), Ok(status));
        }
        assert_eq!("active".parse::<OrganisationStatus>(), Err(UnknownStatus));
    }
}
