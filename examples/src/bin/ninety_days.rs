//! The 90 days between a deactivation and the closing: a clock runs through them, and at each
//! stop the library is asked what works (R-L2 to R-L6, R-P3).
//!
//! ```text
//! cargo run -p ravs-examples --bin ninety_days
//! ```

use std::error::Error;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use ravs_core::command::{
    self, AddRegionalLead, ChangeUser, EditRecord, Nominee, Onboard, RecordVaccination,
};
use ravs_core::port::{Clock as _, Store as _};
use ravs_core::service::{OrganisationDesk, RegionalDesk};
use ravs_core::{
    Action, Actor, Body, ClinicianStatus, Context, Failure, OrganisationId, Region, Settings,
    UserId,
};
use ravs_testkit::{World, identity_of};

const LEAD: &str = "priya@nhs.net";
const USER: &str = "amara@nhs.net";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let deactivated_at: DateTime<Utc> = "2025-05-12T10:02:51Z".parse()?;
    let nanosecond = TimeDelta::nanoseconds(1);

    // A trust of London's is onboarded and entered, and one vaccination is recorded there.
    let world = World::at("2025-04-02T09:00:00Z".parse()?);
    world.directory.add(trust()?);
    let mailboxes = [(Region::London, "rvoc.london@nhs.net".parse()?)];
    let settings =
        Settings { rvoc_mailboxes: mailboxes.into_iter().collect(), ..Settings::default() };
    let ravs = world.ravs(settings.clone());
    let lead = ravs.support_desk().add_regional_lead(&regional_lead()).await?.id();
    let region = ravs.regional_desk(&identity_of(LEAD)).await?;
    let first = region.onboard(&onboarding()).await?.organisation;
    let desk = ravs.organisation_desk(ravs.enter(&identity_of(USER), first).await?.session);
    desk.change_user(&clinician(USER)).await?;
    let flu = RecordVaccination {
        vaccine: "Flu".into(),
        given_on: "2025-04-02".parse()?,
        assessing: USER.into(),
        consenting: USER.into(),
    };
    let record = desk.record(&flu).await?.record;

    // That session stays open all the way: what it may do changes under it (R-S5).
    let timeline =
        Timeline { world: &world, settings: &settings, lead, region: &region, desk: &desk };
    println!("{:<31}UTC", "London");
    timeline.stop(deactivated_at - nanosecond, "one nanosecond before").await?;
    world.clock.set(deactivated_at);
    let deactivated = region.deactivate(first).await?;
    let closes_at = deactivated.closes_at.ok_or("it does not say when it closes")?;
    timeline.stop(deactivated_at, "deactivated").await?;
    timeline.stop("2025-06-26T11:00:00Z".parse()?, "half of the time has gone").await?;
    timeline.stop("2025-08-09T23:00:00Z".parse()?, "the last day begins").await?;
    timeline.stop(closes_at - nanosecond, "its last nanosecond").await?;
    timeline.stop(closes_at, "closed").await?;

    // Nothing has been swept so far. A sweep writes down what is true already (R-L6).
    let swept = ravs.housekeeping().sweep(10).await?.len();
    timeline.stop(closes_at, &format!("a sweep has written down {swept} closing")).await?;

    // The next morning the body is onboarded again, with the same people: an organisation of its
    // own, which sees nothing of the old one (R-L5).
    world.clock.set("2025-08-11T08:00:00Z".parse()?);
    let second = region.onboard(&onboarding()).await?.organisation;
    let entered = ravs.sign_in(&identity_of(USER)).await?.entered;
    let new = ravs.organisation_desk(entered.ok_or("there was more than one choice")?.session);
    println!("{}onboarded again, and entered by the same person", times(world.clock.now()));
    let edit = EditRecord { given_on: Some("2025-04-03".parse()?), ..EditRecord::default() };
    println!("    another organisation than before? {}", yes_or_no(second != first));
    let seen = !new.records(None, None).await?.records.is_empty();
    println!("    a record to be seen there? {}", yes_or_no(seen));
    println!("    editing the old record there: {}", outcome(new.edit(record, &edit).await)?);
    println!("    and in the old session: {}", outcome(desk.edit(record, &edit).await)?);
    Ok(())
}

/// A clock that stops here and there, and who is asked then.
struct Timeline<'a> {
    world: &'a World,
    settings: &'a Settings,
    lead: UserId,
    region: &'a RegionalDesk,
    desk: &'a OrganisationDesk,
}

impl Timeline<'_> {
    /// Moves the clock, and prints what works then.
    async fn stop(&self, now: DateTime<Utc>, what: &str) -> Result<(), Failure> {
        self.world.clock.set(now);
        println!("{}{what}", times(now));
        let organisation = self.desk.session().organisation();
        print!("    {:<13}", self.region.show(organisation).await?.status.as_str());
        for (question, action) in [
            ("record", Action::RecordVaccination),
            ("edit", Action::EditVaccination),
            ("report", Action::CreateReports),
            ("deactivate a user", Action::DeactivateUser),
        ] {
            let decision = self.desk.authorise(action).await?;
            print!("  {question}: {:<3}", yes_or_no(decision.is_allowed()));
        }
        println!("  reactivate: {}", yes_or_no(self.can_be_reactivated(organisation).await?));
        Ok(())
    }

    /// Asks for the decision alone: what comes out is a change set, and nobody commits it.
    async fn can_be_reactivated(&self, organisation: OrganisationId) -> Result<bool, Failure> {
        let World { store, clock, ids, .. } = self.world;
        let roster = store.roster(organisation).await?;
        let lead = store.regional_lead(self.lead).await?;
        let by = Actor::RegionalLead(self.lead);
        let context = Context { settings: self.settings, now: clock.now(), by, ids };
        let decided =
            command::reactivate(context, command::lead_of(lead.as_ref())?, roster.as_ref());
        Ok(decided.is_ok())
    }
}

/// An instant in London and in UTC, side by side.
fn times(at: DateTime<Utc>) -> String {
    let london = at.with_timezone(&chrono_tz::Europe::London).format("%Y-%m-%d %H:%M:%S%.f");
    let utc = at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    format!("{:<31}{utc:<32}", london.to_string())
}

fn yes_or_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

/// How a call went, if nothing failed: a refusal by its code.
fn outcome<T>(called: Result<T, Failure>) -> Result<&'static str, Failure> {
    match called {
        Ok(_) => Ok("done"),
        Err(Failure::Refused(refusal)) => Ok(refusal.code().as_str()),
        Err(failure) => Err(failure),
    }
}

fn trust() -> Result<Body, ravs_core::InvalidOdsCode> {
    Ok(Body {
        code: "RRV".parse()?,
        name: "UNIVERSITY COLLEGE LONDON HOSPITALS NHS FOUNDATION TRUST".into(),
        address: "250 EUSTON ROAD, LONDON".into(),
        postcode: "NW1 2PG".into(),
        legally_closed: None,
    })
}

fn regional_lead() -> AddRegionalLead {
    AddRegionalLead {
        region: Region::London,
        requested_from: "rvoc.london@nhs.net".into(),
        first_name: "Priya".into(),
        last_name: "Nair".into(),
        email: LEAD.into(),
    }
}

fn onboarding() -> Onboard {
    let nominee = |first_name: &str, last_name: &str, email: &str| Nominee {
        first_name: first_name.into(),
        last_name: last_name.into(),
        email: email.into(),
    };
    Onboard {
        ods_code: "RRV".into(),
        vaccines: vec!["Flu".into()],
        nominees: vec![nominee("Amara", "Okafor", USER), nominee("Ben", "Carter", "ben@nhs.net")],
    }
}

fn clinician(email: &str) -> ChangeUser {
    let clinician = Some(ClinicianStatus::Clinician);
    ChangeUser { email: email.into(), clinician, level: None }
}
