//! What a lead administrator does with the users of the organisation they have entered.

use alloc::string::String;

use chrono::{DateTime, Utc};

use super::people::{Known, NewPerson, Terms, add_member, check_free, read_name};
use super::{Decided, Outcome};
use crate::change::{Context, Draft};
use crate::effect::Work;
use crate::event::Happening;
use crate::membership::{ClinicianStatus, Member, Membership, PermissionLevel, Roster};
use crate::notice::Notice;
use crate::organisation::Organisation;
use crate::permission::{self, Action, Standing};
use crate::refusal::{Code, Fault, Faults, Refusal, redacted_debug};
use crate::user::{EmailAddress, UserId};

/// Adds a user, as typed in (R-U2).
#[derive(Clone, PartialEq, Eq)]
pub struct AddUser {
    /// Their first name.
    pub first_name: String,
    /// Their last name.
    pub last_name: String,
    /// Their address.
    pub email: String,
    /// Whether they are a clinician.
    pub clinician: ClinicianStatus,
    /// Their level here.
    pub level: PermissionLevel,
}

redacted_debug!(AddUser);

/// Changes a user (R-U7); what is `None` stays as it is.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ChangeUser {
    /// Their address.
    pub email: String,
    /// Another level, from their next entry on.
    pub level: Option<PermissionLevel>,
    /// Another clinician status, at once.
    pub clinician: Option<ClinicianStatus>,
}

redacted_debug!(ChangeUser);

/// The acting member, if they may do this now (R-U1, R-S5).
pub(super) fn authorise(
    roster: &Roster,
    by: UserId,
    action: Action,
    now: DateTime<Utc>,
) -> Result<Member, Refusal> {
    let member = roster.by_user(by);
    let standing = member.map(|member| Standing::of(&roster.organisation, &member.membership));
    permission::require(standing.as_ref(), action, now)?;
    member.cloned().ok_or_else(|| not_a_member().into())
}

fn not_a_member() -> Fault {
    Fault::new(Code::NotAMember, "this address is no member here").at("email")
}

/// The member with an address as it was typed in.
pub(super) fn member_by_email<'a>(roster: &'a Roster, email: &str) -> Result<&'a Member, Fault> {
    let email = email.parse::<EmailAddress>().ok();
    email.and_then(|email| roster.by_email(&email)).ok_or_else(not_a_member)
}

/// Whether an address is free to become a member here (R-U3 to R-U5).
pub(super) fn check_newcomer(
    roster: &Roster,
    known: Option<&Known>,
    email: &str,
    context: &Context<'_>,
) -> Result<EmailAddress, Fault> {
    let email = email.parse::<EmailAddress>()?;
    match roster.by_email(&email) {
        Some(member) if member.membership.is_deactivated() => {
            let message = "this address is a deactivated member here; reactivate it instead";
            Err(Fault::new(Code::MemberDeactivated, message))
        }
        Some(_) => Err(Fault::new(Code::AlreadyAMember, "this address is a member here already")),
        None => {
            let at = roster.organisation.not_before(context.now);
            check_free(known, Some(roster.organisation.id()), context, at)?;
            context.settings.allowed_domains.read(email.as_str())
        }
    }
}

/// Adds a user to the organisation that was entered (R-U1 to R-U5).
///
/// # Errors
/// Why `manage_users` is not allowed; then all at once: `name_missing`, `name_too_long`,
/// `email_invalid`, `email_domain_not_allowed`, `email_in_use`, `already_a_member`,
/// `member_deactivated`.
pub fn add_user(
    context: Context<'_>,
    by: UserId,
    roster: &Roster,
    known: Option<&Known>,
    command: &AddUser,
) -> Outcome<Member> {
    let actor = authorise(roster, by, Action::ManageUsers, context.now)?;
    let AddUser { first_name, last_name, email, clinician, level } = command;
    let mut faults = Faults::default();
    let name = read_name(&mut faults, "", first_name, last_name);
    let email = faults.check("email", check_newcomer(roster, known, email, &context));
    let (name, email) = faults.into_result(name.zip(email))?;

    let mut draft = Draft::new(context);
    draft.guard_membership(&actor.membership);
    let terms = Terms { level: *level, next_level: None, clinician: *clinician, instead_of: None };
    let member = add_new(&mut draft, roster, NewPerson { name, email }, known, terms);
    Ok(Decided { change: draft.finish(), answer: member })
}

/// Adds somebody to the organisation as it stands in the roster, and welcomes them.
fn add_new(
    draft: &mut Draft<'_>,
    roster: &Roster,
    person: NewPerson,
    known: Option<&Known>,
    terms: Terms,
) -> Member {
    let organisation = &roster.organisation;
    let at = organisation.not_before(draft.context.now);
    let (touched, membership, user) =
        add_member(draft, organisation.clone(), person, known, terms, at);
    draft.organisation(Some(organisation.version()), touched);
    welcome(draft, user.id(), organisation);
    Member { user, membership }
}

/// Queues the welcome of a user who was added (R-N2).
pub(super) fn welcome(draft: &mut Draft<'_>, user: UserId, organisation: &Organisation) {
    let organisation = organisation.id();
    draft.effect(Work::Send { notice: Notice::WelcomeUser { user, organisation } });
}

/// Changes a user's level or clinician status (R-U7).
///
/// # Errors
/// Why `manage_users` is not allowed; `not_a_member`, `membership_deactivated`,
/// `last_lead_administrator`.
pub fn change_user(
    context: Context<'_>,
    by: UserId,
    roster: &Roster,
    command: &ChangeUser,
) -> Outcome<Member> {
    let actor = authorise(roster, by, Action::ManageUsers, context.now)?;
    let member = member_by_email(roster, &command.email)?;
    let (before, user) = (&member.membership, member.user.id());
    let at = roster.organisation.not_before(context.now);
    let mut draft = Draft::new(context);
    let mut after = before.clone();
    after.check_not_deactivated().map_err(|fault| fault.at("email"))?;
    if let Some(level) = command.level
        && level != before.level_at_next_entry()
    {
        after = after.change_level(level, at)?;
        roster.check_keeps_a_lead(&after).map_err(|fault| fault.at("level"))?;
        let (from, to) = (before.next_level(), after.next_level());
        touch(&mut draft, roster, at, Happening::MemberLevelChanged { user, from, to });
    }
    if let Some(clinician) = command.clinician
        && clinician != before.clinician()
    {
        after = after.change_clinician(clinician, at)?;
        let (from, to) = (before.clinician(), clinician);
        let what = Happening::MemberClinicianChanged { user, from, to };
        draft.happened_at(roster.organisation.id(), at, what);
    }
    draft.guard_organisation(&roster.organisation);
    Ok(changed(draft, &actor, member, after))
}

/// Takes a user's access here away, at once and nowhere else (R-U8).
///
/// # Errors
/// Why `deactivate_user` is not allowed; `not_a_member`, `already_deactivated`,
/// `last_lead_administrator`.
pub fn deactivate_user(
    context: Context<'_>,
    by: UserId,
    roster: &Roster,
    email: &str,
) -> Outcome<Member> {
    let actor = authorise(roster, by, Action::DeactivateUser, context.now)?;
    let member = member_by_email(roster, email)?;
    let (before, user) = (&member.membership, member.user.id());
    let at = roster.organisation.not_before(context.now);
    let after = before.clone().deactivate(at).map_err(|fault| fault.at("email"))?;
    roster.check_keeps_a_lead(&after).map_err(|fault| fault.at("email"))?;
    let mut draft = Draft::new(context);
    touch(&mut draft, roster, at, Happening::MemberDeactivated { user });
    draft.effect(Work::SettleAccess { user });
    Ok(changed(draft, &actor, member, after))
}

/// Gives a user their access here back (R-U8).
///
/// # Errors
/// Why `manage_users` is not allowed; `not_a_member`, `not_deactivated`.
pub fn reactivate_user(
    context: Context<'_>,
    by: UserId,
    roster: &Roster,
    email: &str,
) -> Outcome<Member> {
    let actor = authorise(roster, by, Action::ManageUsers, context.now)?;
    let member = member_by_email(roster, email)?;
    let (before, user) = (&member.membership, member.user.id());
    let at = roster.organisation.not_before(context.now);
    let after = before.clone().reactivate(at).map_err(|fault| fault.at("email"))?;
    let mut draft = Draft::new(context);
    touch(&mut draft, roster, at, Happening::MemberReactivated { user });
    draft.effect(Work::SettleAccess { user });
    Ok(changed(draft, &actor, member, after))
}

/// A change of a membership that also moves its organisation.
fn touch(draft: &mut Draft<'_>, roster: &Roster, at: DateTime<Utc>, what: Happening) {
    let organisation = &roster.organisation;
    let touched = organisation.clone().touch(at);
    draft.moved(&touched, at, what);
    draft.organisation(Some(organisation.version()), touched);
}

/// Finishes a change of a member, decided on the acting member as they are.
fn changed(
    mut draft: Draft<'_>,
    actor: &Member,
    member: &Member,
    after: Membership,
) -> Decided<Member> {
    draft.guard_membership(&actor.membership);
    if after != member.membership {
        draft.membership(Some(member.membership.version()), after.clone());
    }
    let answer = Member { user: member.user.clone(), membership: after };
    Decided { change: draft.finish(), answer }
}
