//! What is shown: organisations and users as a host passes them on.

use alloc::string::String;
use alloc::vec::Vec;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::membership::{ClinicianStatus, Member, MembershipStatus, PermissionLevel};
use crate::organisation::{
    ClosedBecause, OdsCode, Organisation, OrganisationId, OrganisationStatus, VaccineType,
};
use crate::refusal::redacted_debug;
use crate::region::Region;
use crate::user::EmailAddress;

/// An organisation as its region sees it, as of one instant. Times are UTC, days are London's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OrganisationView {
    /// Its id.
    pub organisation: OrganisationId,
    /// The body's ODS code.
    pub ods_code: OdsCode,
    /// The body's name, as it was shown when it was onboarded.
    pub name: String,
    /// The body's address, likewise.
    pub address: String,
    /// The body's postcode, likewise.
    pub postcode: String,
    /// The region it belongs to.
    pub region: Region,
    /// Its status.
    pub status: OrganisationStatus,
    /// The vaccine types it may record, sorted by code point.
    pub vaccines: Vec<VaccineType>,
    /// The address of the regional lead who invited it.
    pub invited_by: EmailAddress,
    /// When.
    pub invited_at: DateTime<Utc>,
    /// When it closes, while Deactivated.
    pub closes_at: Option<DateTime<Utc>>,
    /// The last day of access, while Deactivated.
    pub last_day: Option<NaiveDate>,
    /// Why it is closed, once it is.
    pub closed_because: Option<ClosedBecause>,
}

impl OrganisationView {
    /// An organisation at an instant.
    pub(super) fn at(now: DateTime<Utc>, seen: &Organisation, invited_by: EmailAddress) -> Self {
        let now = seen.not_before(now);
        let stored = seen.stored();
        let closing = stored.state.closing().filter(|closing| !closing.has_come(now));
        Self {
            organisation: stored.id,
            ods_code: stored.ods_code.clone(),
            name: stored.name.clone(),
            address: stored.address.clone(),
            postcode: stored.postcode.clone(),
            region: stored.region,
            status: seen.status_at(now),
            vaccines: stored.vaccines.sorted(),
            invited_by,
            invited_at: stored.invited_at,
            closes_at: closing.map(|closing| closing.instant()),
            last_day: closing.map(|closing| closing.last_day()),
            closed_because: stored.state.closed_because(now),
        }
    }
}

/// A user as the members of an organisation see them.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct UserView {
    /// Their address.
    pub email: EmailAddress,
    /// Their first name.
    pub first_name: String,
    /// Their last name.
    pub last_name: String,
    /// Their level here.
    pub level: PermissionLevel,
    /// The level that waits for their next entry.
    pub next_level: Option<PermissionLevel>,
    /// Whether they are a clinician here.
    pub clinician: bool,
    /// Where their membership is.
    pub status: MembershipStatus,
}

redacted_debug!(UserView);

impl From<&Member> for UserView {
    fn from(Member { user, membership }: &Member) -> Self {
        Self {
            email: user.email().clone(),
            first_name: user.name().first().into(),
            last_name: user.name().last().into(),
            level: membership.level(),
            next_level: membership.next_level(),
            clinician: membership.clinician() == ClinicianStatus::Clinician,
            status: membership.status(),
        }
    }
}
