//! The matrix of R-P1 to R-P3, as sets of actions.

use super::{Action, Decision, Reason, Reasons};
use crate::membership::{MembershipStatus, PermissionLevel};
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

const RUNNING: Actions = set(&[
    Action::RecordVaccination,
    Action::EditVaccination,
    Action::ManageVaccines,
    Action::CreateReports,
]);

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

/// Every reason against an action but the vaccine type, each judged by itself (R-P5).
pub(super) const fn reasons(
    level: PermissionLevel,
    action: Action,
    organisation: OrganisationStatus,
    membership: MembershipStatus,
) -> Reasons {
    let withheld = matches!(organisation, OrganisationStatus::Deactivated)
        && !lets_through(organisation, action);
    Reasons::NONE
        .when(matches!(organisation, OrganisationStatus::Closed), Reason::OrganisationClosed)
        .when(matches!(membership, MembershipStatus::Deactivated), Reason::MembershipDeactivated)
        .when(matches!(organisation, OrganisationStatus::Invited), Reason::OrganisationInvited)
        .when(matches!(membership, MembershipStatus::Invited), Reason::MembershipInvited)
        .when(withheld, Reason::OrganisationDeactivated)
        .when(!covers(level, action), Reason::PermissionLevel)
}

/// The decision of a cell, the vaccine type apart: looked up, as it is asked at every call.
#[inline]
pub(super) fn decision(
    level: PermissionLevel,
    action: Action,
    organisation: OrganisationStatus,
    membership: MembershipStatus,
) -> Decision {
    let cell = cell(level, action, organisation, membership);
    // No cell is outside the table; if one were, the answer would be no.
    DECISIONS.get(cell).copied().unwrap_or(Decision::Refused(Reason::OrganisationClosed))
}

const LEVELS: usize = PermissionLevel::ALL.len();
const ACTIONS: usize = Action::ALL.len();
const STATUSES: usize = OrganisationStatus::ALL.len();
const MEMBERSHIPS: usize = MembershipStatus::ALL.len();

const fn cell(
    level: PermissionLevel,
    action: Action,
    organisation: OrganisationStatus,
    membership: MembershipStatus,
) -> usize {
    // Each of the four is below 7: nothing wraps.
    (level as usize)
        .wrapping_mul(ACTIONS)
        .wrapping_add(action as usize)
        .wrapping_mul(STATUSES)
        .wrapping_add(organisation as usize)
        .wrapping_mul(MEMBERSHIPS)
        .wrapping_add(membership as usize)
}

/// All 216 decisions, worked out by the compiler from [`reasons`].
#[expect(clippy::indexing_slicing, reason = "the compiler refuses a cell outside the table")]
static DECISIONS: [Decision; LEVELS * ACTIONS * STATUSES * MEMBERSHIPS] = {
    let mut table = [Decision::Allowed; LEVELS * ACTIONS * STATUSES * MEMBERSHIPS];
    let mut levels: &[PermissionLevel] = &PermissionLevel::ALL;
    while let [level, rest @ ..] = levels {
        levels = rest;
        let mut actions: &[Action] = &Action::ALL;
        while let [action, rest @ ..] = actions {
            actions = rest;
            let mut statuses: &[OrganisationStatus] = &OrganisationStatus::ALL;
            while let [status, rest @ ..] = statuses {
                statuses = rest;
                let mut memberships: &[MembershipStatus] = &MembershipStatus::ALL;
                while let [membership, rest @ ..] = memberships {
                    memberships = rest;
                    let cell = cell(*level, *action, *status, *membership);
                    table[cell] = reasons(*level, *action, *status, *membership).decision();
                }
            }
        }
    }
    table
};

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
