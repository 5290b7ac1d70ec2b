//! The matrix of R-P1 to R-P3, as sets of actions.

use super::Action;
use crate::membership::PermissionLevel;
use crate::organisation::OrganisationStatus;

/// A set of actions, a bit each.
type Actions = u8;

const fn set(actions: &[Action]) -> Actions {
    let mut set = 0;
    let mut rest = actions;
    while let [action, others @ ..] = rest {
        set |= 1 << *action as u8;
        rest = others;
    }
    set
}

const EVERYTHING: Actions = set(&Action::ALL);

const RECORDING: Actions = set(&[Action::RecordVaccination, Action::EditVaccination]);

const RUNNING: Actions = RECORDING | set(&[Action::ManageVaccines, Action::CreateReports]);

/// What an organisation that is closing still lets through (R-P3): what only looks back, and
/// what only takes access away.
const CLOSING: Actions =
    set(&[Action::EditVaccination, Action::CreateReports, Action::DeactivateUser]);

/// Whether a level covers an action (R-P1).
#[inline]
pub(super) const fn covers(level: PermissionLevel, action: Action) -> bool {
    let covered = match level {
        PermissionLevel::Recorder => RECORDING,
        PermissionLevel::Administrator => RUNNING,
        PermissionLevel::LeadAdministrator => EVERYTHING,
    };
    covered & (1 << action as u8) != 0
}

/// Whether an organisation's status lets an action through (R-P3).
#[inline]
pub(super) const fn lets_through(status: OrganisationStatus, action: Action) -> bool {
    let let_through = match status {
        OrganisationStatus::Active => EVERYTHING,
        OrganisationStatus::Deactivated => CLOSING,
        OrganisationStatus::Invited | OrganisationStatus::Closed => 0,
    };
    let_through & (1 << action as u8) != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    // R-P1: the table of the page, its first and last column split in two (R-P2).
    #[test]
    fn levels_cover_what_the_page_says() {
        let table = [
            (PermissionLevel::Recorder, [true, true, false, false, false, false]),
            (PermissionLevel::Administrator, [true, true, true, true, false, false]),
            (PermissionLevel::LeadAdministrator, [true; 6]),
        ];
        for (level, row) in table {
            assert_eq!(Action::ALL.map(|action| covers(level, action)), row, "{level}");
        }
    }

    // R-P3
    #[test]
    fn statuses_let_through_what_the_rulebook_says() {
        let table = [
            (OrganisationStatus::Invited, [false; 6]),
            (OrganisationStatus::Active, [true; 6]),
            (OrganisationStatus::Deactivated, [false, true, false, true, false, true]),
            (OrganisationStatus::Closed, [false; 6]),
        ];
        for (status, row) in table {
            assert_eq!(Action::ALL.map(|action| lets_through(status, action)), row, "{status}");
        }
    }
}
