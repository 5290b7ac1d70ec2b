//! Whom a verified identity belongs to.

use super::{Decided, Outcome};
use crate::change::{Context, Draft};
use crate::event::Happening;
use crate::refusal::{Code, Fault, Refusal};
use crate::user::{Subject, User};

/// Whom a verified identity belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identified {
    /// A user linked to the subject.
    Linked(User),
    /// A user with that address who has never signed in.
    ToLink(User),
}

/// Finds the user of a verified identity (R-S1): by subject; only a user with no subject yet may
/// be found by the address.
///
/// # Errors
/// `unknown_user`, also where the address matches and the subject does not.
pub fn identify(by_subject: Option<User>, by_email: Option<User>) -> Result<Identified, Refusal> {
    match (by_subject, by_email) {
        (Some(user), _) => Ok(Identified::Linked(user)),
        (None, Some(user)) if user.subject().is_none() => Ok(Identified::ToLink(user)),
        (None, _) => Err(unknown()),
    }
}

fn unknown() -> Refusal {
    Fault::new(Code::UnknownUser, "there is no RAVS account for this sign-in").into()
}

/// Links a user to a subject, for good (R-S1).
///
/// # Errors
/// `unknown_user` for one who is linked already.
pub fn link(context: Context<'_>, user: &User, subject: &Subject) -> Outcome<User> {
    let linked = user.clone().link(subject.clone(), context.now).ok_or_else(unknown)?;
    let mut draft = Draft::new(context);
    draft.user(Some(user.version()), linked.clone());
    let what = Happening::UserLinked { subject: subject.clone() };
    draft.happened_to(user.id(), linked.changed_at(), what);
    Ok(Decided { change: draft.finish(), answer: linked })
}
