//! Section 8: the matrix as the page has it.

use chrono::{DateTime, Utc};
use ravs_core::{Action, Code, MembershipStatus, OrganisationStatus, PermissionLevel};

use super::{Answer, Organisation};

/// R-P5: every reason against an action, in the order in which they are given. `None` for a
/// person who is no member.
pub(in crate::model) fn reasons(
    organisation: &Organisation,
    email: &str,
    action: Action,
    vaccine: Option<&str>,
    now: DateTime<Utc>,
) -> Option<Vec<Code>> {
    let member = organisation.members.get(email)?;
    let status = organisation.status(now);
    let mut codes = Vec::new();
    if status == OrganisationStatus::Closed {
        codes.push(Code::OrganisationClosed);
    }
    if member.status == MembershipStatus::Deactivated {
        codes.push(Code::MembershipDeactivated);
    }
    if status == OrganisationStatus::Invited {
        codes.push(Code::OrganisationInvited);
    }
    if member.status == MembershipStatus::Invited {
        codes.push(Code::MembershipInvited);
    }
    if status == OrganisationStatus::Deactivated && !open_while_deactivated(action) {
        codes.push(Code::OrganisationDeactivated);
    }
    if !level_covers(member.level, action) {
        codes.push(Code::PermissionLevel);
    }
    if vaccine.is_some_and(|vaccine| {
        !organisation.vaccines.iter().any(|granted| granted.eq_ignore_ascii_case(vaccine.trim()))
    }) {
        codes.push(Code::VaccineNotGranted);
    }
    Some(codes)
}

/// Refuses what is not allowed, with every reason in order.
pub(super) fn require(
    organisation: &Organisation,
    email: &str,
    action: Action,
    vaccine: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), Answer> {
    match reasons(organisation, email, action, vaccine, now) {
        None => Err(Answer::refused(Code::NotAMember)),
        Some(codes) if codes.is_empty() => Ok(()),
        Some(codes) => Err(Answer::Refused { codes, in_order: true }),
    }
}

/// R-P1, R-P2.
fn level_covers(level: PermissionLevel, action: Action) -> bool {
    match action {
        Action::RecordVaccination | Action::EditVaccination => true,
        Action::ManageVaccines | Action::CreateReports => level != PermissionLevel::Recorder,
        Action::ManageUsers | Action::DeactivateUser => level == PermissionLevel::LeadAdministrator,
    }
}

/// R-P3.
fn open_while_deactivated(action: Action) -> bool {
    match action {
        Action::EditVaccination | Action::CreateReports | Action::DeactivateUser => true,
        Action::RecordVaccination | Action::ManageVaccines | Action::ManageUsers => false,
    }
}
