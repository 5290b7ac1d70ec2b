//! A world in which an organisation is in use.

use std::error::Error;

use chrono::{DateTime, Utc};
use ravs_core::command::{AddRegionalLead, Nominee, Onboard};
use ravs_core::service::RegionalDesk;
use ravs_core::{Body, OrganisationId, OrganisationStatus, Ravs, Region, RvocMailboxes, Settings};
use ravs_testkit::{World, identity_of};

/// A world with one Active organisation, and its regional lead's desk.
#[derive(Debug)]
pub struct Onboarded {
    /// The world.
    pub world: World,
    /// The service in it.
    pub ravs: Ravs,
    /// The regional lead's desk.
    pub desk: RegionalDesk,
    /// The organisation.
    pub organisation: OrganisationId,
}

/// Onboards an organisation and enters it.
///
/// # Errors
/// Whatever goes wrong.
pub async fn onboarded(now: DateTime<Utc>) -> Result<Onboarded, Box<dyn Error>> {
    let world = World::at(now);
    world.directory.add(Body {
        code: "RRV".parse()?,
        name: "UNIVERSITY COLLEGE LONDON HOSPITALS NHS FOUNDATION TRUST".into(),
        address: "250 EUSTON ROAD, LONDON".into(),
        postcode: "NW1 2PG".into(),
        legally_closed: None,
    });
    let mailbox = "rvoc.london@nhs.net";
    let mailboxes: RvocMailboxes = [(Region::London, mailbox.parse()?)].into_iter().collect();
    let ravs = world.ravs(Settings { rvoc_mailboxes: mailboxes, ..Settings::default() });
    let lead = AddRegionalLead {
        region: Region::London,
        requested_from: mailbox.into(),
        first_name: "Robin".into(),
        last_name: "Lead".into(),
        email: "robin.lead@nhs.net".into(),
    };
    ravs.support_desk().add_regional_lead(&lead).await?;
    let desk = ravs.regional_desk(&identity_of("robin.lead@nhs.net")).await?;
    let nominee = |name: &str| Nominee {
        first_name: name.into(),
        last_name: "Nominee".into(),
        email: format!("{name}@nhs.net"),
    };
    let invited = desk
        .onboard(&Onboard {
            ods_code: "RRV".into(),
            vaccines: vec!["Flu".into()],
            nominees: vec![nominee("ann"), nominee("ben")],
        })
        .await?;
    ravs.enter(&identity_of("ann@nhs.net"), invited.organisation).await?;
    let shown = desk.show(invited.organisation).await?;
    assert_eq!(shown.status, OrganisationStatus::Active);
    Ok(Onboarded { world, ravs, desk, organisation: invited.organisation })
}
