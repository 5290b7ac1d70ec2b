//! The records of an organisation, a page at a time.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

use chrono::{DateTime, TimeDelta, Utc};
use ravs_core::command::{AddRegionalLead, ChangeUser, Nominee, Onboard, RecordVaccination};
use ravs_core::service::{OrganisationDesk, RecordsListed};
use ravs_core::{Body, ClinicianStatus, RecordId, Region, Settings};
use ravs_testkit::{World, all_records, identity_of};

const LEAD: &str = "rae@nhs.net";
const USER: &str = "ada@nhs.net";

/// A desk at an organisation with so many records, a second between them.
async fn with_records(count: usize) -> (OrganisationDesk, Vec<RecordId>) {
    let begun: DateTime<Utc> = "2025-05-12T10:02:51Z".parse().unwrap();
    let world = World::at(begun);
    world.directory.add(Body {
        code: "RRV".parse().unwrap(),
        name: "UNIVERSITY COLLEGE LONDON HOSPITALS NHS FOUNDATION TRUST".into(),
        address: "250 EUSTON ROAD, LONDON".into(),
        postcode: "NW1 2PG".into(),
        legally_closed: None,
    });
    let mailboxes = [(Region::London, "rvoc@nhs.net".parse().unwrap())].into_iter().collect();
    let ravs = world.ravs(Settings { rvoc_mailboxes: mailboxes, ..Settings::default() });
    let adding = AddRegionalLead {
        region: Region::London,
        requested_from: "rvoc@nhs.net".into(),
        first_name: "Rae".into(),
        last_name: "Lead".into(),
        email: LEAD.into(),
    };
    ravs.support_desk().add_regional_lead(&adding).await.unwrap();
    let region = ravs.regional_desk(&identity_of(LEAD)).await.unwrap();
    let nominee = |name: &str, email: &str| Nominee {
        first_name: name.into(),
        last_name: "Admin".into(),
        email: email.into(),
    };
    let nominees = vec![nominee("Ada", USER), nominee("Ben", "ben@nhs.net")];
    let onboarding = Onboard { ods_code: "RRV".into(), vaccines: vec!["Flu".into()], nominees };
    let id = region.onboard(&onboarding).await.unwrap().organisation;
    let session = ravs.enter(&identity_of(USER), id).await.unwrap().session;
    let desk = ravs.organisation_desk(session);
    let clinician =
        ChangeUser { email: USER.into(), level: None, clinician: Some(ClinicianStatus::Clinician) };
    desk.change_user(&clinician).await.unwrap();
    let command = RecordVaccination {
        vaccine: "Flu".into(),
        given_on: "2025-05-12".parse().unwrap(),
        assessing: USER.into(),
        consenting: USER.into(),
    };
    let mut made = Vec::new();
    for _ in 0..count {
        world.clock.advance(TimeDelta::seconds(1));
        made.push(desk.record(&command).await.unwrap().record);
    }
    (desk, made)
}

fn ids(listed: &RecordsListed) -> Vec<RecordId> {
    listed.records.iter().map(|view| view.record).collect()
}

#[tokio::test]
async fn a_list_of_records_goes_on_where_it_ended() {
    let (desk, made) = with_records(5).await;
    let first = desk.records(None, Some(2)).await.unwrap();
    let second = desk.records(first.next, Some(2)).await.unwrap();
    let third = desk.records(second.next, Some(2)).await.unwrap();
    assert_eq!(ids(&first), made[..2]);
    assert_eq!(ids(&second), made[2..4]);
    assert_eq!((ids(&third), third.next), (made[4..].to_vec(), None));
    for limit in [Some(1), Some(2), Some(5), None] {
        let all = all_records(&desk, limit).await.unwrap();
        assert!(all.iter().map(|view| view.record).eq(made.clone()), "in pages of {limit:?}");
    }
}

#[tokio::test]
async fn a_page_of_records_is_of_1_to_200_and_usually_of_50() {
    let (desk, made) = with_records(201).await;
    for (limit, length) in
        [(None, 50), (Some(0), 1), (Some(1), 1), (Some(200), 200), (Some(usize::MAX), 200)]
    {
        let listed = desk.records(None, limit).await.unwrap();
        assert_eq!(ids(&listed), made[..length], "asked for {limit:?}");
        assert_eq!(listed.next.map(|key| key.id), Some(made[length - 1]));
    }
    let listed = desk.records(None, Some(200)).await.unwrap();
    let rest = desk.records(listed.next, Some(200)).await.unwrap();
    assert_eq!((ids(&rest), rest.next), (made[200..].to_vec(), None));
}

#[tokio::test]
async fn a_full_page_with_nothing_after_it_is_the_last() {
    let (desk, made) = with_records(2).await;
    let listed = desk.records(None, Some(2)).await.unwrap();
    assert_eq!((ids(&listed), listed.next), (made, None));
    let (desk, _) = with_records(0).await;
    let listed = desk.records(None, None).await.unwrap();
    assert_eq!((ids(&listed), listed.next), (Vec::new(), None));
}
