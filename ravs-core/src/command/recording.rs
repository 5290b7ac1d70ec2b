//! Recording vaccinations, and editing records.

use alloc::string::String;

use chrono::NaiveDate;

use super::{Decided, Outcome};
use crate::change::{Context, Draft, Guard};
use crate::event::Happening;
use crate::membership::Member;
use crate::organisation::VaccineType;
use crate::permission::{self, Action, Request, Standing};
use crate::record::{RecordDetails, RecordId, Revision, VaccinationRecord};
use crate::refusal::{Code, Fault, Faults, Refusal, redacted_debug};
use crate::user::{EmailAddress, UserId};

/// Records a vaccination, as typed in.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RecordVaccination {
    /// The name of the vaccine type.
    pub vaccine: String,
    /// The day on which it was given.
    pub given_on: NaiveDate,
    /// The address of the clinician who assessed the patient.
    pub assessing: String,
    /// The address of the clinician who took the patient's consent.
    pub consenting: String,
}

/// Edits a record, as typed in; what is `None` stays as it is.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct EditRecord {
    /// Another day on which it was given.
    pub given_on: Option<NaiveDate>,
    /// The address of another assessing clinician.
    pub assessing: Option<String>,
    /// The address of another consenting clinician.
    pub consenting: Option<String>,
}

redacted_debug!(RecordVaccination, EditRecord);

/// Records a vaccination (R-R1). `members` are the members with the clinicians' addresses.
///
/// # Errors
/// Why `record_vaccination` of this type is not allowed; then all at once: `unknown_vaccine`, and
/// `not_a_clinician` for each.
pub fn record_vaccination(
    context: Context<'_>,
    standing: Option<&Standing>,
    members: &[Member],
    command: &RecordVaccination,
) -> Outcome<VaccinationRecord> {
    let vaccine = command.vaccine.parse::<VaccineType>();
    let any_type = Request::from(Action::RecordVaccination);
    let request = vaccine.as_ref().map_or(any_type, Request::recording);
    let standing = allowed(standing, request, &context)?;
    let mut faults = Faults::default();
    let vaccine = faults.check("vaccine", vaccine);
    let assessing = faults.check("assessing", clinician(members, &command.assessing));
    let consenting = faults.check("consenting", clinician(members, &command.consenting));
    let (vaccine, (assessing, consenting)) =
        faults.into_result(vaccine.zip(assessing.zip(consenting)))?;

    let mut draft = guarded(context, standing);
    draft.guard_membership(&assessing.membership);
    draft.guard_membership(&consenting.membership);
    let details = RecordDetails {
        given_on: command.given_on,
        assessing: assessing.user.id(),
        consenting: consenting.user.id(),
    };
    let at = context.now.max(standing.changed_at);
    let id = RecordId::from_uuid(context.ids.next_id());
    let recorded = Revision { details, by: standing.user, at };
    let vaccine = standing.vaccines.granted(&vaccine).unwrap_or(&vaccine).clone();
    let record = VaccinationRecord::new(id, standing.organisation, vaccine.clone(), recorded);
    draft.record(None, record.clone());
    let what = Happening::VaccinationRecorded { record: id, vaccine, details };
    draft.happened_at(standing.organisation, at, what);
    Ok(Decided { change: draft.finish(), answer: record })
}

/// Edits a record of the entered organisation (R-R3). A newly chosen clinician must be
/// choosable; an unchanged one may have left. An edit that changes nothing makes no revision.
///
/// # Errors
/// Why `edit_vaccination` is not allowed; `record_not_found`; then `not_a_clinician` for each.
pub fn edit_record(
    context: Context<'_>,
    standing: Option<&Standing>,
    record: Option<&VaccinationRecord>,
    members: &[Member],
    command: &EditRecord,
) -> Outcome<VaccinationRecord> {
    let standing = allowed(standing, Action::EditVaccination.into(), &context)?;
    let record = record
        .filter(|record| record.organisation() == standing.organisation)
        .ok_or_else(|| Fault::new(Code::RecordNotFound, "this organisation has no such record"))?;
    let before = record.current().details;
    let mut draft = guarded(context, standing);
    let mut faults = Faults::default();
    let mut newly_chosen = |field: &str, email: Option<&String>, unchanged: UserId| {
        let Some(email) = email else { return Some(unchanged) };
        if member_by_email(members, email).is_some_and(|member| member.user.id() == unchanged) {
            return Some(unchanged);
        }
        let chosen = faults.check(field, clinician(members, email))?;
        draft.guard_membership(&chosen.membership);
        Some(chosen.user.id())
    };
    let assessing = newly_chosen("assessing", command.assessing.as_ref(), before.assessing);
    let consenting = newly_chosen("consenting", command.consenting.as_ref(), before.consenting);
    let (assessing, consenting) = faults.into_result(assessing.zip(consenting))?;
    let given_on = command.given_on.unwrap_or(before.given_on);
    let details = RecordDetails { given_on, assessing, consenting };
    if details == before {
        return Ok(Decided { change: draft.finish(), answer: record.clone() });
    }
    let at = record.not_before(context.now.max(standing.changed_at));
    let edited = record.clone().edit(details, standing.user, at);
    draft.record(Some(record.version()), edited.clone());
    let what = Happening::RecordEdited { record: record.id(), from: before, to: details };
    draft.happened_at(standing.organisation, at, what);
    Ok(Decided { change: draft.finish(), answer: edited })
}

fn allowed<'a>(
    standing: Option<&'a Standing>,
    request: Request<'_>,
    context: &Context<'_>,
) -> Result<&'a Standing, Refusal> {
    permission::require(standing, request, context.now)?;
    standing.ok_or_else(|| Fault::new(Code::NotAMember, "you are no member here").into())
}

/// A draft that holds only while the user stands where they stood.
fn guarded<'a>(context: Context<'a>, standing: &Standing) -> Draft<'a> {
    let Standing { organisation, user, organisation_version, membership_version, .. } = *standing;
    let mut draft = Draft::new(context);
    draft.guard(Guard::Organisation(organisation, organisation_version));
    draft.guard(Guard::Membership(organisation, user, membership_version));
    draft
}

/// The member with this address, if they can be chosen as a clinician (R-U11).
fn clinician<'a>(members: &'a [Member], email: &str) -> Result<&'a Member, Fault> {
    member_by_email(members, email)
        .filter(|member| member.membership.is_choosable_clinician())
        .ok_or_else(|| {
            Fault::new(Code::NotAClinician, "this person cannot be chosen as a clinician here")
        })
}

/// The member with an address as it was typed in.
fn member_by_email<'a>(members: &'a [Member], email: &str) -> Option<&'a Member> {
    let email = email.parse::<EmailAddress>().ok()?;
    members.iter().find(|member| *member.user.email() == email)
}
