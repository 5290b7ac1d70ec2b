//! Strategies for the core's public values, good ones only.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use proptest::prelude::*;
use proptest::sample::select;
use ravs_core::{
    Action, Body, ClinicianStatus, ClosedBecause, Closing, EmailAddress, Entries, Membership,
    MembershipState, OdsCode, Organisation, OrganisationId, OrganisationState, PermissionLevel,
    PersonName, Region, StoredMembership, StoredOrganisation, Subject, UserId, VaccineGrants,
    VaccineType, Version,
};
use uuid::Uuid;

/// Instants (UTC) of the years 2024 to 2034, to the nanosecond.
pub fn instants() -> impl Strategy<Value = DateTime<Utc>> {
    (1_704_067_200i64..2_019_686_400, 0u32..1_000_000_000)
        .prop_map(|(seconds, nanos)| DateTime::from_timestamp(seconds, nanos).unwrap_or_default())
}

/// Days of the same years.
pub fn days() -> impl Strategy<Value = NaiveDate> {
    instants().prop_map(|at| at.date_naive())
}

/// The seven regions.
pub fn regions() -> impl Strategy<Value = Region> {
    select(Region::ALL.to_vec())
}

/// The three permission levels.
pub fn levels() -> impl Strategy<Value = PermissionLevel> {
    select(PermissionLevel::ALL.to_vec())
}

/// The six actions.
pub fn actions() -> impl Strategy<Value = Action> {
    select(Action::ALL.to_vec())
}

/// Clinicians and others.
pub fn clinician_statuses() -> impl Strategy<Value = ClinicianStatus> {
    select(vec![ClinicianStatus::Clinician, ClinicianStatus::NotClinician])
}

/// Addresses in any case.
pub fn email_addresses() -> impl Strategy<Value = EmailAddress> {
    "[A-Za-z0-9_+-]{1,12}(\\.[A-Za-z0-9]{1,8})?@([a-z0-9]{1,10}\\.){1,3}(net|uk|NHS)"
        .prop_filter_map("an address", |text| text.parse().ok())
}

/// Names of 1 to 50 printable characters in each part.
pub fn person_names() -> impl Strategy<Value = PersonName> {
    let part = "[\\p{L}][\\p{L}' -]{0,48}";
    (part, part).prop_filter_map("a name", |(first, last)| PersonName::new(&first, &last).ok())
}

/// ODS codes of every length there is.
pub fn ods_codes() -> impl Strategy<Value = OdsCode> {
    "[A-Z0-9]{3,12}".prop_filter_map("a code", |text| text.parse().ok())
}

/// Vaccine types, known ones and others.
pub fn vaccine_types() -> impl Strategy<Value = VaccineType> {
    let known = select(VaccineType::KNOWN.to_vec()).prop_map(String::from);
    prop_oneof![known, "[A-Za-z0-9][A-Za-z0-9 ()-]{0,38}"]
        .prop_filter_map("a vaccine type", |text| text.parse().ok())
}

/// Subjects as identity providers give them.
pub fn subjects() -> impl Strategy<Value = Subject> {
    "[A-Za-z0-9]{1,40}".prop_filter_map("a subject", |text| Subject::new(&text).ok())
}

/// Bodies of the directory, some of them legally closed.
pub fn bodies() -> impl Strategy<Value = Body> {
    let text = || "[A-Z][A-Za-z,' ]{0,40}";
    let closed = prop::option::of(days());
    (ods_codes(), text(), text(), "[A-Z]{1,2}[0-9]{1,2} [0-9][A-Z]{2}", closed).prop_map(
        |(code, name, address, postcode, legally_closed)| Body {
            code,
            name,
            address,
            postcode,
            legally_closed,
        },
    )
}

/// Ids.
pub fn uuids() -> impl Strategy<Value = Uuid> {
    any::<u128>().prop_map(Uuid::from_u128)
}

/// States of an organisation, with the instant of its last change.
fn states() -> impl Strategy<Value = (OrganisationState, DateTime<Utc>)> {
    instants().prop_flat_map(|at| {
        let closes_at = Closing::after(at, 90);
        let closed = OrganisationState::Closed { at, because: ClosedBecause::Withdrawn };
        let deactivated = OrganisationState::Deactivated { at, closes_at };
        let states = select(vec![
            OrganisationState::Invited,
            OrganisationState::Active { since: at },
            deactivated,
            closed,
        ]);
        (states, Just(at))
    })
}

/// Organisations in every state, as they are stored.
pub fn organisations() -> impl Strategy<Value = Organisation> {
    let vaccines = prop::collection::vec(vaccine_types(), 0..6);
    (uuids(), bodies(), regions(), uuids(), states(), vaccines, 2u64..1000, 0i64..1_000_000)
        .prop_filter_map(
            "an organisation",
            |(id, body, region, inviter, (state, changed_at), vaccines, version, age)| {
                Organisation::restore(StoredOrganisation {
                    id: OrganisationId::from_uuid(id),
                    ods_code: body.code,
                    name: body.name,
                    address: body.address,
                    postcode: body.postcode,
                    region,
                    invited_by: UserId::from_uuid(inviter),
                    invited_at: changed_at - TimeDelta::seconds(age),
                    state,
                    vaccines: VaccineGrants::default().with(vaccines).0,
                    version: Version::new(version)?,
                    changed_at,
                })
                .ok()
            },
        )
}

/// Memberships in every state, as they are stored.
pub fn memberships() -> impl Strategy<Value = Membership> {
    let state = (instants(), 0i64..1_000_000, 0u8..4).prop_map(|(at, age, state)| {
        let entered = Entries { first: at - TimeDelta::seconds(age), last: at };
        let state = match state {
            0 => MembershipState::Invited,
            1 => MembershipState::Active { entered },
            2 => MembershipState::Deactivated { at, entered: Some(entered) },
            _ => MembershipState::Deactivated { at, entered: None },
        };
        (state, at)
    });
    (uuids(), uuids(), levels(), prop::option::of(levels()), clinician_statuses(), state, 2u64..99)
        .prop_filter_map(
            "a membership",
            |(organisation, user, level, next, clinician, (state, changed_at), version)| {
                Membership::restore(StoredMembership {
                    organisation: OrganisationId::from_uuid(organisation),
                    user: UserId::from_uuid(user),
                    level,
                    next_level: next.filter(|next| *next != level),
                    clinician,
                    state,
                    version: Version::new(version)?,
                    changed_at,
                })
                .ok()
            },
        )
}

#[cfg(test)]
mod tests {
    use serde::Serialize;
    use serde::de::DeserializeOwned;

    use super::*;

    fn read_back<T: Serialize + DeserializeOwned>(value: &T) -> T {
        serde_json::from_str(&serde_json::to_string(value).unwrap()).unwrap()
    }

    proptest! {
        #[test]
        fn what_is_stored_reads_back_the_same(
            organisation in organisations(),
            membership in memberships(),
            body in bodies(),
            email in email_addresses(),
            name in person_names(),
            subject in subjects(),
        ) {
            prop_assert_eq!(&read_back(&organisation), &organisation);
            prop_assert_eq!(&read_back(&membership), &membership);
            prop_assert_eq!(&read_back(&body), &body);
            prop_assert_eq!(read_back(&email).as_str().to_owned(), email.as_str());
            prop_assert_eq!(&read_back(&name), &name);
            prop_assert_eq!(&read_back(&subject), &subject);
        }
    }
}
