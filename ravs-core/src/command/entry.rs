//! Entering an organisation.

use super::{Decided, Outcome};
use crate::change::{Context, Draft};
use crate::event::Happening;
use crate::organisation::OrganisationStatus;
use crate::refusal::{Code, Fault};
use crate::session::{Place, Session};
use crate::user::User;

/// Enters an organisation (R-S3, R-S4): the membership becomes Active, a waiting level applies,
/// and the first entry of all makes the organisation Active (R-L1).
///
/// `place` is the user's place there, `None` where they are no member.
///
/// # Errors
/// `not_a_member`, `organisation_closed`, `membership_deactivated`, in this order.
pub fn enter(
    context: Context<'_>,
    user: &User,
    place: Option<&Place>,
) -> Outcome<(Session, Place)> {
    let Some(Place { organisation, membership }) = place else {
        return Err(Fault::new(Code::NotAMember, "you are no member of this organisation").into());
    };
    let at = organisation.not_before(context.now);
    place.map_or(Ok(()), |place| place.check_enterable(at))?;
    let entered = membership.clone().enter(at)?;
    let activated = organisation.clone().enter(at).map_err(Fault::from)?;

    let mut draft = Draft::new(context);
    let replaced_level = membership.next_level().map(|_| membership.level());
    let what = Happening::MemberEntered { user: user.id(), replaced_level };
    draft.membership(Some(membership.version()), entered.clone());
    draft.happened_at(organisation.id(), at, what);
    if organisation.status_at(at) == OrganisationStatus::Invited {
        draft.organisation(Some(organisation.version()), activated.clone());
        draft.moved(&activated, at, Happening::OrganisationActivated);
    } else {
        draft.guard_organisation(organisation);
    }
    let session = Session::new(user.id(), organisation.id(), at);
    let place = Place { organisation: activated, membership: entered };
    Ok(Decided { change: draft.finish(), answer: (session, place) })
}
