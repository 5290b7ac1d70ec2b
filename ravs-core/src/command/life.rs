//! The steps of an organisation's life that a regional lead takes.

use alloc::string::String;
use alloc::vec::Vec;

use super::closing::settle_accounts;
use super::onboarding::read_vaccines;
use super::regional_leads::{in_region, roster_in_region};
use super::{Decided, Outcome};
use crate::change::{Context, Draft, Guard};
use crate::effect::Work;
use crate::event::Happening;
use crate::membership::{Membership, PermissionLevel, Roster};
use crate::notice::Notice;
use crate::organisation::{ClosedBecause, Closing, Organisation, Step, VaccineType};
use crate::refusal::{Code, Fault, Faults};
use crate::region::RegionalLead;
use crate::user::UserId;

/// Takes back an invitation (R-O7): no email goes, and the code is free at once.
///
/// # Errors
/// `not_in_your_region`; `already_active`, `organisation_closed`.
pub fn withdraw(
    context: Context<'_>,
    lead: &RegionalLead,
    roster: Option<&Roster>,
) -> Outcome<Organisation> {
    let roster = roster_in_region(lead, roster)?;
    let what = Happening::OrganisationClosed { because: ClosedBecause::Withdrawn };
    let after = roster.organisation.clone().withdraw(context.now).map_err(Fault::from)?;
    let mut draft = stepped(context, lead, &roster.organisation, &after, what);
    settle_accounts(&mut draft, roster);
    Ok(Decided { change: draft.finish(), answer: after })
}

/// Deactivates an organisation (R-L2) and tells its lead administrators (R-N3).
///
/// # Errors
/// `not_in_your_region`; `still_invited`, `already_deactivated`, `organisation_closed`.
pub fn deactivate(
    context: Context<'_>,
    lead: &RegionalLead,
    roster: Option<&Roster>,
) -> Outcome<Organisation> {
    let roster = roster_in_region(lead, roster)?;
    let days = context.settings.policy.days_until_closing;
    let after = roster.organisation.clone().deactivate(days, context.now).map_err(Fault::from)?;
    let (at, closes_at) =
        (after.stored().changed_at, Closing::after(after.stored().changed_at, days));
    let what = Happening::OrganisationDeactivated { closes_at };
    let mut draft = stepped(context, lead, &roster.organisation, &after, what);
    let organisation = after.id();
    for user in lead_administrators(roster) {
        let notice = Notice::OrganisationDeactivated { user, organisation, at, closes_at };
        draft.effect(Work::Send { notice });
    }
    Ok(Decided { change: draft.finish(), answer: after })
}

/// Reactivates an organisation (R-L4) and tells its lead administrators (R-N3).
///
/// # Errors
/// `not_in_your_region`; `not_deactivated`, `organisation_closed`.
pub fn reactivate(
    context: Context<'_>,
    lead: &RegionalLead,
    roster: Option<&Roster>,
) -> Outcome<Organisation> {
    let roster = roster_in_region(lead, roster)?;
    let instead_of = roster.organisation.state().closing();
    let after = roster.organisation.clone().reactivate(context.now).map_err(Fault::from)?;
    let what = Happening::OrganisationReactivated { instead_of };
    let mut draft = stepped(context, lead, &roster.organisation, &after, what);
    // A worker whose clock ran ahead may have settled them as if the closing had come (R-N5).
    settle_accounts(&mut draft, roster);
    let (organisation, at) = (after.id(), after.stored().changed_at);
    for user in lead_administrators(roster) {
        let notice = Notice::OrganisationReactivated { user, organisation, at };
        draft.effect(Work::Send { notice });
    }
    Ok(Decided { change: draft.finish(), answer: after })
}

/// An organisation with further vaccine types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddedVaccines {
    /// The organisation as it is now.
    pub organisation: Organisation,
    /// The types that it did not have before.
    pub added: Vec<VaccineType>,
}

/// Adds vaccine types to an Invited or Active organisation (R-V2).
///
/// # Errors
/// `not_in_your_region`; `organisation_deactivated`, `organisation_closed`; then all at once:
/// `no_vaccines_chosen`, `unknown_vaccine`.
pub fn add_vaccines(
    context: Context<'_>,
    lead: &RegionalLead,
    organisation: Option<&Organisation>,
    names: &[String],
) -> Outcome<AddedVaccines> {
    let before = in_region(lead, organisation)?;
    before.check_growth(Step::AddVaccines, context.now).map_err(Fault::from)?;
    let mut faults = Faults::default();
    if names.is_empty() {
        let message = "choose at least one vaccine type";
        faults.add(Fault::new(Code::NoVaccinesChosen, message).at("vaccines"));
    }
    let vaccines = read_vaccines(&mut faults, names, &context);
    faults.refuse_if_any()?;
    let (after, added) = before.clone().add_vaccines(vaccines, context.now).map_err(Fault::from)?;
    let draft = if added.is_empty() {
        Draft::new(context)
    } else {
        let what = Happening::VaccinesAdded { vaccines: added.clone() };
        stepped(context, lead, before, &after, what)
    };
    Ok(Decided { change: draft.finish(), answer: AddedVaccines { organisation: after, added } })
}

/// The draft of a step: the organisation before and after it, and what happened.
fn stepped<'a>(
    context: Context<'a>,
    lead: &RegionalLead,
    before: &Organisation,
    after: &Organisation,
    what: Happening,
) -> Draft<'a> {
    let mut draft = Draft::new(context);
    draft.guard(Guard::RegionalLead(lead.user(), lead.version()));
    draft.organisation(Some(before.version()), after.clone());
    draft.moved(after, after.stored().changed_at, what);
    draft
}

/// Every lead administrator, by their level or a waiting one, who has not lost access (R-N3).
fn lead_administrators(roster: &Roster) -> impl Iterator<Item = UserId> {
    let leads = |membership: &Membership| {
        let lead = PermissionLevel::LeadAdministrator;
        !membership.is_deactivated()
            && (membership.level() == lead || membership.level_at_next_entry() == lead)
    };
    roster
        .members
        .iter()
        .filter(move |member| leads(&member.membership))
        .map(|member| member.user.id())
}
