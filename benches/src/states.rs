//! States of very many organisations.

use chrono::{DateTime, TimeDelta, Utc};
use ravs_core::{ClosedBecause, Closing, OrganisationState};

/// That many states around `now`: of ten, one is Invited, five are Active, two are Deactivated
/// with closings spread over 180 days, and two are Closed.
#[must_use]
pub fn spread(count: usize, now: DateTime<Utc>) -> Vec<OrganisationState> {
    let one = |number: usize| {
        let at = now - TimeDelta::days((number % 180) as i64) - TimeDelta::seconds(number as i64);
        match number % 10 {
            0 => OrganisationState::Invited,
            1..=5 => OrganisationState::Active { since: at },
            6 | 7 => OrganisationState::Deactivated { at, closes_at: Closing::after(at, 90) },
            _ => OrganisationState::Closed { at, because: ClosedBecause::GracePeriodEnded },
        }
    };
    (0..count).map(one).collect()
}
