//! Who may do what, where, now.

mod action;
mod decision;
mod matrix;

use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::membership::{Membership, MembershipStatus, PermissionLevel};
use crate::organisation::{
    Organisation, OrganisationId, OrganisationState, OrganisationStatus, VaccineGrants,
};
use crate::refusal::{Code, Fault, Refusal};
use crate::stored::Version;
use crate::user::UserId;

pub use action::{Action, Request, UnknownAction};
pub use decision::{Decision, Reason, Reasons};

/// Where a user stands at an organisation: all that a decision needs, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The organisation.
    pub organisation: OrganisationId,
    /// The user.
    pub user: UserId,
    /// The last step of the organisation's life.
    pub state: OrganisationState,
    /// When the organisation last changed (UTC); time never runs backwards before it (R-L7).
    pub changed_at: DateTime<Utc>,
    /// The vaccine types the organisation may record.
    pub vaccines: VaccineGrants,
    /// Where the membership is.
    pub membership: MembershipStatus,
    /// The user's level in force.
    pub level: PermissionLevel,
    /// The version of the organisation.
    pub organisation_version: Version,
    /// The version of the membership.
    pub membership_version: Version,
}

impl Standing {
    /// The standing of this membership at this organisation.
    #[must_use]
    pub fn of(organisation: &Organisation, membership: &Membership) -> Self {
        Self {
            organisation: organisation.id(),
            user: membership.user(),
            state: *organisation.state(),
            changed_at: organisation.stored().changed_at,
            vaccines: organisation.vaccines().clone(),
            membership: membership.status(),
            level: membership.level(),
            organisation_version: organisation.version(),
            membership_version: membership.version(),
        }
    }

    /// The organisation's status at an instant (R-L6, R-L7).
    #[inline]
    #[must_use]
    pub fn status_at(&self, now: DateTime<Utc>) -> OrganisationStatus {
        self.state.status_at(now.max(self.changed_at))
    }
}

/// Decides whether an action is allowed at an instant (R-P4, R-P5): a total function that
/// neither waits nor allocates.
///
/// ```
/// # use ravs_core::{permission, Action, Decision, Reason, Standing};
/// # fn example(standing: &Standing, now: chrono::DateTime<chrono::Utc>) {
/// match permission::decide(standing, Action::CreateReports, now) {
///     Decision::Allowed => {}
///     Decision::Refused(Reason::PermissionLevel) => {}
///     Decision::Refused(_) => {}
/// }
/// # }
/// ```
#[inline]
pub fn decide<'a>(
    standing: &Standing,
    request: impl Into<Request<'a>>,
    now: DateTime<Utc>,
) -> Decision {
    let request = request.into();
    let status = standing.status_at(now);
    let decision = matrix::decision(standing.level, request.action(), status, standing.membership);
    match request.vaccine() {
        Some(vaccine) if decision.is_allowed() && !standing.vaccines.contains(vaccine) => {
            Decision::Refused(Reason::VaccineNotGranted)
        }
        _ => decision,
    }
}

/// Every reason that stands against an action at an instant, each judged by itself.
#[must_use]
pub fn reasons(standing: &Standing, request: Request<'_>, now: DateTime<Utc>) -> Reasons {
    let status = standing.status_at(now);
    let not_granted = |vaccine| !standing.vaccines.contains(vaccine);
    matrix::reasons(standing.level, request.action(), status, standing.membership)
        .when(request.vaccine().is_some_and(not_granted), Reason::VaccineNotGranted)
}

/// A decision explained (R-P6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// Whether the action is allowed.
    pub allowed: bool,
    /// Every reason against it, with what would lift it.
    pub reasons: Vec<ExplainedReason>,
    /// The next instant (UTC) at which the answer changes by itself: the closing time, while
    /// the organisation is Deactivated.
    pub changes_at: Option<DateTime<Utc>>,
}

/// One reason against an action, and what would lift it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExplainedReason {
    /// The reason.
    pub code: Reason,
    /// What would lift it, as a sentence for a person.
    pub lifted_by: &'static str,
}

/// Explains a decision: every reason, what would lift each, and when the answer changes by
/// itself (R-P6).
pub fn explain<'a>(
    standing: &Standing,
    request: impl Into<Request<'a>>,
    now: DateTime<Utc>,
) -> Explanation {
    let reasons = reasons(standing, request.into(), now);
    Explanation {
        allowed: reasons.is_empty(),
        reasons: reasons
            .iter()
            .map(|code| ExplainedReason { code, lifted_by: code.lifted_by() })
            .collect(),
        changes_at: standing.state.next_change_at(now.max(standing.changed_at)),
    }
}

/// Refuses an action that is not allowed, with every reason (R-P5).
///
/// # Errors
/// The reasons' codes, the first that holds being the refusal's; `not_a_member` where there is
/// no standing.
pub fn require<'a>(
    standing: Option<&Standing>,
    request: impl Into<Request<'a>>,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let Some(standing) = standing else {
        return Err(Fault::new(Code::NotAMember, "you are no member of this organisation").into());
    };
    let reasons = reasons(standing, request.into(), now);
    Refusal::of(reasons.iter().map(Fault::from).collect()).map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests;
