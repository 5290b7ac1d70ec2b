//! An organisation: one onboarding of a body, from invitation to closing.

mod board;
mod body;
mod closing;
mod error;
mod grants;
mod ods_code;
mod status;
mod vaccine;

use alloc::string::String;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::refusal::Code;
use crate::region::Region;
use crate::stored::{Corrupt, Version, ensure, id};
use crate::user::UserId;

pub use board::{StatusBoard, StatusCounts};
pub use body::Body;
pub use closing::Closing;
pub use error::{Step, StepRefused};
pub use grants::{StoredGrants, VaccineGrants};
pub use ods_code::{InvalidOdsCode, OdsCode};
pub use status::{ClosedBecause, OrganisationState, OrganisationStatus, UnknownStatus};
pub use vaccine::{InvalidVaccineName, VaccineCatalogue, VaccineType};

id! {
    /// Identifies one onboarding of a body. Records belong to it, never to the ODS code.
    OrganisationId
}

/// One onboarding of a body.
///
/// Its status is a function of what is stored and the time ([`status_at`](Self::status_at)). A
/// step of its life consumes it and gives the next state, or says why not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "StoredOrganisation", into = "StoredOrganisation")]
pub struct Organisation {
    stored: StoredOrganisation,
}

/// An organisation as a store keeps it. Times are UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredOrganisation {
    /// Its id.
    pub id: OrganisationId,
    /// The body's ODS code.
    pub ods_code: OdsCode,
    /// The body's name, as it was shown when it was onboarded.
    pub name: String,
    /// The body's address, likewise.
    pub address: String,
    /// The body's postcode, likewise.
    pub postcode: String,
    /// The region that onboarded it.
    pub region: Region,
    /// The regional lead who did.
    pub invited_by: UserId,
    /// When.
    pub invited_at: DateTime<Utc>,
    /// The last step of its life.
    pub state: OrganisationState,
    /// The vaccine types it may record.
    pub vaccines: VaccineGrants,
    /// How often it has changed.
    pub version: Version,
    /// When it last did.
    pub changed_at: DateTime<Utc>,
}

impl Organisation {
    /// A body onboarded: Invited.
    pub(crate) fn invite(
        id: OrganisationId,
        body: Body,
        region: Region,
        invited_by: UserId,
        vaccines: VaccineGrants,
        at: DateTime<Utc>,
    ) -> Self {
        Self {
            stored: StoredOrganisation {
                id,
                ods_code: body.code,
                name: body.name,
                address: body.address,
                postcode: body.postcode,
                region,
                invited_by,
                invited_at: at,
                state: OrganisationState::Invited,
                vaccines,
                version: Version::FIRST,
                changed_at: at,
            },
        }
    }

    /// Takes back an invitation that nobody has followed (R-O7).
    ///
    /// # Errors
    /// `already_active` after the first entry, `organisation_closed` once it is over.
    pub fn withdraw(self, now: DateTime<Utc>) -> Result<Self, StepRefused> {
        let (at, status) = self.moment(now);
        match status {
            OrganisationStatus::Invited => {
                let because = ClosedBecause::Withdrawn;
                Ok(self.step(OrganisationState::Closed { at, because }, at))
            }
            OrganisationStatus::Active | OrganisationStatus::Deactivated => {
                Err(StepRefused::new(status, Step::Withdraw, Code::AlreadyActive))
            }
            OrganisationStatus::Closed => {
                Err(StepRefused::new(status, Step::Withdraw, Code::OrganisationClosed))
            }
        }
    }

    /// Somebody enters: the first entry makes it Active (R-L1), a later one leaves it as it is.
    ///
    /// # Errors
    /// `organisation_closed` once it is over.
    pub fn enter(self, now: DateTime<Utc>) -> Result<Self, StepRefused> {
        let (at, status) = self.moment(now);
        match status {
            OrganisationStatus::Invited => {
                Ok(self.step(OrganisationState::Active { since: at }, at))
            }
            OrganisationStatus::Active | OrganisationStatus::Deactivated => Ok(self),
            OrganisationStatus::Closed => {
                Err(StepRefused::new(status, Step::Enter, Code::OrganisationClosed))
            }
        }
    }

    /// Begins the closing process: recording stops, and the closing is set (R-L2, R-L3).
    ///
    /// # Errors
    /// `still_invited`, `already_deactivated`, `organisation_closed`.
    pub fn deactivate(self, days: u16, now: DateTime<Utc>) -> Result<Self, StepRefused> {
        let closes_at = Closing::after(self.not_before(now), days);
        self.deactivate_until(closes_at, now)
    }

    /// The same with a closing that was computed before: as its history tells it.
    pub(crate) fn deactivate_until(
        self,
        closes_at: Closing,
        now: DateTime<Utc>,
    ) -> Result<Self, StepRefused> {
        let (at, status) = self.moment(now);
        let refused = |code| Err(StepRefused::new(status, Step::Deactivate, code));
        match status {
            OrganisationStatus::Active => {
                Ok(self.step(OrganisationState::Deactivated { at, closes_at }, at))
            }
            OrganisationStatus::Invited => refused(Code::StillInvited),
            OrganisationStatus::Deactivated => refused(Code::AlreadyDeactivated),
            OrganisationStatus::Closed => refused(Code::OrganisationClosed),
        }
    }

    /// Stops the closing process, until the closing has come (R-L4).
    ///
    /// # Errors
    /// `not_deactivated`, `organisation_closed`.
    pub fn reactivate(self, now: DateTime<Utc>) -> Result<Self, StepRefused> {
        let (at, status) = self.moment(now);
        let refused = |code| Err(StepRefused::new(status, Step::Reactivate, code));
        match status {
            OrganisationStatus::Deactivated => {
                Ok(self.step(OrganisationState::Active { since: at }, at))
            }
            OrganisationStatus::Invited | OrganisationStatus::Active => {
                refused(Code::NotDeactivated)
            }
            OrganisationStatus::Closed => refused(Code::OrganisationClosed),
        }
    }

    /// Writes down a closing that has come (R-L6): closed since the closing instant, whenever
    /// this is called.
    ///
    /// # Errors
    /// `not_deactivated` while no closing is due, `organisation_closed` when it is written down.
    pub fn write_down_closing(self, now: DateTime<Utc>) -> Result<Self, StepRefused> {
        let (_, status) = self.moment(now);
        let refused = |code| Err(StepRefused::new(status, Step::WriteDownClosing, code));
        match self.stored.state {
            OrganisationState::Deactivated { closes_at, .. }
                if status == OrganisationStatus::Closed =>
            {
                let (at, because) = (closes_at.instant(), ClosedBecause::GracePeriodEnded);
                Ok(self.step(OrganisationState::Closed { at, because }, at))
            }
            OrganisationState::Closed { .. } => refused(Code::OrganisationClosed),
            OrganisationState::Invited
            | OrganisationState::Active { .. }
            | OrganisationState::Deactivated { .. } => refused(Code::NotDeactivated),
        }
    }

    /// Grants further vaccine types, and says which were new; with none new it stays as it is
    /// (R-V2).
    ///
    /// # Errors
    /// `organisation_deactivated`, `organisation_closed`.
    pub fn add_vaccines(
        mut self,
        types: Vec<VaccineType>,
        now: DateTime<Utc>,
    ) -> Result<(Self, Vec<VaccineType>), StepRefused> {
        self.check_growth(Step::AddVaccines, now)?;
        let (vaccines, added) = self.stored.vaccines.with(types);
        self.stored.vaccines = vaccines;
        if added.is_empty() {
            return Ok((self, added));
        }
        Ok((self.touch(now), added))
    }

    /// Whether the region may still add to it: Invited or Active (R-O8, R-V2).
    pub(crate) fn check_growth(&self, step: Step, now: DateTime<Utc>) -> Result<(), StepRefused> {
        let (_, status) = self.moment(now);
        match status {
            OrganisationStatus::Invited | OrganisationStatus::Active => Ok(()),
            OrganisationStatus::Deactivated => {
                Err(StepRefused::new(status, step, Code::OrganisationDeactivated))
            }
            OrganisationStatus::Closed => {
                Err(StepRefused::new(status, step, Code::OrganisationClosed))
            }
        }
    }

    /// Notes a change of one of its memberships, so that two such changes cannot pass each other
    /// (R-U9).
    pub(crate) fn touch(self, now: DateTime<Utc>) -> Self {
        let (at, state) = (self.not_before(now), self.stored.state);
        self.step(state, at)
    }

    fn step(mut self, state: OrganisationState, at: DateTime<Utc>) -> Self {
        self.stored.state = state;
        self.stored.version = self.stored.version.next();
        self.stored.changed_at = at;
        self
    }

    /// The time that counts here, and the status at it.
    fn moment(&self, now: DateTime<Utc>) -> (DateTime<Utc>, OrganisationStatus) {
        let at = self.not_before(now);
        (at, self.stored.state.status_at(at))
    }

    /// The later of `now` and the last change: time never runs backwards here (R-L7).
    #[must_use]
    pub fn not_before(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now.max(self.stored.changed_at)
    }

    /// The status at an instant (R-L6, R-L7).
    #[must_use]
    pub fn status_at(&self, now: DateTime<Utc>) -> OrganisationStatus {
        self.moment(now).1
    }

    /// When the status changes by itself, if it will (UTC).
    #[must_use]
    pub fn next_change_at(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.stored.state.next_change_at(self.not_before(now))
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> OrganisationId {
        self.stored.id
    }

    /// The region it belongs to.
    #[must_use]
    pub fn region(&self) -> Region {
        self.stored.region
    }

    /// The body's ODS code.
    #[must_use]
    pub fn ods_code(&self) -> &OdsCode {
        &self.stored.ods_code
    }

    /// The body's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.stored.name
    }

    /// The vaccine types it may record.
    #[must_use]
    pub fn vaccines(&self) -> &VaccineGrants {
        &self.stored.vaccines
    }

    /// The last step of its life that is stored.
    #[must_use]
    pub fn state(&self) -> &OrganisationState {
        &self.stored.state
    }

    /// The version that a change has to be decided on.
    #[must_use]
    pub fn version(&self) -> Version {
        self.stored.version
    }

    /// Everything that is stored of it.
    #[must_use]
    pub fn stored(&self) -> &StoredOrganisation {
        &self.stored
    }

    /// Comes back from a store.
    ///
    /// # Errors
    /// [`Corrupt`] when the stored fields cannot belong together.
    pub fn restore(stored: StoredOrganisation) -> Result<Self, Corrupt> {
        let StoredOrganisation { invited_at, changed_at, state, .. } = &stored;
        ensure(invited_at <= changed_at, "organisation: changed before it was invited")?;
        let step_at = match state {
            OrganisationState::Invited => invited_at,
            OrganisationState::Active { since: at }
            | OrganisationState::Deactivated { at, .. }
            | OrganisationState::Closed { at, .. } => at,
        };
        ensure(step_at >= invited_at, "organisation: its state is older than its invitation")?;
        ensure(step_at <= changed_at, "organisation: its state is younger than its last change")?;
        if let OrganisationState::Deactivated { closes_at, .. } = state {
            ensure(closes_at.instant() > *changed_at, "organisation: changed after its closing")?;
        }
        if let OrganisationState::Closed { at, .. } = state {
            ensure(at == changed_at, "organisation: changed after it closed")?;
        }
        if !matches!(state, OrganisationState::Invited) {
            ensure(stored.version > Version::FIRST, "organisation: a step without a version")?;
        }
        Ok(Self { stored })
    }
}

impl From<Organisation> for StoredOrganisation {
    fn from(organisation: Organisation) -> Self {
        organisation.stored
    }
}

impl TryFrom<StoredOrganisation> for Organisation {
    type Error = Corrupt;

    fn try_from(stored: StoredOrganisation) -> Result<Self, Self::Error> {
        Self::restore(stored)
    }
}

#[cfg(test)]
mod tests;
