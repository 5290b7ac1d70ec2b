//! The status of very many organisations at once.

use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use super::{OrganisationState, OrganisationStatus};

/// The states of many organisations laid out for one question: which status has each, now?
///
/// Four bytes for the closing and one for the stored status, side by side, so that a pass over a
/// million is a pass over five megabytes. The answers are those of
/// [`OrganisationState::status_at`].
///
/// ```
/// use ravs_core::{OrganisationState, OrganisationStatus, StatusBoard};
///
/// let board: StatusBoard = [OrganisationState::Invited].iter().collect();
/// let counts = board.counts_at("2026-01-01T00:00:00Z".parse()?);
/// assert_eq!(counts.of(OrganisationStatus::Invited), 1);
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct StatusBoard {
    /// The status without the closing.
    stored: Vec<OrganisationStatus>,
    /// The closing in whole minutes since 1970 (every closing is a midnight); `NEVER` for none.
    closes: Vec<u32>,
    /// How many have each stored status.
    totals: [usize; 4],
}

/// No closing is set.
const NEVER: u32 = u32::MAX;

impl StatusBoard {
    /// How many organisations are on it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.stored.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.stored.is_empty()
    }

    /// How many have each status at an instant.
    #[must_use]
    pub fn counts_at(&self, now: DateTime<Utc>) -> StatusCounts {
        let now = minutes(now);
        let come = self.closes.iter().map(|closes| usize::from(*closes <= now)).sum::<usize>();
        let [invited, active, deactivated, closed] = self.totals;
        StatusCounts([
            invited,
            active,
            deactivated.saturating_sub(come),
            closed.saturating_add(come),
        ])
    }

    /// The status of each at an instant, in the order in which they came, into `statuses`.
    pub fn statuses_at(&self, now: DateTime<Utc>, statuses: &mut Vec<OrganisationStatus>) {
        let now = minutes(now);
        statuses.clear();
        statuses.extend(self.stored.iter().zip(&self.closes).map(|(stored, closes)| {
            if *closes <= now { OrganisationStatus::Closed } else { *stored }
        }));
    }
}

impl<'a> FromIterator<&'a OrganisationState> for StatusBoard {
    fn from_iter<I: IntoIterator<Item = &'a OrganisationState>>(states: I) -> Self {
        let mut board = Self::default();
        for state in states {
            let status = state.status_at(DateTime::<Utc>::MIN_UTC);
            let closes = state.closing().map_or(NEVER, |closing| minutes(closing.instant()));
            if let Some(total) = board.totals.get_mut(status as usize) {
                *total = total.saturating_add(1);
            }
            board.stored.push(status);
            board.closes.push(closes);
        }
        board
    }
}

/// Whole minutes since 1970, rounded down; the years 1970 to 10136 have one each.
fn minutes(at: DateTime<Utc>) -> u32 {
    let minutes = at.timestamp().div_euclid(60);
    u32::try_from(minutes.clamp(0, i64::from(NEVER).saturating_sub(1))).unwrap_or(0)
}

/// How many organisations have each status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StatusCounts([usize; 4]);

impl StatusCounts {
    /// How many have this one.
    #[must_use]
    pub fn of(&self, status: OrganisationStatus) -> usize {
        self.0.get(status as usize).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use proptest::prelude::*;

    use super::*;
    use crate::organisation::{ClosedBecause, Closing};

    fn states() -> impl Strategy<Value = OrganisationState> {
        let at = (0i64..4_000_000_000).prop_map(|s| DateTime::from_timestamp(s, 0).unwrap());
        prop_oneof![
            Just(OrganisationState::Invited),
            at.clone().prop_map(|since| OrganisationState::Active { since }),
            at.clone().prop_map(|at| OrganisationState::Deactivated {
                at,
                closes_at: Closing::after(at, 90)
            }),
            at.prop_map(|at| OrganisationState::Closed { at, because: ClosedBecause::Withdrawn }),
        ]
    }

    proptest! {
        // R-L6: laid out or not, the same answer.
        #[test]
        fn the_board_answers_as_each_state_does(
            states in prop::collection::vec(states(), 0..40),
            seconds in 0i64..4_000_000_000,
            pick in any::<prop::sample::Index>(),
            nanos in -1i64..=1,
        ) {
            let mut now = DateTime::from_timestamp(seconds, 0).unwrap();
            if !states.is_empty() && let Some(closing) = pick.get(&states).closing() {
                now = closing.instant() + chrono::TimeDelta::nanoseconds(nanos);
            }
            let board: StatusBoard = states.iter().collect();
            let mut statuses = vec![OrganisationStatus::Active; 3];
            board.statuses_at(now, &mut statuses);
            let each: Vec<_> = states.iter().map(|state| state.status_at(now)).collect();
            prop_assert_eq!(&statuses, &each);
            prop_assert_eq!(board.len(), each.len());
            prop_assert_eq!(board.is_empty(), each.is_empty());
            let counts = board.counts_at(now);
            for status in OrganisationStatus::ALL {
                let count = each.iter().filter(|s| **s == status).count();
                prop_assert_eq!(counts.of(status), count);
            }
        }
    }
}
