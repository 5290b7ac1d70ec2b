//! Moving a person to their main email at one organisation.

use alloc::string::String;

use super::people::{Known, NewPerson, Terms, add_member};
use super::users::{authorise, check_newcomer, member_by_email, welcome};
use super::{Decided, Outcome};
use crate::change::{Context, Draft};
use crate::effect::Work;
use crate::event::Happening;
use crate::membership::{Member, Membership};
use crate::permission::Action;
use crate::refusal::{Fault, Faults, redacted_debug};
use crate::user::UserId;

use crate::membership::Roster;

/// Moves a person from an extra address to their main one (R-U10).
#[derive(Clone, Default, PartialEq, Eq)]
pub struct MoveToMainEmail {
    /// The extra address, a member here.
    pub from: String,
    /// The main address.
    pub to: String,
}

redacted_debug!(MoveToMainEmail);

/// Adds the main address with the extra one's level, also a waiting one, and clinician status,
/// and deactivates the extra one (R-U10). Records keep the author they had.
///
/// # Errors
/// Why `manage_users` is not allowed; then all at once, of `from` `not_a_member`,
/// `membership_deactivated`, of `to` what [`add_user`](super::add_user) says of an address; then
/// `last_lead_administrator`.
pub fn move_to_main_email(
    context: Context<'_>,
    by: UserId,
    roster: &Roster,
    known: Option<&Known>,
    command: &MoveToMainEmail,
) -> Outcome<Member> {
    let actor = authorise(roster, by, Action::ManageUsers, context.now)?;
    let mut faults = Faults::default();
    let extra = faults.check("from", usable_member(roster, &command.from));
    let email = faults.check("to", check_newcomer(roster, known, &command.to, &context));
    let (extra, email) = faults.into_result(extra.zip(email))?;

    let (before, extra_user) = (&extra.membership, extra.user.id());
    let at = roster.organisation.not_before(context.now);
    let terms = Terms {
        level: before.level(),
        next_level: before.next_level(),
        clinician: before.clinician(),
        instead_of: Some(extra_user),
    };
    let mut draft = Draft::new(context);
    draft.guard_membership(&actor.membership);
    let person = NewPerson { name: extra.user.name().clone(), email };
    let organisation = roster.organisation.clone();
    let version = organisation.version();
    let (organisation, main, user) = add_member(&mut draft, organisation, person, known, terms, at);
    let after = before.clone().deactivate(at)?;
    roster.check_move_keeps_a_lead(&after, &main).map_err(|fault| fault.at("from"))?;
    let organisation = organisation.touch(at);
    draft.membership(Some(before.version()), after);
    draft.moved(&organisation, at, Happening::MemberDeactivated { user: extra_user });
    welcome(&mut draft, user.id(), &organisation);
    draft.effect(Work::SettleAccess { user: extra_user });
    draft.organisation(Some(version), organisation);
    Ok(Decided { change: draft.finish(), answer: Member { user, membership: main } })
}

fn usable_member<'a>(roster: &'a Roster, email: &str) -> Result<&'a Member, Fault> {
    let member = member_by_email(roster, email)?;
    Membership::check_not_deactivated(&member.membership)?;
    Ok(member)
}
