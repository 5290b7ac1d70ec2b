//! Accounts at the identity provider, and emails that have lost their point.

use chrono::{DateTime, Utc};

use super::{Decided, Outcome};
use crate::change::{ChangeSet, ChangeSetId, Context, Draft};
use crate::effect::{EffectKey, Work};
use crate::event::Happening;
use crate::notice::Notice;
use crate::refusal::{Code, Fault};
use crate::region::RegionalLead;
use crate::session::Place;
use crate::user::User;

/// Whether a person should have access to RAVS at the identity provider (R-N5): with a usable
/// membership at an organisation that is not Closed, or as a regional lead.
#[must_use]
pub fn has_access(places: &[Place], lead: Option<&RegionalLead>, now: DateTime<Utc>) -> bool {
    places.iter().any(|place| place.check_enterable(now).is_ok())
        || lead.is_some_and(RegionalLead::is_active)
}

/// Has the identity provider's activation email sent again (R-A5).
///
/// # Errors
/// `unknown_user`.
pub fn request_activation_email(context: Context<'_>, user: Option<&User>) -> Outcome<()> {
    let Some(user) = user else {
        let message = "nobody is known under this address";
        return Err(Fault::new(Code::UnknownUser, message).at("email").into());
    };
    let mut draft = Draft::new(context);
    draft.happened_to(user.id(), context.now, Happening::ActivationEmailRequested);
    draft.effect(Work::ResendActivation { user: user.id() });
    Ok(Decided { change: draft.finish(), answer: () })
}

/// Notes in the history that an email had lost its point (R-N7). Its id comes from the effect's
/// key, so that it is noted once however often the effect is carried out.
#[must_use]
pub fn drop_email(context: Context<'_>, key: &EffectKey, notice: &Notice) -> ChangeSet {
    let id = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, key.as_str().as_bytes());
    let mut draft = Draft::repeatable(context, ChangeSetId::from_uuid(id));
    let (user, kind) = (notice.user(), notice.kind());
    let what = Happening::EmailDropped { notice: kind, user };
    match notice.organisation() {
        Some(organisation) => draft.happened_at(organisation, context.now, what),
        None => draft.happened_to(user, context.now, what),
    }
    draft.finish()
}
