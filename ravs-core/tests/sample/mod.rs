//! An organisation, its people and their standing, put together from stored fields as a store
//! would.

use chrono::{DateTime, Utc};
use ravs_core::{
    ClinicianStatus, ClosedBecause, Closing, Entries, Member, Membership, MembershipState,
    MembershipStatus, Organisation, OrganisationId, OrganisationState, PermissionLevel, PersonName,
    Region, RegionalLead, RegionalLeadState, Standing, StoredMembership, StoredOrganisation,
    StoredRegionalLead, StoredUser, User, UserId, VaccineGrants, Version,
};
use uuid::Uuid;

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// When everybody was added, and the organisation invited.
pub(crate) fn start() -> DateTime<Utc> {
    at("2026-01-05T12:00:00Z")
}

pub(crate) fn organisation_id(number: u128) -> OrganisationId {
    OrganisationId::from_uuid(Uuid::from_u128(0xa000 + number))
}

pub(crate) fn user_id(number: u128) -> UserId {
    UserId::from_uuid(Uuid::from_u128(0xb000 + number))
}

pub(crate) const INVITED: OrganisationState = OrganisationState::Invited;

pub(crate) fn active() -> OrganisationState {
    OrganisationState::Active { since: start() }
}

pub(crate) fn deactivated() -> OrganisationState {
    OrganisationState::Deactivated { at: start(), closes_at: Closing::after(start(), 90) }
}

pub(crate) fn closed() -> OrganisationState {
    OrganisationState::Closed { at: start(), because: ClosedBecause::GracePeriodEnded }
}

/// One stored state for each status.
pub(crate) fn states() -> [OrganisationState; 4] {
    [INVITED, active(), deactivated(), closed()]
}

/// An organisation of the London region with flu, onboarded by [`lead`].
pub(crate) fn organisation(number: u128, state: OrganisationState) -> Organisation {
    let (vaccines, _) = VaccineGrants::default().with(vec!["Flu".parse().unwrap()]);
    Organisation::restore(StoredOrganisation {
        id: organisation_id(number),
        ods_code: "RRV".parse().unwrap(),
        name: "A trust".into(),
        address: "1 High Street, London".into(),
        postcode: "N1 1AA".into(),
        region: Region::London,
        invited_by: user_id(0),
        invited_at: start(),
        state,
        vaccines,
        version: Version::FIRST.next(),
        changed_at: start(),
    })
    .unwrap()
}

/// The regional lead of London who is user 0.
pub(crate) fn lead(state: RegionalLeadState) -> RegionalLead {
    let (user, region) = (user_id(0), Region::London);
    let version = Version::FIRST.next();
    let stored = StoredRegionalLead { user, region, state, version, changed_at: start() };
    RegionalLead::restore(stored).unwrap()
}

pub(crate) fn active_lead() -> RegionalLead {
    lead(RegionalLeadState::Active { since: start() })
}

/// Somebody who has never signed in; `user-1@nhs.net` is user 1.
pub(crate) fn user(number: u128) -> User {
    User::restore(StoredUser {
        id: user_id(number),
        email: format!("user-{number}@nhs.net").parse().unwrap(),
        name: PersonName::new("Ada", "Ng").unwrap(),
        subject: None,
        version: Version::FIRST,
        changed_at: start(),
    })
    .unwrap()
}

pub(crate) fn membership_state(status: MembershipStatus) -> MembershipState {
    let entered = Entries { first: start(), last: start() };
    match status {
        MembershipStatus::Invited => MembershipState::Invited,
        MembershipStatus::Active => MembershipState::Active { entered },
        MembershipStatus::Deactivated => {
            MembershipState::Deactivated { at: start(), entered: Some(entered) }
        }
    }
}

pub(crate) fn membership(
    organisation: u128,
    user: u128,
    status: MembershipStatus,
    level: PermissionLevel,
) -> Membership {
    Membership::restore(StoredMembership {
        organisation: organisation_id(organisation),
        user: user_id(user),
        level,
        next_level: None,
        clinician: ClinicianStatus::NotClinician,
        state: membership_state(status),
        version: Version::FIRST.next(),
        changed_at: start(),
    })
    .unwrap()
}

/// User `number` at organisation 1.
pub(crate) fn member(number: u128, status: MembershipStatus, level: PermissionLevel) -> Member {
    Member { user: user(number), membership: membership(1, number, status, level) }
}

pub(crate) fn standing(
    state: OrganisationState,
    status: MembershipStatus,
    level: PermissionLevel,
) -> Standing {
    Standing::of(&organisation(1, state), &membership(1, 1, status, level))
}
