//! The numbers that guidance has changed over time, as dated profiles.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::london;

/// The numbers and switches that differ between the dated layers of the service's guidance.
///
/// Take one of the named profiles, or start from one and change a field:
///
/// ```
/// use ravs_core::Policy;
///
/// let policy = Policy { fewest_nominees: 3, ..Policy::SEP_2025 };
/// assert_eq!(Policy::default(), Policy::SEP_2025);
/// assert_eq!(policy.days_until_closing, 90);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// How many users a region nominates at the least when it onboards an organisation.
    ///
    /// "Nominate a lead user", *How to onboard organisations*, 22 Aug 2024;
    /// "Nominate at least 2 users", *Guidance for regional leads*, 2 Sep 2025.
    pub fewest_nominees: u8,

    /// Whether vaccine types have to be chosen when an organisation is onboarded.
    ///
    /// "Select the vaccinations the organisation can record", *Guidance for regional leads*,
    /// 2 Sep 2025; the earlier pages do not ask for it.
    pub vaccines_at_onboarding: VaccinesAtOnboarding,

    /// The first day, in London, on which one email address may serve at several organisations;
    /// `None` where it never may.
    ///
    /// "From 16 December 2024, you can add a user to more than 1 organisation",
    /// *Managing users*, 16 Dec 2024.
    pub shared_email_from: Option<NaiveDate>,

    /// Whole days of access that follow the London date of a deactivation.
    ///
    /// "After 90 days, the organisation will be closed", *Guidance for regional leads*,
    /// 2 Sep 2025.
    pub days_until_closing: u16,

    /// What it takes to go from one organisation to another.
    ///
    /// "To switch organisations, they need to log out, log back in and select a new
    /// organisation", *Managing users*, 16 Dec 2024. There is one way only, which is why a
    /// [`Session`](crate::Session) has no operation that changes its organisation.
    pub changing_organisation: ChangingOrganisation,
}

/// Whether an onboarding names the vaccine types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum VaccinesAtOnboarding {
    /// None need be chosen yet.
    Optional,
    /// At least one has to be chosen.
    AtLeastOne,
}

/// What it takes to go from one organisation to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChangingOrganisation {
    /// The user signs out and in again, and chooses.
    NewSignIn,
}

/// 16 December 2024, from which on an email may serve at several organisations.
const SHARED_EMAIL_FROM: Option<NaiveDate> = NaiveDate::from_ymd_opt(2024, 12, 16);

impl Policy {
    /// As on *How to onboard organisations*, in force from 22 August 2024.
    pub const AUG_2024: Self = Self {
        fewest_nominees: 1,
        vaccines_at_onboarding: VaccinesAtOnboarding::Optional,
        shared_email_from: None,
        days_until_closing: 90,
        changing_organisation: ChangingOrganisation::NewSignIn,
    };

    /// As on *Managing users*, in force from 16 December 2024.
    pub const DEC_2024: Self = Self { shared_email_from: SHARED_EMAIL_FROM, ..Self::AUG_2024 };

    /// As on *Guidance for regional leads*, in force from 2 September 2025; the default.
    pub const SEP_2025: Self = Self {
        fewest_nominees: 2,
        vaccines_at_onboarding: VaccinesAtOnboarding::AtLeastOne,
        ..Self::DEC_2024
    };

    /// Whether one email may serve at several organisations at the instant `now` (R-U4).
    #[must_use]
    pub fn shares_emails_at(&self, now: DateTime<Utc>) -> bool {
        self.shared_email_from.is_some_and(|first_day| london::date(now) >= first_day)
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self::SEP_2025
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Section 1: the table of profiles.
    #[test]
    fn the_profiles_are_those_of_the_pages() {
        let december = NaiveDate::from_ymd_opt(2024, 12, 16);
        let row = |p: Policy| {
            (p.fewest_nominees, p.vaccines_at_onboarding, p.shared_email_from, p.days_until_closing)
        };
        assert_eq!(row(Policy::AUG_2024), (1, VaccinesAtOnboarding::Optional, None, 90));
        assert_eq!(row(Policy::DEC_2024), (1, VaccinesAtOnboarding::Optional, december, 90));
        assert_eq!(row(Policy::SEP_2025), (2, VaccinesAtOnboarding::AtLeastOne, december, 90));
        assert_eq!(Policy::default(), Policy::SEP_2025);
        for profile in [Policy::AUG_2024, Policy::DEC_2024, Policy::SEP_2025] {
            assert_eq!(profile.changing_organisation, ChangingOrganisation::NewSignIn);
        }
    }

    // R-U4
    #[test]
    fn emails_are_shared_from_the_first_instant_of_16_december_in_london() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let before = at("2024-12-15T23:59:59.999999999Z");
        let first = at("2024-12-16T00:00:00Z");
        assert!(!Policy::DEC_2024.shares_emails_at(before));
        assert!(Policy::DEC_2024.shares_emails_at(first));
        assert!(!Policy::AUG_2024.shares_emails_at(first));
    }
}
