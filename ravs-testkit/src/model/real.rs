//! The real thing: the services, on the store under test.

pub(super) mod views;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use ravs_core::command::{
    AddRegionalLead, AddUser, ChangeUser, EditRecord, MoveToMainEmail, Nominate, Nominee, Onboard,
    RecordVaccination,
};
use ravs_core::port::{Clock as _, Store};
use ravs_core::service::{Entered, ListRequest, OrganisationDesk, SupportDesk};
use ravs_core::{
    ClinicianStatus, Decision, EmailAddress, OrganisationId, Ports, Ravs, RecordId, Request,
    Session, Settings, Subject, VaccineType, VerifiedIdentity,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::answer::{Answer, told};
use super::command::{Command, LifeStep, Typed, Vouched};
use super::{StoreUnderTest, scene};
use crate::faulty::FaultyStore;
use crate::{World, all_records};
use views::user_view;

/// The services, and the ids of what the model numbers.
pub(super) struct Real<S> {
    pub(super) under_test: S,
    pub(super) faulty: FaultyStore,
    pub(super) store: Arc<dyn Store>,
    pub(super) world: World,
    pub(super) ravs: Ravs,
    pub(super) organisations: Vec<OrganisationId>,
    pub(super) records: Vec<RecordId>,
    pub(super) sessions: Vec<Session>,
    first_day: NaiveDate,
}

/// What the world says when it is asked; the text of a finding.
type Finding = String;

impl<S: StoreUnderTest> Real<S> {
    pub(super) fn new(
        under_test: S,
        world: World,
        settings: Settings,
        first_day: NaiveDate,
    ) -> Self {
        let faulty = FaultyStore::new(under_test.store());
        let store: Arc<dyn Store> = Arc::new(faulty.clone());
        let ports = Ports { store, queue: under_test.queue(), ..world.ports() };
        Self {
            store: under_test.store(),
            ravs: Ravs::new(ports, settings),
            under_test,
            faulty,
            world,
            organisations: Vec::new(),
            records: Vec::new(),
            sessions: Vec::new(),
            first_day,
        }
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.world.clock.now()
    }

    /// What the services answer.
    pub(super) async fn answer(&mut self, command: &Command) -> Result<Answer, Finding> {
        if let Some(session) = command.session() {
            let Some(number) = scene::recent(session, self.sessions.len()) else {
                return Ok(Answer::Skipped);
            };
            let desk = self.ravs.organisation_desk(self.sessions[number].clone());
            return self.in_session(&desk, command).await;
        }
        match command {
            Command::Sweep => {
                let closed = self.ravs.housekeeping().sweep(1000).await;
                told(closed, |ids| {
                    let mut numbers =
                        ids.iter().map(|id| self.number(*id)).collect::<Result<Vec<_>, _>>()?;
                    numbers.sort_unstable();
                    Ok(json!(numbers))
                })
            }
            Command::SignIn { who } => self.sign_in(who).await,
            Command::Enter { who, organisation } => {
                let id = self.organisation(*organisation);
                let entered = self.ravs.enter(&vouched(who)?, id).await;
                if let Ok(Entered { session, .. }) = &entered {
                    self.sessions.push(session.clone());
                }
                told(entered, |entered| self.entered(&entered))
            }
            Command::AddRegionalLead { .. }
            | Command::StopRegionalLead { .. }
            | Command::ResendActivation { .. } => support(&self.ravs.support_desk(), command).await,
            Command::Onboard { by, .. }
            | Command::Nominate { by, .. }
            | Command::Life { by, .. }
            | Command::AddVaccines { by, .. }
            | Command::List { by, .. } => {
                let desk = match self.ravs.regional_desk(&vouched(by)?).await {
                    Ok(desk) => desk,
                    Err(failure) => return told(Err::<(), _>(failure), |()| Ok(Value::Null)),
                };
                self.in_region(&desk, command).await
            }
            _ => Ok(Answer::Skipped),
        }
    }

    async fn sign_in(&mut self, who: &Vouched) -> Result<Answer, Finding> {
        let signed_in = self.ravs.sign_in(&vouched(who)?).await;
        if let Ok(signed_in) = &signed_in
            && let Some(Entered { session, .. }) = &signed_in.entered
        {
            self.sessions.push(session.clone());
        }
        told(signed_in, |signed_in| {
            let entered = signed_in.entered.as_ref().map(|e| self.entered(e)).transpose()?;
            Ok(json!({ "choices": self.choices(&signed_in.choices)?, "entered": entered }))
        })
    }

    async fn in_region(
        &mut self,
        desk: &ravs_core::service::RegionalDesk,
        command: &Command,
    ) -> Result<Answer, Finding> {
        match command {
            Command::Onboard { code, vaccines, nominees, .. } => {
                let command = Onboard {
                    ods_code: code.clone(),
                    vaccines: vaccines.clone(),
                    nominees: nominees.iter().map(nominee).collect(),
                };
                let onboarded = desk.onboard(&command).await;
                if let Ok(view) = &onboarded {
                    self.organisations.push(view.organisation);
                }
                told(onboarded, |view| self.view(&view))
            }
            Command::Nominate { organisation, nominees, .. } => {
                let command = Nominate { nominees: nominees.iter().map(nominee).collect() };
                let nominated = desk.nominate(self.organisation(*organisation), &command).await;
                told(nominated, |view| self.view(&view))
            }
            Command::Life { organisation, step, .. } => {
                let id = self.organisation(*organisation);
                let view = match step {
                    LifeStep::Withdraw => desk.withdraw(id).await,
                    LifeStep::Deactivate => desk.deactivate(id).await,
                    LifeStep::Reactivate => desk.reactivate(id).await,
                    LifeStep::Show => desk.show(id).await,
                };
                told(view, |view| self.view(&view))
            }
            Command::AddVaccines { organisation, vaccines, .. } => {
                let added = desk.add_vaccines(self.organisation(*organisation), vaccines).await;
                told(added, |added| {
                    let names: Vec<_> = added.added.iter().map(VaccineType::as_str).collect();
                    Ok(json!({ "organisation": self.view(&added.organisation)?, "added": names }))
                })
            }
            Command::List { status, invited_by, limit, .. } => {
                let mut request = ListRequest {
                    status: *status,
                    invited_by: invited_by.as_ref().and_then(|email| email.parse().ok()),
                    after: None,
                    limit: Some(*limit),
                };
                let mut all = Vec::new();
                loop {
                    match desk.list(&request).await {
                        Ok(page) if page.organisations.len() > *limit => {
                            return Err("a page is longer than it was asked to be".into());
                        }
                        Ok(page) => {
                            for view in &page.organisations {
                                all.push(self.view(view)?);
                            }
                            request.after = page.next;
                        }
                        failure => return told(failure, |_| Ok(Value::Null)),
                    }
                    if request.after.is_none() {
                        return Ok(Answer::Given(all.into()));
                    }
                }
            }
            _ => Ok(Answer::Skipped),
        }
    }

    async fn in_session(
        &mut self,
        desk: &OrganisationDesk,
        command: &Command,
    ) -> Result<Answer, Finding> {
        let clinician =
            |is| if is { ClinicianStatus::Clinician } else { ClinicianStatus::NotClinician };
        match command {
            Command::Authorise { action, vaccine, .. } => {
                let vaccine = vaccine.as_deref().map(vaccine_type).transpose()?;
                let recording = *action == ravs_core::Action::RecordVaccination;
                let request = match &vaccine {
                    Some(vaccine) if recording => Request::recording(vaccine),
                    _ => Request::from(*action),
                };
                authorise(desk, request).await
            }
            Command::AddUser { person, clinician: is, level, .. } => {
                let Typed { first, last, email } = person.clone();
                let (level, clinician) = (*level, clinician(*is));
                let command =
                    AddUser { first_name: first, last_name: last, email, clinician, level };
                told(desk.add_user(&command).await, |view| Ok(user_view(&view)))
            }
            Command::ChangeUser { email, level, clinician: is, .. } => {
                let (email, level) = (email.clone(), *level);
                let command = ChangeUser { email, level, clinician: is.map(clinician) };
                told(desk.change_user(&command).await, |view| Ok(user_view(&view)))
            }
            Command::DeactivateUser { email, .. } => {
                told(desk.deactivate_user(email).await, |view| Ok(user_view(&view)))
            }
            Command::ReactivateUser { email, .. } => {
                told(desk.reactivate_user(email).await, |view| Ok(user_view(&view)))
            }
            Command::MoveToMainEmail { from, to, .. } => {
                let command = MoveToMainEmail { from: from.clone(), to: to.clone() };
                told(desk.move_to_main_email(&command).await, |view| Ok(user_view(&view)))
            }
            Command::Users { .. } => {
                told(desk.users().await, |users| Ok(users.iter().map(user_view).collect()))
            }
            Command::Clinicians { .. } => {
                told(desk.clinicians().await, |users| Ok(users.iter().map(user_view).collect()))
            }
            _ => self.with_records(desk, command).await,
        }
    }

    async fn with_records(
        &mut self,
        desk: &OrganisationDesk,
        command: &Command,
    ) -> Result<Answer, Finding> {
        match command {
            Command::Records { .. } => {
                told(all_records(desk, Some(2)).await, |records| self.record_views(&records))
            }
            Command::Record { vaccine, day, assessing, consenting, .. } => {
                let command = RecordVaccination {
                    vaccine: vaccine.clone(),
                    given_on: self.day(*day),
                    assessing: assessing.clone(),
                    consenting: consenting.clone(),
                };
                let recorded = desk.record(&command).await;
                if let Ok(view) = &recorded {
                    self.records.push(view.record);
                }
                told(recorded, |view| self.record_view(&view))
            }
            Command::Edit { record, day, assessing, consenting, .. } => {
                let record = scene::pick(*record, self.records.len());
                let id = record.map_or(RecordId::from_uuid(Uuid::max()), |n| self.records[n]);
                let command = EditRecord {
                    given_on: day.map(|day| self.day(day)),
                    assessing: assessing.clone(),
                    consenting: consenting.clone(),
                };
                told(desk.edit(id, &command).await, |view| self.record_view(&view))
            }
            Command::Report { first, last, .. } => {
                told(desk.report(self.day(*first), self.day(*last)).await, |report| {
                    let counts: Vec<Value> = report
                        .counts
                        .iter()
                        .map(|day| json!([day.vaccine.as_str(), day.date, day.count]))
                        .collect();
                    Ok(json!({ "counts": counts, "rows": self.record_views(&report.rows)? }))
                })
            }
            _ => Ok(Answer::Skipped),
        }
    }

    fn day(&self, number: i64) -> NaiveDate {
        self.first_day + TimeDelta::days(number)
    }

    fn organisation(&self, number: usize) -> OrganisationId {
        let unknown = OrganisationId::from_uuid(Uuid::max());
        scene::pick(number, self.organisations.len()).map_or(unknown, |n| self.organisations[n])
    }

    pub(super) fn number(&self, id: OrganisationId) -> Result<usize, Finding> {
        let number = self.organisations.iter().position(|known| *known == id);
        number.ok_or_else(|| "an organisation that nobody onboarded".into())
    }
}

/// Both the decision and its explanation, which have to agree (R-P5, R-P6).
async fn authorise(desk: &OrganisationDesk, request: Request<'_>) -> Result<Answer, Finding> {
    let decided = desk.authorise(request).await;
    let explained = desk.explain(request).await;
    let first = match &decided {
        Ok(Decision::Allowed) | Err(_) => None,
        Ok(Decision::Refused(reason)) => Some(reason.code().as_str()),
    };
    told(decided.and_then(|decision| Ok((decision, explained?))), |(decision, explained)| {
        let reasons: Vec<_> = explained.reasons.iter().map(|r| r.code.code().as_str()).collect();
        if explained.allowed != decision.is_allowed() {
            return Err("the explanation contradicts the decision".into());
        }
        Ok(json!({
            "allowed": explained.allowed,
            "first": first,
            "reasons": reasons,
            "changes_at": explained.changes_at,
        }))
    })
}

async fn support(desk: &SupportDesk, command: &Command) -> Result<Answer, Finding> {
    match command {
        Command::AddRegionalLead { region, from_mailbox, lead } => {
            let mailbox = scene::mailbox(*region);
            let Typed { first, last, email } = lead.clone();
            let command = AddRegionalLead {
                region: *region,
                requested_from: if *from_mailbox { mailbox } else { format!("x{mailbox}") },
                first_name: first,
                last_name: last,
                email,
            };
            told(desk.add_regional_lead(&command).await, |user| Ok(json!(user.email())))
        }
        Command::StopRegionalLead { email } => {
            told(desk.stop_regional_lead(email).await, |()| Ok(Value::Null))
        }
        Command::ResendActivation { email } => {
            told(desk.resend_activation(email).await, |()| Ok(Value::Null))
        }
        _ => Ok(Answer::Skipped),
    }
}

fn nominee(typed: &Typed) -> Nominee {
    let Typed { first, last, email } = typed.clone();
    Nominee { first_name: first, last_name: last, email }
}

fn vouched(who: &Vouched) -> Result<VerifiedIdentity, Finding> {
    let subject = Subject::new(&who.subject).map_err(|error| error.to_string())?;
    Ok(VerifiedIdentity { subject, email: who.email.as_deref().map(address).transpose()? })
}

fn address(text: &str) -> Result<EmailAddress, Finding> {
    text.parse().map_err(|_| format!("the sequence needs an address and not `{text}`"))
}

fn vaccine_type(text: &str) -> Result<VaccineType, Finding> {
    text.parse().map_err(|_| format!("the sequence needs a vaccine type and not `{text}`"))
}
