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
    /// The address that the provider vouches for. Where it vouches for none, only somebody who has
    /// signed in before is known.
    pub email: Option<EmailAddress>,
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
/// `no_organisation`, saying why for each place where there is one, by name too.
pub fn choices(places: &[Place], now: DateTime<Utc>) -> Result<Vec<Choice>, Refusal> {
    let mut choices = Vec::new();
    let mut whys = Vec::new();
    let mut places: Vec<&Place> = places.iter().collect();
    places.sort_by_key(|place| (place.organisation.name(), place.organisation.id()));
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
    Ok(choices)
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString as _;
    use alloc::vec;

    use uuid::Uuid;

    use super::*;
    use crate::membership::ClinicianStatus;
    use crate::organisation::{Body, VaccineGrants};
    use crate::region::Region;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn now() -> DateTime<Utc> {
        at("2026-03-02T09:00:00Z")
    }

    fn user() -> UserId {
        UserId::from_uuid(Uuid::from_u128(1))
    }

    fn place(number: u128, name: &str) -> Place {
        let id = OrganisationId::from_uuid(Uuid::from_u128(number));
        let body = Body {
            code: alloc::format!("RV{number}").parse().unwrap(),
            name: name.to_string(),
            address: String::new(),
            postcode: String::new(),
            legally_closed: None,
        };
        let grants = VaccineGrants::default();
        let (level, clinician) = (PermissionLevel::Administrator, ClinicianStatus::NotClinician);
        Place {
            organisation: Organisation::invite(id, body, Region::London, user(), grants, now()),
            membership: Membership::invite(id, user(), level, clinician, now()),
        }
    }

    fn closed(place: Place) -> Place {
        Place { organisation: place.organisation.withdraw(now()).unwrap(), ..place }
    }

    fn left(place: Place) -> Place {
        Place { membership: place.membership.deactivate(now()).unwrap(), ..place }
    }

    // R-S2: every one that can be entered, by name, with what a person needs to choose.
    #[test]
    fn the_choice_is_every_place_that_can_be_entered() {
        let mut active = place(3, "A trust");
        active.organisation = active.organisation.enter(now()).unwrap();
        let deactivated = |place: Place| {
            let organisation = place.organisation.enter(now()).unwrap();
            Place { organisation: organisation.deactivate(90, now()).unwrap(), ..place }
        };
        let places = [
            place(1, "B trust"),
            closed(place(2, "A trust")),
            active,
            left(place(4, "A trust")),
            deactivated(place(5, "A trust")),
        ];
        let offered = choices(&places, now()).unwrap();
        let seen: Vec<_> = offered
            .iter()
            .map(|c| (c.name.as_str(), c.ods_code.as_str(), c.status.as_str(), c.level.as_str()))
            .collect();
        assert_eq!(
            seen,
            [
                ("A trust", "RV3", "Active", "Administrator"),
                ("A trust", "RV5", "Deactivated", "Administrator"),
                ("B trust", "RV1", "Invited", "Administrator"),
            ]
        );
        assert_eq!(offered[2].organisation, places[0].organisation.id());
        // R-L6: at its closing the deactivated one is gone, swept or not.
        let closing = places[4].organisation.next_change_at(now()).unwrap();
        assert_eq!(choices(&places, closing).unwrap().len(), 2);
    }

    // R-S2: with none, why for each.
    #[test]
    fn without_a_choice_every_place_says_why() {
        // by name, however a store gives them
        let places = [left(place(2, "B trust")), closed(place(1, "A trust"))];
        let refusal = choices(&places, now()).unwrap_err();
        let said: Vec<_> = refusal.faults().map(|f| (f.code(), f.message())).collect();
        assert_eq!(
            said,
            [
                (Code::NoOrganisation, "`A trust` (RV1): the organisation is closed"),
                (
                    Code::NoOrganisation,
                    "`B trust` (RV2): your access at this organisation is deactivated"
                ),
            ]
        );
        let nowhere = choices(&[], now()).unwrap_err();
        assert_eq!(nowhere.code(), Code::NoOrganisation);
        assert_eq!(nowhere.message(), "you are a member of no organisation");
    }

    // R-S3: closed comes before deactivated.
    #[test]
    fn a_choice_is_checked_in_order() {
        let code = |place: Place| place.check_enterable(now()).map_err(|fault| fault.code());
        assert_eq!(code(place(1, "A")), Ok(()));
        assert_eq!(code(closed(left(place(1, "A")))), Err(Code::OrganisationClosed));
        assert_eq!(code(left(place(1, "A"))), Err(Code::MembershipDeactivated));
    }

    // R-S5: a session says who entered where and when, and nothing else.
    #[test]
    fn a_session_carries_no_rights() {
        let organisation = place(1, "A").organisation.id();
        let session = Session::new(user(), organisation, now());
        assert_eq!((session.user(), session.organisation()), (user(), organisation));
        assert_eq!(session.entered_at(), now());
        let json = serde_json::to_value(&session).unwrap();
        let mut fields: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
        fields.sort();
        assert_eq!(fields, vec!["entered_at", "organisation", "user"]);
        assert_eq!(serde_json::from_value::<Session>(json).unwrap(), session);
    }
}
