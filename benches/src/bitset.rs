//! The peer of `decide`: a bare look-up in a set of 216 bits.

use chrono::{DateTime, Utc};
use ravs_core::{
    Action, Decision, MembershipStatus, OrganisationStatus, PermissionLevel, Standing, permission,
};

/// The 216 cells of the decision table, a bit each.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bitset([u64; 4]);

fn cell(
    level: PermissionLevel,
    action: Action,
    organisation: OrganisationStatus,
    membership: MembershipStatus,
) -> usize {
    ((level as usize * 6 + action as usize) * 4 + organisation as usize) * 3 + membership as usize
}

impl Bitset {
    /// The set of the cells that `decide` allows, given a standing of every kind.
    #[must_use]
    pub fn of(standings: &[Standing], now: DateTime<Utc>) -> Self {
        let mut set = Self::default();
        for standing in standings {
            for action in Action::ALL {
                let allowed = permission::decide(standing, action, now) == Decision::Allowed;
                let status = standing.status_at(now);
                let cell = cell(standing.level, action, status, standing.membership);
                if let Some(word) = set.0.get_mut(cell / 64) {
                    *word |= u64::from(allowed) << (cell % 64);
                }
            }
        }
        set
    }

    /// Looks an action up: yes or no, and no reason.
    #[inline]
    #[must_use]
    pub fn allows(&self, standing: &Standing, action: Action, now: DateTime<Utc>) -> bool {
        let status = standing.status_at(now);
        let cell = cell(standing.level, action, status, standing.membership);
        self.0.get(cell / 64).is_some_and(|word| (word >> (cell % 64)) & 1 == 1)
    }
}
