//! A regional lead's access to the onboarding tool.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Region;
use crate::refusal::{Code, Fault};
use crate::stored::{Corrupt, Version, ensure};
use crate::user::UserId;

/// One person's access to the onboarding tool, for one region.
///
/// The person is a [`User`](crate::User); this is what they may do beside any memberships.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "StoredRegionalLead", into = "StoredRegionalLead")]
pub struct RegionalLead {
    user: UserId,
    region: Region,
    state: RegionalLeadState,
    version: Version,
    changed_at: DateTime<Utc>,
}

/// Whether a regional lead may work in the tool. Times are UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RegionalLeadState {
    /// May act for the region.
    Active {
        /// When Support added them, or added them again.
        since: DateTime<Utc>,
    },
    /// Support has stopped their access.
    Stopped {
        /// When.
        at: DateTime<Utc>,
    },
}

impl RegionalLead {
    /// Someone added by Support.
    pub(crate) fn add(user: UserId, region: Region, at: DateTime<Utc>) -> Self {
        Self {
            user,
            region,
            state: RegionalLeadState::Active { since: at },
            version: Version::FIRST,
            changed_at: at,
        }
    }

    /// A stopped lead added again, maybe for another region.
    pub(crate) fn add_again(self, region: Region, now: DateTime<Utc>) -> Result<Self, Fault> {
        if self.is_active() {
            return Err(Fault::new(
                Code::EmailInUse,
                alloc::format!(
                    "this address belongs to a regional lead of {} already",
                    self.region
                ),
            ));
        }
        let at = now.max(self.changed_at);
        let version = self.version.next();
        Ok(Self { version, ..Self::add(self.user, region, at) })
    }

    /// Access taken away by Support (R-A5).
    pub(crate) fn stop(self, now: DateTime<Utc>) -> Result<Self, Fault> {
        let at = now.max(self.changed_at);
        self.check_active()?;
        Ok(Self {
            state: RegionalLeadState::Stopped { at },
            version: self.version.next(),
            changed_at: at,
            ..self
        })
    }

    /// Whether this lead may work in the tool (R-A3).
    ///
    /// # Errors
    /// `not_a_regional_lead` where Support has stopped them.
    pub fn check_active(&self) -> Result<(), Fault> {
        if self.is_active() { Ok(()) } else { Err(Self::unknown()) }
    }

    /// What anyone is told who is no regional lead.
    pub(crate) fn unknown() -> Fault {
        Fault::new(Code::NotARegionalLead, "only a regional lead works in the onboarding tool")
    }

    /// Whether they may act for their region.
    #[must_use]
    pub fn is_active(&self) -> bool {
        matches!(self.state, RegionalLeadState::Active { .. })
    }

    /// The person.
    #[must_use]
    pub fn user(&self) -> UserId {
        self.user
    }

    /// The one region they act for.
    #[must_use]
    pub fn region(&self) -> Region {
        self.region
    }

    /// Active or stopped, and since when.
    #[must_use]
    pub fn state(&self) -> RegionalLeadState {
        self.state
    }

    /// The version that a change has to be decided on.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// When it last changed (UTC).
    #[must_use]
    pub fn changed_at(&self) -> DateTime<Utc> {
        self.changed_at
    }

    /// Comes back from a store.
    ///
    /// # Errors
    /// [`Corrupt`] when the stored fields cannot belong together.
    pub fn restore(stored: StoredRegionalLead) -> Result<Self, Corrupt> {
        let StoredRegionalLead { user, region, state, version, changed_at } = stored;
        let (RegionalLeadState::Active { since: at } | RegionalLeadState::Stopped { at }) = state;
        ensure(at == changed_at, "regional lead: its state is not of its last change")?;
        let stopped = matches!(state, RegionalLeadState::Stopped { .. });
        ensure(!stopped || version > Version::FIRST, "regional lead: stopped without a version")?;
        Ok(Self { user, region, state, version, changed_at })
    }
}

/// A regional lead as a store keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each field is the accessor of that name")]
pub struct StoredRegionalLead {
    pub user: UserId,
    pub region: Region,
    pub state: RegionalLeadState,
    pub version: Version,
    pub changed_at: DateTime<Utc>,
}

impl From<RegionalLead> for StoredRegionalLead {
    fn from(lead: RegionalLead) -> Self {
        let RegionalLead { user, region, state, version, changed_at } = lead;
        Self { user, region, state, version, changed_at }
    }
}

impl TryFrom<StoredRegionalLead> for RegionalLead {
    type Error = Corrupt;

    fn try_from(stored: StoredRegionalLead) -> Result<Self, Self::Error> {
        Self::restore(stored)
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString as _};

    use chrono::TimeDelta;
    use uuid::Uuid;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn added() -> RegionalLead {
        let user = UserId::from_uuid(Uuid::from_u128(1));
        RegionalLead::add(user, Region::London, at("2026-03-02T09:00:00Z"))
    }

    fn stopped() -> RegionalLead {
        added().stop(at("2026-03-03T09:00:00Z")).unwrap()
    }

    // R-A2, R-A5
    #[test]
    fn a_lead_is_active_until_stopped() {
        assert!(added().is_active() && !stopped().is_active());
        assert_eq!(added().check_active(), Ok(()));
        let refused = stopped().check_active().unwrap_err();
        assert_eq!(refused.code(), Code::NotARegionalLead);
        assert_eq!(stopped().stop(stopped().changed_at()).unwrap_err(), refused);
        assert_eq!(stopped().state(), RegionalLeadState::Stopped { at: stopped().changed_at() });
        assert_eq!((stopped().user(), stopped().region()), (added().user(), Region::London));
        assert_eq!((added().version().number(), stopped().version().number()), (1, 2));
    }

    // R-A2: only one who was stopped, and then for any region.
    #[test]
    fn a_stopped_lead_can_be_added_again() {
        let now = at("2026-03-04T09:00:00Z");
        let refused = added().add_again(Region::Midlands, now).unwrap_err();
        assert_eq!(refused.code(), Code::EmailInUse);
        assert_eq!(refused.message(), "this address belongs to a regional lead of London already");
        let again = stopped().add_again(Region::Midlands, now).unwrap();
        assert_eq!((again.region(), again.is_active()), (Region::Midlands, true));
        assert_eq!(again.state(), RegionalLeadState::Active { since: now });
        assert_eq!((again.version().number(), again.changed_at()), (3, now));
    }

    // R-L7: the same here.
    #[test]
    fn time_does_not_run_backwards() {
        let slow = at("2025-01-01T00:00:00Z");
        assert_eq!(added().stop(slow).unwrap().changed_at(), added().changed_at());
        let again = stopped().add_again(Region::London, slow).unwrap();
        assert_eq!(again.changed_at(), stopped().changed_at());
    }

    fn why_not(lead: RegionalLead, change: fn(&mut StoredRegionalLead)) -> Option<String> {
        let mut stored = StoredRegionalLead::from(lead);
        change(&mut stored);
        let json = serde_json::to_value(&stored).unwrap();
        let from_json = serde_json::from_value::<RegionalLead>(json);
        match RegionalLead::restore(stored.clone()) {
            Ok(read) => {
                assert_eq!(StoredRegionalLead::from(read.clone()), stored);
                assert_eq!(from_json.unwrap(), read);
                None
            }
            Err(corrupt) => {
                assert!(from_json.unwrap_err().to_string().contains(corrupt.what()));
                Some(corrupt.what().to_string())
            }
        }
    }

    #[test]
    fn a_state_that_is_not_of_the_last_change_does_not_load() {
        let why = Some("regional lead: its state is not of its last change".to_string());
        for lead in [added(), stopped()] {
            assert_eq!(why_not(lead.clone(), |_| {}), None);
            let later = |stored: &mut StoredRegionalLead| {
                stored.changed_at += TimeDelta::nanoseconds(1);
            };
            assert_eq!(why_not(lead.clone(), later), why);
            let earlier = |stored: &mut StoredRegionalLead| {
                stored.changed_at -= TimeDelta::nanoseconds(1);
            };
            assert_eq!(why_not(lead, earlier), why);
        }
    }

    #[test]
    fn a_stop_without_a_version_does_not_load() {
        let why = Some("regional lead: stopped without a version".to_string());
        assert_eq!(why_not(stopped(), |stored| stored.version = Version::FIRST), why);
        assert_eq!(why_not(stopped(), |stored| stored.version = Version::FIRST.next()), None);
        assert_eq!(why_not(added(), |stored| stored.version = Version::FIRST), None);
    }
}
