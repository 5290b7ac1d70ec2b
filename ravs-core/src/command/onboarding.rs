//! Onboarding a body.

use alloc::string::String;
use alloc::vec::Vec;

use super::closing;
use super::nomination::read_nominees;
use super::people::{Known, Nominee, Terms, add_member, check_free, welcome_nominee};
use super::{Decided, Outcome};
use crate::change::{Context, Draft, Guard};
use crate::characters::without_nul;
use crate::event::Happening;
use crate::london;
use crate::membership::Roster;
use crate::organisation::{
    Body, Organisation, OrganisationId, OrganisationStatus, VaccineGrants, VaccineType,
};
use crate::policy::VaccinesAtOnboarding;
use crate::refusal::{Code, Fault, Faults};
use crate::region::RegionalLead;

/// Invites a body to use the service, as typed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Onboard {
    /// The body's ODS code.
    pub ods_code: String,
    /// The names of the vaccine types it may record.
    pub vaccines: Vec<String>,
    /// The users who become its lead administrators.
    pub nominees: Vec<Nominee>,
}

/// What was found of a body and its nominees.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The body in the directory.
    pub body: Option<Body>,
    /// Its organisation that is not stored as Closed.
    pub unclosed: Option<Roster>,
    /// The nominees who are users already.
    pub known: Vec<Known>,
}

/// Onboards a body: a new organisation, Invited, with its nominees as lead administrators
/// (R-O1 to R-O6). One of the same body whose closing has come is written down as closed.
///
/// # Errors
/// All at once: `body_not_found`, `body_legally_closed`, `already_onboarded`,
/// `no_vaccines_chosen`, `unknown_vaccine`, `too_few_nominees`, `duplicate_nominee`,
/// `name_missing`, `name_too_long`, `email_invalid`, `email_domain_not_allowed`, `email_in_use`.
pub fn onboard(
    context: Context<'_>,
    lead: &RegionalLead,
    found: &Found,
    command: &Onboard,
) -> Outcome<Organisation> {
    let policy = &context.settings.policy;
    let mut faults = Faults::default();
    let body = faults.check("ods_code", check_body(found.body.as_ref(), &context));
    faults.check("ods_code", check_not_onboarded(found.unclosed.as_ref(), &context));
    let vaccines = read_vaccines(&mut faults, &command.vaccines, &context);
    let must_choose = policy.vaccines_at_onboarding == VaccinesAtOnboarding::AtLeastOne;
    if must_choose && command.vaccines.is_empty() {
        let message = "choose at least one vaccine type";
        faults.add(Fault::new(Code::NoVaccinesChosen, message).at("vaccines"));
    }
    let fewest = usize::from(policy.fewest_nominees);
    let nominees = read_nominees(&mut faults, &command.nominees, fewest, |email| {
        check_free(Known::find(&found.known, &email), None, &context, context.now)?;
        context.settings.allowed_domains.read(email.as_str())
    });
    let body = as_kept(faults.into_result(body)?);

    let mut draft = Draft::new(context);
    draft.guard(Guard::RegionalLead(lead.user(), lead.version()));
    if let Some(roster) = &found.unclosed {
        closing::write_down(&mut draft, roster).map_err(Fault::from)?;
    }
    let id = OrganisationId::from_uuid(context.ids.next_id());
    let (grants, vaccines) = VaccineGrants::default().with(vaccines);
    let (region, at) = (lead.region(), context.now);
    let mut organisation = Organisation::invite(id, body.clone(), region, lead.user(), grants, at);
    let Body { code: ods_code, name, address, postcode, .. } = body;
    draft.moved(
        &organisation,
        at,
        Happening::OrganisationInvited {
            ods_code,
            name,
            address,
            postcode,
            region,
            invited_by: lead.user(),
            vaccines,
        },
    );
    for person in nominees {
        let known = Known::find(&found.known, &person.email);
        let (touched, _, user) =
            add_member(&mut draft, organisation, person, known, Terms::NOMINEE, at);
        organisation = touched;
        welcome_nominee(&mut draft, user.id(), id);
    }
    draft.organisation(None, organisation.clone());
    Ok(Decided { change: draft.finish(), answer: organisation })
}

fn not_found() -> Fault {
    Fault::new(Code::BodyNotFound, "the directory knows no body under this code")
}

/// The body with its texts as every store can keep them.
fn as_kept(body: &Body) -> Body {
    let Body { code, name, address, postcode, legally_closed } = body;
    let [name, address, postcode] = [name, address, postcode].map(|text| without_nul(text));
    Body { code: code.clone(), name, address, postcode, legally_closed: *legally_closed }
}

fn check_body<'a>(body: Option<&'a Body>, context: &Context<'_>) -> Result<&'a Body, Fault> {
    let body = body.ok_or_else(not_found)?;
    if body.is_legally_closed_on(london::date(context.now)) {
        let message = "this body is legally closed in the directory";
        return Err(Fault::new(Code::BodyLegallyClosed, message));
    }
    Ok(body)
}

/// At most one organisation of a body that is not Closed, over all regions (R-O4).
fn check_not_onboarded(unclosed: Option<&Roster>, context: &Context<'_>) -> Result<(), Fault> {
    let Some(roster) = unclosed else { return Ok(()) };
    let status = roster.organisation.status_at(context.now);
    let hint = match status {
        OrganisationStatus::Closed => return Ok(()),
        OrganisationStatus::Deactivated => "; it can be reactivated until it closes",
        OrganisationStatus::Invited | OrganisationStatus::Active => "",
    };
    let message = alloc::format!("this body is onboarded already, and is {status}{hint}");
    Err(Fault::new(Code::AlreadyOnboarded, message))
}

/// Reads the names of vaccine types, noting each fault at its place.
pub(super) fn read_vaccines(
    faults: &mut Faults,
    names: &[String],
    context: &Context<'_>,
) -> Vec<VaccineType> {
    let read = names.iter().enumerate().filter_map(|(place, name)| {
        faults.check(&alloc::format!("vaccines[{place}]"), context.settings.vaccines.read(name))
    });
    read.collect()
}
