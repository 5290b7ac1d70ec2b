//! A mix of all commands, through the services, as chance has it.

use std::time::Duration;

use chrono::{DateTime, Days};
use ravs_core::command::{
    AddUser, ChangeUser, EditRecord, Nominate, Nominee, Onboard, RecordVaccination,
};
use ravs_core::port::Store as _;
use ravs_core::service::{ListRequest, OrganisationDesk, RegionalDesk};
use ravs_core::{
    ClinicianStatus, Failure, OrganisationId, OrganisationStatus, PermissionLevel, RecordId,
    Session,
};
use ravs_testkit::identity_of;

use crate::chance::Chance;
use crate::host::Host;
use crate::journal::{Answer, Journal, Line};
use crate::stage::LEADS;

/// How many bodies and how many people there are: few, so that processes meet.
const BODIES: usize = 40;
const PEOPLE: usize = 30;
/// How many sessions a worker keeps.
const SESSIONS: usize = 12;
/// How long to wait after a failure that may pass.
const PAUSE: Duration = Duration::from_millis(20);

/// Plays commands.
#[derive(Debug)]
pub struct Load {
    host: Host,
    journal: Journal,
    chance: Chance,
    sessions: Vec<(Session, String)>,
    records: Vec<(usize, RecordId)>,
}

impl Load {
    /// The load of a seed.
    #[must_use]
    pub fn new(host: Host, journal: Journal, seed: u64) -> Self {
        let (sessions, records) = (Vec::new(), Vec::new());
        Self { host, journal, chance: Chance::of(seed), sessions, records }
    }

    /// Plays one command, and notes how it went. After a failure of the world it waits a little,
    /// as a host does before it tries again.
    pub async fn step(&mut self) {
        if let Err(failure) = self.command().await {
            self.journal.note_failure(&failure);
            if failure.refusal().is_none() {
                tokio::time::sleep(PAUSE).await;
            }
        }
    }

    async fn command(&mut self) -> Result<(), Failure> {
        match self.chance.below(100) {
            0..8 => self.onboard().await,
            8..26 => self.enter().await,
            26..66 => self.at_an_organisation().await,
            66..78 => self.life().await,
            78..82 => self.resend_activation().await,
            82..97 => self.deliver().await,
            _ => self.sweep().await,
        }
    }

    /// Carries out some effects.
    ///
    /// # Errors
    /// As the housekeeping's.
    pub async fn deliver(&self) -> Result<(), Failure> {
        self.host.ravs.housekeeping().deliver(6).await.map(drop)
    }

    async fn sweep(&self) -> Result<(), Failure> {
        for closed in self.host.late.housekeeping().sweep(2).await? {
            self.answered(closed, "organisation_closed");
        }
        Ok(())
    }

    async fn onboard(&mut self) -> Result<(), Failure> {
        let desk = self.regional_desk().await?;
        let ods_code = format!("T{:03}", self.chance.below(BODIES));
        let nominees = vec![self.nominee(), self.nominee(), self.nominee()];
        let command = Onboard { ods_code, vaccines: vec!["Flu".into(), "MMR".into()], nominees };
        let view = desk.onboard(&command).await?;
        self.answered(view.organisation, "organisation_invited");
        Ok(())
    }

    async fn enter(&mut self) -> Result<(), Failure> {
        let desk = self.regional_desk().await?;
        let status = *self
            .chance
            .one_of(&[OrganisationStatus::Invited, OrganisationStatus::Active])
            .unwrap_or(&OrganisationStatus::Active);
        let Some(id) = self.organisation(&desk, status).await? else { return Ok(()) };
        let Some(roster) = self.host.store.roster(id).await? else { return Ok(()) };
        let Some(member) = self.chance.one_of(&roster.members) else { return Ok(()) };
        let email = member.user.email().as_str().to_owned();
        let entered = self.host.ravs.enter(&identity_of(&email), id).await?;
        self.answered(id, "member_entered");
        if self.sessions.len() >= SESSIONS {
            let old = self.chance.below(SESSIONS);
            self.sessions.remove(old);
            self.records.clear();
        }
        self.sessions.push((entered.session, email));
        Ok(())
    }

    /// Something of a member's.
    async fn at_an_organisation(&mut self) -> Result<(), Failure> {
        let place = self.chance.below(self.sessions.len());
        let Some((session, email)) = self.sessions.get(place).cloned() else {
            return self.enter().await;
        };
        let id = session.organisation();
        let desk = self.host.ravs.organisation_desk(session);
        let other = self.person();
        match self.chance.below(10) {
            0..4 => self.record(&desk, place, &email).await,
            4..6 => self.edit(&desk, place).await,
            6 => {
                let level = *self.chance.one_of(&PermissionLevel::ALL).unwrap_or(&LOWEST);
                let clinician = match self.chance.below(2) {
                    0 => ClinicianStatus::Clinician,
                    _ => ClinicianStatus::NotClinician,
                };
                let (first_name, last_name) = ("Eve".into(), "Clark".into());
                let command = AddUser { first_name, last_name, email: other, clinician, level };
                desk.add_user(&command).await?;
                self.answered(id, "member_added");
                Ok(())
            }
            7 => {
                let level = self.chance.one_of(&PermissionLevel::ALL).copied();
                let command = ChangeUser { email: other, level, clinician: None };
                desk.change_user(&command).await.map(drop)
            }
            8 => {
                desk.deactivate_user(&other).await?;
                self.answered(id, "member_deactivated");
                Ok(())
            }
            _ => {
                let change = desk.reactivate_user(&other).await;
                change.map(|_| self.answered(id, "member_reactivated"))
            }
        }
    }

    async fn record(
        &mut self,
        desk: &OrganisationDesk,
        place: usize,
        email: &str,
    ) -> Result<(), Failure> {
        let clinician = match desk.clinicians().await?.first() {
            Some(clinician) => clinician.email.as_str().to_owned(),
            None => {
                let clinician = Some(ClinicianStatus::Clinician);
                let change = ChangeUser { email: email.to_owned(), level: None, clinician };
                return desk.change_user(&change).await.map(drop);
            }
        };
        let command = RecordVaccination {
            vaccine: "Flu".into(),
            given_on: ravs_core::london_date(DateTime::UNIX_EPOCH),
            assessing: clinician.clone(),
            consenting: clinician,
        };
        let view = desk.record(&command).await?;
        self.records.push((place, view.record));
        let record = Some((view.record, view.revision.number()));
        self.told(desk.session().organisation(), Some("vaccination_recorded"), record);
        Ok(())
    }

    async fn edit(&mut self, desk: &OrganisationDesk, place: usize) -> Result<(), Failure> {
        let here: Vec<RecordId> =
            self.records.iter().filter(|(at, _)| *at == place).map(|(_, record)| *record).collect();
        let Some(record) = self.chance.one_of(&here).copied() else { return Ok(()) };
        let day = u64::try_from(self.chance.below(10_000)).unwrap_or_default();
        let given_on =
            ravs_core::london_date(DateTime::UNIX_EPOCH).checked_add_days(Days::new(day));
        let command = EditRecord { given_on, assessing: None, consenting: None };
        let view = desk.edit(record, &command).await?;
        let record = Some((view.record, view.revision.number()));
        // an edit that changes nothing leaves no event
        self.told(desk.session().organisation(), None, record);
        Ok(())
    }

    /// Something of a regional lead's.
    async fn life(&mut self) -> Result<(), Failure> {
        let desk = self.regional_desk().await?;
        match self.chance.below(8) {
            0..3 => {
                let active = self.organisation(&desk, OrganisationStatus::Active).await?;
                let Some(id) = active else { return Ok(()) };
                desk.deactivate(id).await?;
                self.answered(id, "organisation_deactivated");
            }
            3..5 => {
                let deactivated = self.organisation(&desk, OrganisationStatus::Deactivated).await?;
                let Some(id) = deactivated else { return Ok(()) };
                desk.reactivate(id).await?;
                self.answered(id, "organisation_reactivated");
            }
            5 => {
                let invited = self.organisation(&desk, OrganisationStatus::Invited).await?;
                let Some(id) = invited else { return Ok(()) };
                desk.withdraw(id).await?;
                self.answered(id, "organisation_closed");
            }
            6 => {
                let active = self.organisation(&desk, OrganisationStatus::Active).await?;
                let Some(id) = active else { return Ok(()) };
                let vaccine = format!("Vaccine {}", self.chance.below(20));
                if !desk.add_vaccines(id, &[vaccine]).await?.added.is_empty() {
                    self.answered(id, "vaccines_added");
                }
            }
            _ => {
                let active = self.organisation(&desk, OrganisationStatus::Active).await?;
                let Some(id) = active else { return Ok(()) };
                let command = Nominate { nominees: vec![self.nominee()] };
                desk.nominate(id, &command).await?;
            }
        }
        Ok(())
    }

    async fn resend_activation(&mut self) -> Result<(), Failure> {
        let email = self.person();
        self.host.ravs.support_desk().resend_activation(&email).await
    }

    async fn regional_desk(&mut self) -> Result<RegionalDesk, Failure> {
        let lead = self.chance.one_of(&LEADS).map_or("", |(email, _)| email);
        self.host.ravs.regional_desk(&identity_of(lead)).await
    }

    /// An organisation of a region with this status.
    async fn organisation(
        &mut self,
        desk: &RegionalDesk,
        status: OrganisationStatus,
    ) -> Result<Option<OrganisationId>, Failure> {
        let request = ListRequest { status: Some(status), ..ListRequest::default() };
        let listed = desk.list(&request).await?.organisations;
        Ok(self.chance.one_of(&listed).map(|view| view.organisation))
    }

    fn person(&mut self) -> String {
        format!("user{}@nhs.net", self.chance.below(PEOPLE))
    }

    fn nominee(&mut self) -> Nominee {
        Nominee { first_name: "Ann".into(), last_name: "Brown".into(), email: self.person() }
    }

    fn answered(&self, organisation: OrganisationId, event: &str) {
        self.told(organisation, Some(event), None);
    }

    fn told(
        &self,
        organisation: OrganisationId,
        event: Option<&str>,
        record: Option<(RecordId, u64)>,
    ) {
        let event = event.map(str::to_owned);
        self.journal.note(&Line::Answered(Answer { organisation, event, record }));
    }
}

const LOWEST: PermissionLevel = PermissionLevel::Recorder;
