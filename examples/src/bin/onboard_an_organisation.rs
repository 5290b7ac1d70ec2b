//! A host, as short as it can be: it onboards University College London Hospitals, from the
//! request for a regional lead to the first vaccination that is recorded there.
//!
//! ```text
//! cargo run -p ravs-examples --bin onboard_an_organisation
//! ```

use std::error::Error;

use ravs_core::command::{AddRegionalLead, AddUser, Nominee, Onboard, RecordVaccination};
use ravs_core::{Body, ClinicianStatus, PermissionLevel, Region, Settings};
use ravs_testkit::{World, identity_of};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    // What a host brings. Here everything outside is a stand-in in this process; in production
    // each is an adapter, and the rest of this file stays as it is.
    let world = World::at("2025-09-02T08:00:00Z".parse()?);
    world.directory.add(Body {
        code: "RRV".parse()?,
        name: "UNIVERSITY COLLEGE LONDON HOSPITALS NHS FOUNDATION TRUST".into(),
        address: "250 EUSTON ROAD, LONDON".into(),
        postcode: "NW1 2PG".into(),
        legally_closed: None,
    });
    let mailboxes = [(Region::London, "rvoc.london@nhs.net".parse()?)];
    let settings =
        Settings { rvoc_mailboxes: mailboxes.into_iter().collect(), ..Settings::default() };
    let ravs = world.ravs(settings);

    // Support adds a regional lead, because London's own mailbox asked for one (R-A2).
    let request = AddRegionalLead {
        region: Region::London,
        requested_from: "rvoc.london@nhs.net".into(),
        first_name: "Priya".into(),
        last_name: "Nair".into(),
        email: "priya@nhs.net".into(),
    };
    let lead = ravs.support_desk().add_regional_lead(&request).await?;
    println!("Support added {} as a regional lead of {}.", lead.email().as_str(), request.region);

    // She finds the trust in the directory and onboards it (R-O1, R-O2). Whoever the identity
    // provider vouches for gets the desk they have a right to, or a refusal.
    let onboarding = ravs.regional_desk(&identity_of("priya@nhs.net")).await?;
    let found = onboarding.search("university college london", None).await?;
    let body = found.first().ok_or("the directory does not have the trust")?;
    println!("Priya found {} ({}), {}.", body.name, body.code, body.postcode);
    let trust = onboarding
        .onboard(&Onboard {
            ods_code: body.code.to_string(),
            vaccines: vec!["COVID-19".into(), "Flu".into()],
            nominees: vec![
                nominee("Amara", "Okafor", "amara@nhs.net"),
                nominee("Ben", "Carter", "ben@nhs.net"),
            ],
        })
        .await?;
    println!("Priya onboarded it: {}, with two lead administrators nominated.", trust.status);

    // Accounts and emails are effects: committed with the change, carried out by a job (R-N4).
    let delivered = ravs.housekeeping().deliver(100).await?;
    println!("Housekeeping carried out {} effects. Emails sent:", delivered.done);
    for email in world.mailer.take() {
        println!("  {}: {}", email.to.as_str(), email.subject);
    }

    // A nominee signs in. There is one organisation to choose, so it is entered; the first entry
    // makes it Active (R-L1, R-S2). The session is a small value that a host keeps in a cookie.
    let signed_in = ravs.sign_in(&identity_of("amara@nhs.net")).await?;
    let entered = signed_in.entered.ok_or("there was more than one organisation to choose")?;
    println!("Amara signed in and entered, as {}.", entered.level);
    println!("The trust is {} now.", onboarding.show(trust.organisation).await?.status);

    // She adds a clinician (R-U2) and records a vaccination (R-R1).
    let desk = ravs.organisation_desk(entered.session);
    let clinician = desk
        .add_user(&AddUser {
            first_name: "Chloe".into(),
            last_name: "Evans".into(),
            email: "chloe@nhs.net".into(),
            clinician: ClinicianStatus::Clinician,
            level: PermissionLevel::Recorder,
        })
        .await?;
    println!(
        "Amara added {} ({}, {}).",
        clinician.email.as_str(),
        clinician.level,
        clinician.status
    );
    let flu = RecordVaccination {
        vaccine: "Flu".into(),
        given_on: "2025-09-02".parse()?,
        assessing: clinician.email.as_str().into(),
        consenting: clinician.email.as_str().into(),
    };
    let record = desk.record(&flu).await?;
    println!("Amara recorded a {} vaccination, given on {}.", record.vaccine, record.given_on);

    // A refusal is an ordinary answer: the trust was never given RSV (R-P5).
    let rsv = RecordVaccination { vaccine: "RSV".into(), ..flu };
    match desk.record(&rsv).await {
        Ok(record) => println!("Amara recorded one of {} too.", record.vaccine),
        Err(failure) => println!("One of {} was {failure}.", rsv.vaccine),
    }
    Ok(())
}

fn nominee(first_name: &str, last_name: &str, email: &str) -> Nominee {
    Nominee { first_name: first_name.into(), last_name: last_name.into(), email: email.into() }
}
