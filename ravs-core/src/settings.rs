//! What a host sets.

use chrono::TimeDelta;

use crate::notice::ServiceDetails;
use crate::organisation::VaccineCatalogue;
use crate::policy::Policy;
use crate::region::RvocMailboxes;
use crate::user::AllowedDomains;

/// What a host sets once, beside the ports. The default is the service as it is today, with no
/// region's mailbox known.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The numbers that guidance has changed over time.
    pub policy: Policy,
    /// The email domains from which users may come.
    pub allowed_domains: AllowedDomains,
    /// The vaccine types a region can choose from.
    pub vaccines: VaccineCatalogue,
    /// The mailboxes from which regions ask for a new regional lead.
    pub rvoc_mailboxes: RvocMailboxes,
    /// What the emails say of the service.
    pub service: ServiceDetails,
    /// How effects are carried out.
    pub delivery: Delivery,
}

/// How effects are carried out and repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// How long a worker holds an effect before another may take it.
    pub lease: TimeDelta,
    /// How long to wait after the first failure; it doubles with each further one.
    pub first_wait: TimeDelta,
    /// The longest wait.
    pub longest_wait: TimeDelta,
    /// How often an effect is tried before it is parked.
    pub attempts: u32,
}

impl Delivery {
    /// How long to wait after that many attempts.
    #[must_use]
    pub fn wait_after(&self, attempt: u32) -> TimeDelta {
        let doubled = 2i32.checked_pow(attempt.saturating_sub(1));
        doubled
            .and_then(|times| self.first_wait.checked_mul(times))
            .map_or(self.longest_wait, |wait| wait.min(self.longest_wait))
    }
}

/// Five minutes of lease; waits from 30 seconds to one hour; 48 attempts, which is almost two
/// days of an outage.
impl Default for Delivery {
    fn default() -> Self {
        Self {
            lease: TimeDelta::minutes(5),
            first_wait: TimeDelta::seconds(30),
            longest_wait: TimeDelta::hours(1),
            attempts: 48,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // R-N4: retried, ever less often, and never sooner than before.
    #[test]
    fn waits_double_up_to_the_longest() {
        let delivery = Delivery::default();
        let waits = [1, 2, 3, 7, 8, 9, 40, u32::MAX].map(|n| delivery.wait_after(n).num_seconds());
        assert_eq!(waits, [30, 60, 120, 1920, 3600, 3600, 3600, 3600]);
    }
}
