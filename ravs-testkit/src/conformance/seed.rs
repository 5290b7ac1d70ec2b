//! What the suites commit: made by the core's own commands, so that it is what a host would.

mod ids;
mod life;
mod scene;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use ravs_core::command::{
    self, AddRegionalLead, AddUser, AddedVaccines, ChangeUser, Decided, EditRecord, Found, Known,
    MoveToMainEmail, Nominate, Nominee, Onboard, Outcome, RecordVaccination,
};
use ravs_core::port::Clock as _;
use ravs_core::{
    Actor, Body, ClinicianStatus, Context, EmailAddress, Member, OdsCode, Organisation,
    PermissionLevel, Place, Region, RegionalLead, Roster, Session, Settings, Standing, Subject,
    User, UserId, VaccinationRecord,
};

use crate::ManualClock;

pub use ids::ScatteredIds;
pub use life::whole_life;
pub use scene::Scene;

/// The address from which every region asks for its leads, here.
const MAILBOX: &str = "rvoc@nhs.net";

/// Decides what to commit, at a time of its own, with ids of its own.
///
/// Each method is a command of the core on states that the caller has read, or has only decided
/// on; nothing here touches a store.
#[derive(Debug)]
pub struct Seed {
    /// The settings that commands are decided in.
    pub settings: Settings,
    /// The time.
    pub clock: ManualClock,
    ids: ScatteredIds,
}

impl Default for Seed {
    fn default() -> Self {
        let mailbox = |region| Some((region, MAILBOX.parse().ok()?));
        let rvoc_mailboxes = Region::ALL.into_iter().filter_map(mailbox).collect();
        let start = DateTime::from_timestamp_nanos(1_767_603_600_123_456_789);
        Self {
            settings: Settings { rvoc_mailboxes, ..Settings::default() },
            clock: ManualClock::at(start),
            ids: ScatteredIds::default(),
        }
    }
}

/// The decision, which the suites make sure is allowed.
#[track_caller]
fn allowed<T>(outcome: Outcome<T>) -> Decided<T> {
    match outcome {
        Ok(decided) => decided,
        Err(refusal) => panic!("what the store gave makes the core refuse: {refusal}"),
    }
}

/// Reads a text of the suite's own.
#[track_caller]
pub(crate) fn read<T: std::str::FromStr>(text: &str) -> T {
    match text.parse() {
        Ok(value) => value,
        Err(_) => panic!("`{text}` cannot be read"),
    }
}

/// A body of that code and name.
#[must_use]
#[track_caller]
pub fn body(code: &str, name: &str) -> Body {
    Body {
        code: read::<OdsCode>(code),
        name: name.to_owned(),
        address: format!("1 {name} Road, Leeds"),
        postcode: "LS1 4AP".to_owned(),
        legally_closed: None,
    }
}

impl Seed {
    /// A seed on Monday 5 January 2026, a few nanoseconds after nine.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The time there (UTC).
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Moves the time on by an odd number of nanoseconds, and gives it.
    pub fn tick(&self) -> DateTime<Utc> {
        self.clock.advance(TimeDelta::nanoseconds(1_000_000_007));
        self.now()
    }

    /// The context in which somebody asks for something.
    #[must_use]
    pub fn context(&self, by: Actor) -> Context<'_> {
        Context { settings: &self.settings, now: self.now(), by, ids: &self.ids }
    }

    /// A seed that gives again the ids that this one will give next, each in its turn, but for
    /// the very next: so what both decide has the same ids and is two change sets.
    #[must_use]
    pub fn twin(&self) -> Self {
        Self {
            settings: self.settings.clone(),
            clock: ManualClock::at(self.now()),
            ids: self.ids.twin(),
        }
    }

    /// Adds somebody new as regional lead.
    #[track_caller]
    #[must_use]
    pub fn regional_lead(&self, region: Region, email: &str) -> Decided<RegionalLead> {
        self.add_regional_lead(region, email, None)
    }

    /// Adds a user as regional lead, maybe again.
    #[track_caller]
    #[must_use]
    pub fn regional_lead_again(
        &self,
        region: Region,
        user: &User,
        before: Option<&RegionalLead>,
    ) -> Decided<RegionalLead> {
        self.add_regional_lead(region, user.email().as_str(), Some((user, before)))
    }

    #[track_caller]
    fn add_regional_lead(
        &self,
        region: Region,
        email: &str,
        known: Option<(&User, Option<&RegionalLead>)>,
    ) -> Decided<RegionalLead> {
        let command = AddRegionalLead {
            region,
            requested_from: MAILBOX.to_owned(),
            first_name: "Rae".to_owned(),
            last_name: "Lead".to_owned(),
            email: email.to_owned(),
        };
        let context = self.context(Actor::Support);
        let change = allowed(command::add_regional_lead(context, known, &command)).change;
        match change.regional_leads() {
            [write] => Decided { answer: write.state.clone(), change },
            _ => panic!("adding a regional lead writes one"),
        }
    }

    /// Stops a regional lead.
    #[track_caller]
    #[must_use]
    pub fn stop(&self, lead: &RegionalLead) -> Decided<()> {
        allowed(command::stop_regional_lead(self.context(Actor::Support), Some(lead)))
    }

    /// Links a user to a subject.
    #[track_caller]
    #[must_use]
    pub fn link(&self, user: &User, subject: &Subject) -> Decided<User> {
        allowed(command::link(self.context(Actor::User(user.id())), user, subject))
    }

    /// Asks for an activation email: an event of a person, and an effect.
    #[track_caller]
    #[must_use]
    pub fn activation_email(&self, user: &User) -> Decided<()> {
        allowed(command::request_activation_email(self.context(Actor::Support), Some(user)))
    }

    /// Onboards a body with nominees nobody knows yet.
    #[track_caller]
    #[must_use]
    pub fn onboarding(
        &self,
        lead: &RegionalLead,
        body: &Body,
        nominees: [&str; 2],
    ) -> Decided<Organisation> {
        let found = Found { body: Some(body.clone()), ..Found::default() };
        self.onboarding_of(lead, &found, nominees.map(Self::nominee).into())
    }

    /// Onboards what was found.
    #[track_caller]
    #[must_use]
    pub fn onboarding_of(
        &self,
        lead: &RegionalLead,
        found: &Found,
        nominees: Vec<Nominee>,
    ) -> Decided<Organisation> {
        let ods_code = found.body.as_ref().map(|body| body.code.to_string()).unwrap_or_default();
        let vaccines = vec!["RSV".to_owned(), "Flu".to_owned()];
        let command = Onboard { ods_code, vaccines, nominees };
        allowed(command::onboard(self.context(by(lead)), lead, found, &command))
    }

    /// Somebody nominated, of that address.
    #[must_use]
    pub fn nominee(email: &str) -> Nominee {
        let first_name = email.split(['.', '@']).next().unwrap_or_default();
        Nominee {
            first_name: first_name.to_owned(),
            last_name: "Nominee".to_owned(),
            email: email.to_owned(),
        }
    }

    /// Nominates one more lead administrator.
    #[track_caller]
    #[must_use]
    pub fn nomination(
        &self,
        lead: &RegionalLead,
        roster: &Roster,
        known: &[User],
        email: &str,
    ) -> Decided<Organisation> {
        let command = Nominate { nominees: vec![Self::nominee(email)] };
        let known: Vec<Known> = known.iter().map(Self::known).collect();
        let context = self.context(by(lead));
        allowed(command::nominate(context, lead, Some(roster), &known, &command))
    }

    /// A user as somebody known.
    #[must_use]
    pub fn known(user: &User) -> Known {
        Known { user: user.clone(), places: Vec::new() }
    }

    /// A user enters an organisation.
    #[track_caller]
    #[must_use]
    pub fn entry(&self, user: &User, place: &Place) -> Decided<(Session, Place)> {
        allowed(command::enter(self.context(Actor::User(user.id())), user, Some(place)))
    }

    /// Adds vaccine types.
    #[track_caller]
    #[must_use]
    pub fn vaccines(
        &self,
        lead: &RegionalLead,
        organisation: &Organisation,
        names: &[&str],
    ) -> Decided<AddedVaccines> {
        let names: Vec<String> = names.iter().map(|name| String::from(*name)).collect();
        let context = self.context(by(lead));
        allowed(command::add_vaccines(context, lead, Some(organisation), &names))
    }

    /// Withdraws an invitation.
    #[track_caller]
    #[must_use]
    pub fn withdrawal(&self, lead: &RegionalLead, roster: &Roster) -> Decided<Organisation> {
        allowed(command::withdraw(self.context(by(lead)), lead, Some(roster)))
    }

    /// Deactivates an organisation.
    #[track_caller]
    #[must_use]
    pub fn deactivation(&self, lead: &RegionalLead, roster: &Roster) -> Decided<Organisation> {
        allowed(command::deactivate(self.context(by(lead)), lead, Some(roster)))
    }

    /// Reactivates an organisation.
    #[track_caller]
    #[must_use]
    pub fn reactivation(&self, lead: &RegionalLead, roster: &Roster) -> Decided<Organisation> {
        allowed(command::reactivate(self.context(by(lead)), lead, Some(roster)))
    }

    /// Writes down a closing that has come.
    #[track_caller]
    #[must_use]
    pub fn closing(&self, roster: &Roster) -> Decided<Organisation> {
        allowed(command::close(self.context(Actor::System), roster))
    }

    /// Adds a user, new or known.
    #[track_caller]
    #[must_use]
    pub fn user(
        &self,
        actor: UserId,
        roster: &Roster,
        known: Option<&User>,
        email: &str,
        level: PermissionLevel,
    ) -> Decided<Member> {
        let command = AddUser {
            first_name: "Una".to_owned(),
            last_name: "User".to_owned(),
            email: email.to_owned(),
            clinician: ClinicianStatus::NotClinician,
            level,
        };
        let (context, known) = (self.context(Actor::User(actor)), known.map(Self::known));
        allowed(command::add_user(context, actor, roster, known.as_ref(), &command))
    }

    /// Changes a user.
    #[track_caller]
    #[must_use]
    pub fn change(&self, actor: UserId, roster: &Roster, command: &ChangeUser) -> Decided<Member> {
        allowed(command::change_user(self.context(Actor::User(actor)), actor, roster, command))
    }

    /// Deactivates a user.
    #[track_caller]
    #[must_use]
    pub fn leaving(&self, actor: UserId, roster: &Roster, email: &str) -> Decided<Member> {
        allowed(command::deactivate_user(self.context(Actor::User(actor)), actor, roster, email))
    }

    /// Reactivates a user.
    #[track_caller]
    #[must_use]
    pub fn return_of(&self, actor: UserId, roster: &Roster, email: &str) -> Decided<Member> {
        allowed(command::reactivate_user(self.context(Actor::User(actor)), actor, roster, email))
    }

    /// Moves somebody to their main email.
    #[track_caller]
    #[must_use]
    pub fn move_email(
        &self,
        actor: UserId,
        roster: &Roster,
        from: &str,
        to: &str,
    ) -> Decided<Member> {
        let command = MoveToMainEmail { from: from.to_owned(), to: to.to_owned() };
        let context = self.context(Actor::User(actor));
        allowed(command::move_to_main_email(context, actor, roster, None, &command))
    }

    /// Records a flu vaccination given on that day, assessed and consented by the same clinician.
    #[track_caller]
    #[must_use]
    pub fn recording(
        &self,
        author: UserId,
        roster: &Roster,
        clinician: &EmailAddress,
        given_on: NaiveDate,
    ) -> Decided<VaccinationRecord> {
        let [assessing, consenting] = [clinician, clinician].map(|email| email.as_str().to_owned());
        let vaccine = "Flu".to_owned();
        let command = RecordVaccination { vaccine, given_on, assessing, consenting };
        let (context, standing) = (self.context(Actor::User(author)), standing_of(roster, author));
        let members = &roster.members;
        allowed(command::record_vaccination(context, standing.as_ref(), members, &command))
    }

    /// Edits the day on which a vaccination was given.
    #[track_caller]
    #[must_use]
    pub fn edit(
        &self,
        author: UserId,
        roster: &Roster,
        record: &VaccinationRecord,
        given_on: NaiveDate,
    ) -> Decided<VaccinationRecord> {
        let command = EditRecord { given_on: Some(given_on), ..EditRecord::default() };
        let (context, standing) = (self.context(Actor::User(author)), standing_of(roster, author));
        let (standing, members) = (standing.as_ref(), &roster.members);
        allowed(command::edit_record(context, standing, Some(record), members, &command))
    }
}

/// Where a member of a roster stands.
#[must_use]
pub fn standing_of(roster: &Roster, user: UserId) -> Option<Standing> {
    let member = roster.by_user(user)?;
    Some(Standing::of(&roster.organisation, &member.membership))
}

fn by(lead: &RegionalLead) -> Actor {
    Actor::RegionalLead(lead.user())
}
