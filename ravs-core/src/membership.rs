//! A membership: one user at one organisation.

mod level;
mod roster;
mod status;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::organisation::OrganisationId;
use crate::refusal::{Code, Fault};
use crate::stored::{Corrupt, Version, ensure};
use crate::user::UserId;

pub use level::{PermissionLevel, UnknownLevel};
pub use roster::{Member, Roster};
pub use status::{Entries, MembershipState, MembershipStatus};

/// Whether a user is a registered clinician, and so can be chosen for a vaccination (R-U11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ClinicianStatus {
    /// A registered clinician.
    Clinician,
    /// Anybody else.
    NotClinician,
}

/// One user at one organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "StoredMembership", into = "StoredMembership")]
pub struct Membership {
    stored: StoredMembership,
}

/// A membership as a store keeps it. Times are UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredMembership {
    /// The organisation.
    pub organisation: OrganisationId,
    /// The user.
    pub user: UserId,
    /// The level in force.
    pub level: PermissionLevel,
    /// The level that waits for the user's next entry (R-U7).
    pub next_level: Option<PermissionLevel>,
    /// Whether the user is a clinician here.
    pub clinician: ClinicianStatus,
    /// Where the membership is.
    pub state: MembershipState,
    /// How often it has changed.
    pub version: Version,
    /// When it last did.
    pub changed_at: DateTime<Utc>,
}

impl Membership {
    /// Somebody added: Invited.
    pub(crate) fn invite(
        organisation: OrganisationId,
        user: UserId,
        level: PermissionLevel,
        clinician: ClinicianStatus,
        at: DateTime<Utc>,
    ) -> Self {
        Self {
            stored: StoredMembership {
                organisation,
                user,
                level,
                next_level: None,
                clinician,
                state: MembershipState::Invited,
                version: Version::FIRST,
                changed_at: at,
            },
        }
    }

    /// The same with a level that waits for the first entry (R-U10).
    pub(crate) fn with_waiting_level(mut self, level: Option<PermissionLevel>) -> Self {
        self.stored.next_level = level.filter(|next| *next != self.stored.level);
        self
    }

    /// Enters the organisation: Active, with the waiting level in force (R-S4).
    ///
    /// # Errors
    /// `membership_deactivated`.
    pub fn enter(self, now: DateTime<Utc>) -> Result<Self, Fault> {
        self.check_not_deactivated()?;
        let at = self.not_before(now);
        let first = self.stored.state.entered().map_or(at, |entered| entered.first);
        let entered = Entries { first, last: at };
        let level = self.level_at_next_entry();
        Ok(self.step(at, |stored| {
            stored.state = MembershipState::Active { entered };
            stored.level = level;
            stored.next_level = None;
        }))
    }

    /// Gives another level, from the user's next entry on; the one in force clears a waiting one
    /// (R-U7).
    ///
    /// # Errors
    /// `membership_deactivated`.
    pub fn change_level(self, level: PermissionLevel, now: DateTime<Utc>) -> Result<Self, Fault> {
        self.check_not_deactivated()?;
        let next_level = (level != self.stored.level).then_some(level);
        let at = self.not_before(now);
        Ok(self.step(at, |stored| stored.next_level = next_level))
    }

    /// Gives another clinician status, at once (R-U7).
    ///
    /// # Errors
    /// `membership_deactivated`.
    pub fn change_clinician(
        self,
        clinician: ClinicianStatus,
        now: DateTime<Utc>,
    ) -> Result<Self, Fault> {
        self.check_not_deactivated()?;
        let at = self.not_before(now);
        Ok(self.step(at, |stored| stored.clinician = clinician))
    }

    /// Takes access away here, at once (R-U8).
    ///
    /// # Errors
    /// `already_deactivated`.
    pub fn deactivate(self, now: DateTime<Utc>) -> Result<Self, Fault> {
        if self.is_deactivated() {
            let message = "this user is deactivated here already";
            return Err(Fault::new(Code::AlreadyDeactivated, message));
        }
        let (at, entered) = (self.not_before(now), self.stored.state.entered());
        Ok(self.step(at, |stored| stored.state = MembershipState::Deactivated { at, entered }))
    }

    /// Gives access back: Active if the user had ever entered here, else Invited (R-U8).
    ///
    /// # Errors
    /// `not_deactivated`.
    pub fn reactivate(self, now: DateTime<Utc>) -> Result<Self, Fault> {
        let MembershipState::Deactivated { entered, .. } = self.stored.state else {
            let message = "this user is not deactivated here";
            return Err(Fault::new(Code::NotDeactivated, message));
        };
        let at = self.not_before(now);
        Ok(self.step(at, |stored| {
            stored.state = entered
                .map_or(MembershipState::Invited, |entered| MembershipState::Active { entered });
        }))
    }

    /// Gives access back to a nominee, as lead administrator (R-O8).
    ///
    /// # Errors
    /// `already_a_member` where access was never taken away.
    pub fn nominate_again(self, now: DateTime<Utc>) -> Result<Self, Fault> {
        let Ok(mut back) = self.reactivate(now) else {
            let message = "this address is a member here already";
            return Err(Fault::new(Code::AlreadyAMember, message));
        };
        back.stored.level = PermissionLevel::LeadAdministrator;
        back.stored.next_level = None;
        Ok(back)
    }

    pub(crate) fn check_not_deactivated(&self) -> Result<(), Fault> {
        if self.is_deactivated() {
            let message = "this user is deactivated here; they can be reactivated";
            return Err(Fault::new(Code::MembershipDeactivated, message));
        }
        Ok(())
    }

    fn step(mut self, at: DateTime<Utc>, change: impl FnOnce(&mut StoredMembership)) -> Self {
        change(&mut self.stored);
        self.stored.version = self.stored.version.next();
        self.stored.changed_at = at;
        self
    }

    /// The later of `now` and the last change (R-L7).
    pub(crate) fn not_before(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now.max(self.stored.changed_at)
    }

    /// The organisation.
    #[must_use]
    pub fn organisation(&self) -> OrganisationId {
        self.stored.organisation
    }

    /// The user.
    #[must_use]
    pub fn user(&self) -> UserId {
        self.stored.user
    }

    /// The level in force.
    #[must_use]
    pub fn level(&self) -> PermissionLevel {
        self.stored.level
    }

    /// The level that waits for the user's next entry (R-U7).
    #[must_use]
    pub fn next_level(&self) -> Option<PermissionLevel> {
        self.stored.next_level
    }

    /// The level the user will have once they enter again.
    #[must_use]
    pub fn level_at_next_entry(&self) -> PermissionLevel {
        self.stored.next_level.unwrap_or(self.stored.level)
    }

    /// Whether the user is a clinician here.
    #[must_use]
    pub fn clinician(&self) -> ClinicianStatus {
        self.stored.clinician
    }

    /// Where the membership is.
    #[must_use]
    pub fn status(&self) -> MembershipStatus {
        self.stored.state.status()
    }

    /// Whether access here was taken away.
    #[must_use]
    pub fn is_deactivated(&self) -> bool {
        self.status() == MembershipStatus::Deactivated
    }

    /// Whether the user can be chosen as assessing or consenting clinician (R-U11).
    #[must_use]
    pub fn is_choosable_clinician(&self) -> bool {
        self.stored.clinician == ClinicianStatus::Clinician && !self.is_deactivated()
    }

    /// The version that a change has to be decided on.
    #[must_use]
    pub fn version(&self) -> Version {
        self.stored.version
    }

    /// Everything that is stored of it.
    #[must_use]
    pub fn stored(&self) -> &StoredMembership {
        &self.stored
    }

    /// Comes back from a store.
    ///
    /// # Errors
    /// [`Corrupt`] when the stored fields cannot belong together.
    pub fn restore(stored: StoredMembership) -> Result<Self, Corrupt> {
        let changed_at = stored.changed_at;
        if let Some(Entries { first, last }) = stored.state.entered() {
            ensure(first <= last, "membership: the last entry is before the first")?;
            ensure(last <= changed_at, "membership: an entry is younger than its last change")?;
        }
        if let MembershipState::Deactivated { at, .. } = stored.state {
            ensure(at == changed_at, "membership: changed while it was deactivated")?;
        }
        if stored.state != MembershipState::Invited {
            ensure(stored.version > Version::FIRST, "membership: a step without a version")?;
        }
        ensure(
            stored.next_level != Some(stored.level),
            "membership: the level in force waits for the next entry",
        )?;
        Ok(Self { stored })
    }
}

impl From<Membership> for StoredMembership {
    fn from(membership: Membership) -> Self {
        membership.stored
    }
}

impl TryFrom<StoredMembership> for Membership {
    type Error = Corrupt;

    fn try_from(stored: StoredMembership) -> Result<Self, Self::Error> {
        Self::restore(stored)
    }
}

#[cfg(test)]
mod tests;
