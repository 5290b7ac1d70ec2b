//! Signing in, choosing an organisation, and being there.

use alloc::string::String;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::membership::{Membership, PermissionLevel};
use crate::organisation::{OdsCode, Organisation, OrganisationId, OrganisationStatus};
use crate::refusal::{Code, Fault, Refusal};
use crate::user::{EmailAddress, Subject, UserId};

/// Who someone is, as the identity provider has just verified it (R-S1).
///
/// A host makes one only from a checked ID token, and keeps it no longer than the sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedIdentity {
    /// The provider's lasting id of the person.
    pub subject: Subject,
    /// The address that the provider vouches for.
    pub email: EmailAddress,
}

/// One user's entry to one organisation (R-S3).
///
/// A small value: a host may keep it, signed, in a cookie. It carries no rights: each action is
/// decided on the organisation and the membership as they are stored then (R-S5). It cannot be
/// turned to another organisation; that takes a new sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    user: UserId,
    organisation: OrganisationId,
    entered_at: DateTime<Utc>,
}

impl Session {
    pub(crate) fn new(
        user: UserId,
        organisation: OrganisationId,
        entered_at: DateTime<Utc>,
    ) -> Self {
        Self { user, organisation, entered_at }
    }

    /// The user who entered.
    #[must_use]
    pub fn user(&self) -> UserId {
        self.user
    }

    /// The organisation they entered.
    #[must_use]
    pub fn organisation(&self) -> OrganisationId {
        self.organisation
    }

    /// When (UTC).
    #[must_use]
    pub fn entered_at(&self) -> DateTime<Utc> {
        self.entered_at
    }
}

/// An organisation, and a user's membership of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The organisation.
    pub organisation: Organisation,
    /// The user's membership there.
    pub membership: Membership,
}

impl Place {
    /// Whether the user can enter here, and if not, why (R-S3).
    ///
    /// # Errors
    /// `organisation_closed`, `membership_deactivated`, in this order.
    pub fn check_enterable(&self, now: DateTime<Utc>) -> Result<(), Fault> {
        if self.organisation.status_at(now) == OrganisationStatus::Closed {
            return Err(Fault::new(Code::OrganisationClosed, "the organisation is closed"));
        }
        if self.membership.is_deactivated() {
            let message = "your access at this organisation is deactivated";
            return Err(Fault::new(Code::MembershipDeactivated, message));
        }
        Ok(())
    }
}

/// An organisation that a user can choose after signing in (R-S2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// Its id.
    pub organisation: OrganisationId,
    /// The body's name.
    pub name: String,
    /// The body's ODS code.
    pub ods_code: OdsCode,
    /// Its status now.
    pub status: OrganisationStatus,
    /// The user's level there.
    pub level: PermissionLevel,
}

/// The organisations that a user can choose, by name (R-S2).
///
/// # Errors
/// `no_organisation`, saying why for each place where there is one.
pub fn choices(places: &[Place], now: DateTime<Utc>) -> Result<Vec<Choice>, Refusal> {
    let mut choices = Vec::new();
    let mut whys = Vec::new();
    for place in places {
        let organisation = &place.organisation;
        match place.check_enterable(now) {
            Ok(()) => choices.push(Choice {
                organisation: organisation.id(),
                name: organisation.name().into(),
                ods_code: organisation.ods_code().clone(),
                status: organisation.status_at(now),
                level: place.membership.level(),
            }),
            Err(why) => {
                let (code, name) = (organisation.ods_code(), organisation.name());
                let message = alloc::format!("`{name}` ({code}): {}", why.message());
                whys.push(Fault::new(Code::NoOrganisation, message));
            }
        }
    }
    if choices.is_empty() {
        let nowhere = || Fault::new(Code::NoOrganisation, "you are a member of no organisation");
        return Err(Refusal::of(whys).unwrap_or_else(|| nowhere().into()));
    }
    choices.sort_by(|a, b| (&a.name, a.organisation).cmp(&(&b.name, b.organisation)));
    Ok(choices)
}
