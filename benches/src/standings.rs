//! Standings of every kind.

use chrono::{DateTime, TimeDelta, Utc};
use ravs_core::{
    ClosedBecause, Closing, MembershipStatus, OrganisationId, OrganisationState, PermissionLevel,
    Standing, UserId, VaccineGrants, VaccineType, Version,
};
use uuid::Uuid;

/// That many standings at `now`, of every kind in turn, mixed so that no one kind follows
/// another for long.
#[must_use]
pub fn mixed(count: usize, now: DateTime<Utc>) -> Vec<Standing> {
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut pick = |of: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % of
    };
    let (vaccines, _) = VaccineGrants::default().with(VaccineType::known().take(4).collect());
    let before = now - TimeDelta::days(30);
    let states = [
        OrganisationState::Invited,
        OrganisationState::Active { since: before },
        OrganisationState::Deactivated { at: before, closes_at: Closing::after(before, 90) },
        OrganisationState::Closed { at: before, because: ClosedBecause::Withdrawn },
    ];
    let mut one = |number: usize| {
        let id = Uuid::from_u128(number as u128);
        let state = states.get(pick(4) as usize).copied();
        let membership = MembershipStatus::ALL.get(pick(3) as usize).copied();
        let level = PermissionLevel::ALL.get(pick(3) as usize).copied();
        Standing {
            organisation: OrganisationId::from_uuid(id),
            user: UserId::from_uuid(id),
            state: state.unwrap_or(OrganisationState::Invited),
            changed_at: before,
            vaccines: vaccines.clone(),
            membership: membership.unwrap_or(MembershipStatus::Invited),
            level: level.unwrap_or(PermissionLevel::Recorder),
            organisation_version: Version::FIRST,
            membership_version: Version::FIRST,
        }
    };
    (1..=count).map(&mut one).collect()
}
