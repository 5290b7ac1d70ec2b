//! People as they are typed in, and their way into an organisation.

use alloc::string::String;

use chrono::{DateTime, Utc};

use crate::change::{Context, Draft};
use crate::effect::Work;
use crate::event::Happening;
use crate::membership::{ClinicianStatus, Membership, PermissionLevel};
use crate::notice::Notice;
use crate::organisation::{Organisation, OrganisationId, OrganisationStatus};
use crate::refusal::{Code, Fault, Faults, redacted_debug};
use crate::session::Place;
use crate::user::{EmailAddress, PersonName, User, UserId};

/// Somebody nominated as lead administrator, as typed in.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Nominee {
    /// Their first name.
    pub first_name: String,
    /// Their last name.
    pub last_name: String,
    /// Their address.
    pub email: String,
}

redacted_debug!(Nominee);

/// Somebody who is a user already, with all their places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The user.
    pub user: User,
    /// Where they are a member; needed only while an email serves at one organisation alone.
    pub places: alloc::vec::Vec<Place>,
}

impl Known {
    /// The one with this address.
    pub(super) fn find<'a>(known: &'a [Self], email: &EmailAddress) -> Option<&'a Self> {
        known.iter().find(|known| known.user.email() == email)
    }
}

/// Somebody new here, as read from what was typed in.
pub(super) struct NewPerson {
    pub(super) name: PersonName,
    pub(super) email: EmailAddress,
}

/// Reads a name, noting its faults under `prefix`.
pub(super) fn read_name(
    faults: &mut Faults,
    prefix: &str,
    first: &str,
    last: &str,
) -> Option<PersonName> {
    match PersonName::new(first, last) {
        Ok(name) => Some(name),
        Err(found) => {
            for fault in found {
                let field = alloc::format!("{prefix}{}", fault.field().unwrap_or_default());
                faults.add(fault.at(field));
            }
            None
        }
    }
}

/// Whether an address that may be known can come to an organisation too (R-U4).
pub(super) fn check_free(
    known: Option<&Known>,
    here: Option<OrganisationId>,
    context: &Context<'_>,
    at: DateTime<Utc>,
) -> Result<(), Fault> {
    if context.settings.policy.shares_emails_at(at) {
        return Ok(());
    }
    let elsewhere = known.is_some_and(|known| {
        known.places.iter().map(|place| &place.organisation).any(|organisation| {
            Some(organisation.id()) != here
                && organisation.status_at(context.now) != OrganisationStatus::Closed
        })
    });
    if elsewhere {
        let message = "this address is in use at another organisation";
        return Err(Fault::new(Code::EmailInUse, message));
    }
    Ok(())
}

/// What a membership begins with.
#[derive(Clone, Copy)]
pub(super) struct Terms {
    pub(super) level: PermissionLevel,
    pub(super) next_level: Option<PermissionLevel>,
    pub(super) clinician: ClinicianStatus,
    pub(super) instead_of: Option<UserId>,
}

impl Terms {
    /// A nominee's: lead administrator, and nothing said of being a clinician (R-O2).
    pub(super) const NOMINEE: Self = Self {
        level: PermissionLevel::LeadAdministrator,
        next_level: None,
        clinician: ClinicianStatus::NotClinician,
        instead_of: None,
    };
}

/// Adds somebody to an organisation: a user if they are new (R-O5), a membership, an account
/// and a welcome email (R-O6, R-N1, R-N2). Gives the organisation as it is then.
pub(super) fn add_member(
    draft: &mut Draft<'_>,
    organisation: Organisation,
    person: NewPerson,
    known: Option<&Known>,
    terms: Terms,
    at: DateTime<Utc>,
) -> (Organisation, Membership, User) {
    let user = known_or_new(draft, person, known, at);
    let (user, id) = (claim_if_alone(draft, user, known, organisation.id(), at), organisation.id());
    let Terms { level, next_level, clinician, instead_of } = terms;
    let membership =
        Membership::invite(id, user.id(), level, clinician, at).with_waiting_level(next_level);
    let organisation = organisation.touch(at);
    let user_id = user.id();
    draft.membership(None, membership.clone());
    draft.moved(
        &organisation,
        at,
        Happening::MemberAdded { user: user_id, level, next_level, clinician, instead_of },
    );
    draft.effect(Work::OpenAccount { user: user_id });
    (organisation, membership, user)
}

/// The user this address belongs to, or a new one; a stored name is not overwritten (R-O5).
pub(super) fn known_or_new(
    draft: &mut Draft<'_>,
    person: NewPerson,
    known: Option<&Known>,
    at: DateTime<Utc>,
) -> User {
    if let Some(known) = known {
        return known.user.clone();
    }
    let id = UserId::from_uuid(draft.context.ids.next_id());
    let NewPerson { name, email } = person;
    let user = User::new(id, email.clone(), name.clone(), at);
    draft.user(None, user.clone());
    draft.happened_to(id, at, Happening::UserAdded { email, name });
    user
}

/// While an email serves at one organisation alone, taking it for one is a change of the user, so
/// that two organisations cannot take it at the same moment (R-U4).
fn claim_if_alone(
    draft: &mut Draft<'_>,
    user: User,
    known: Option<&Known>,
    organisation: OrganisationId,
    at: DateTime<Utc>,
) -> User {
    if known.is_none() || draft.context.settings.policy.shares_emails_at(at) {
        return user;
    }
    let version = user.version();
    let user = user.claim(at);
    draft.user(Some(version), user.clone());
    draft.happened_to(user.id(), at, Happening::EmailClaimed { organisation });
    user
}

/// Queues the welcome of a nominated lead administrator (R-N2).
pub(super) fn welcome_nominee(draft: &mut Draft<'_>, user: UserId, organisation: OrganisationId) {
    draft.effect(Work::Send { notice: Notice::WelcomeLeadAdministrator { user, organisation } });
}
