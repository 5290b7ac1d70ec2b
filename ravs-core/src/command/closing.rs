//! Writing down a closing that has come.

use super::{Decided, Outcome};
use crate::change::{Context, Draft};
use crate::effect::Work;
use crate::event::{Actor, Happening};
use crate::membership::Roster;
use crate::organisation::{ClosedBecause, Organisation, StepRefused};
use crate::refusal::Fault;

/// Writes down a closing that has come: its event, and the accounts to release (R-L6, R-N5).
///
/// # Errors
/// `not_deactivated` while none is due, `organisation_closed` when it is written down already.
pub fn close(context: Context<'_>, roster: &Roster) -> Outcome<Organisation> {
    let mut draft = Draft::new(context);
    let answer = write_down(&mut draft, roster).map_err(Fault::from)?;
    Ok(Decided { change: draft.finish(), answer })
}

/// The same, as part of another change. Its author is the library, whoever makes that change.
pub(super) fn write_down(
    draft: &mut Draft<'_>,
    roster: &Roster,
) -> Result<Organisation, StepRefused> {
    let organisation = roster.organisation.clone();
    let version = organisation.version();
    let closed = organisation.write_down_closing(draft.context.now)?;
    draft.organisation(Some(version), closed.clone());
    let what = Happening::OrganisationClosed { because: ClosedBecause::GracePeriodEnded };
    let at = closed.stored().changed_at;
    draft.in_the_name_of(Actor::System, |draft| draft.moved(&closed, at, what));
    settle_accounts(draft, roster);
    Ok(closed)
}

/// Has the access of everyone settled anew whose membership is not deactivated (R-N5).
pub(super) fn settle_accounts(draft: &mut Draft<'_>, roster: &Roster) {
    for member in roster.members.iter().filter(|member| !member.membership.is_deactivated()) {
        draft.effect(Work::SettleAccess { user: member.user.id() });
    }
}
