//! Regional leads, and what they may act on.

use alloc::string::String;

use super::people::{Known, NewPerson, known_or_new, read_name};
use super::{Decided, Outcome};
use crate::change::{Context, Draft};
use crate::effect::Work;
use crate::event::Happening;
use crate::membership::Roster;
use crate::notice::Notice;
use crate::organisation::Organisation;
use crate::refusal::{Code, Fault, Faults, Refusal, redacted_debug};
use crate::region::{Region, RegionalLead};
use crate::user::User;

/// Gives a person access to the onboarding tool, for a region that asked for it.
#[derive(Clone, PartialEq, Eq)]
pub struct AddRegionalLead {
    /// The region.
    pub region: Region,
    /// The address from which the request came.
    pub requested_from: String,
    /// Their first name.
    pub first_name: String,
    /// Their last name.
    pub last_name: String,
    /// Their address.
    pub email: String,
}

redacted_debug!(AddRegionalLead);

/// Adds a regional lead (R-A2). `known` is the user with that address, and their access if they
/// ever had any.
///
/// # Errors
/// `not_the_rvoc_mailbox`, `name_missing`, `name_too_long`, `email_invalid`,
/// `email_domain_not_allowed`, `email_in_use`.
pub fn add_regional_lead(
    context: Context<'_>,
    known: Option<(&User, Option<&RegionalLead>)>,
    command: &AddRegionalLead,
) -> Outcome<User> {
    let AddRegionalLead { region, requested_from, first_name, last_name, email } = command;
    let settings = context.settings;
    let mut faults = Faults::default();
    faults.check("requested_from", settings.rvoc_mailboxes.check(*region, requested_from));
    let name = read_name(&mut faults, "", first_name, last_name);
    let email = faults.check("email", settings.allowed_domains.read(email));
    let before = known.and_then(|(_, lead)| lead);
    let lead = before.map(|lead| lead.clone().add_again(*region, context.now)).transpose();
    let lead = faults.check("email", lead).flatten();
    let (name, email) = faults.into_result(name.zip(email))?;

    let mut draft = Draft::new(context);
    let at = lead.as_ref().map_or(context.now, RegionalLead::changed_at);
    let known = known.map(|(user, _)| Known { user: user.clone(), places: alloc::vec![] });
    let user = known_or_new(&mut draft, NewPerson { name, email }, known.as_ref(), at);
    let lead = lead.unwrap_or_else(|| RegionalLead::add(user.id(), *region, at));
    draft.regional_lead(before.map(RegionalLead::version), lead);
    draft.happened_to(user.id(), at, Happening::RegionalLeadAdded { region: *region });
    draft.effect(Work::OpenAccount { user: user.id() });
    draft.effect(Work::Send { notice: Notice::WelcomeRegionalLead { user: user.id() } });
    Ok(Decided { change: draft.finish(), answer: user })
}

/// Stops a regional lead's access (R-A5).
///
/// # Errors
/// `not_a_regional_lead` for anybody who has none.
pub fn stop_regional_lead(context: Context<'_>, lead: Option<&RegionalLead>) -> Outcome<()> {
    let lead = lead_of(lead)?;
    let stopped = lead.clone().stop(context.now)?;
    let (user, region, at) = (lead.user(), lead.region(), stopped.changed_at());
    let mut draft = Draft::new(context);
    draft.regional_lead(Some(lead.version()), stopped);
    draft.happened_to(user, at, Happening::RegionalLeadStopped { region });
    draft.effect(Work::SettleAccess { user });
    Ok(Decided { change: draft.finish(), answer: () })
}

/// The lead, if they may work in the tool (R-A3).
///
/// # Errors
/// `not_a_regional_lead`.
pub fn lead_of(lead: Option<&RegionalLead>) -> Result<&RegionalLead, Refusal> {
    let lead = lead.ok_or_else(RegionalLead::unknown)?;
    lead.check_active()?;
    Ok(lead)
}

/// The organisation, if the lead may act on it: one of their region, whoever invited it (R-A3).
/// One that does not exist answers like another region's.
///
/// # Errors
/// `not_in_your_region`.
pub fn in_region<'a>(
    lead: &RegionalLead,
    organisation: Option<&'a Organisation>,
) -> Result<&'a Organisation, Refusal> {
    organisation.filter(|organisation| organisation.region() == lead.region()).ok_or_else(|| {
        Fault::new(Code::NotInYourRegion, "this is not an organisation of your region").into()
    })
}

/// The same of an organisation with its members.
pub(super) fn roster_in_region<'a>(
    lead: &RegionalLead,
    roster: Option<&'a Roster>,
) -> Result<&'a Roster, Refusal> {
    in_region(lead, roster.map(|roster| &roster.organisation))?;
    roster.ok_or_else(|| RegionalLead::unknown().into())
}
