//! What Support, regional leads and the jobs do (sections 2 to 5).

use chrono::{DateTime, Utc};
use ravs_core::{Code, MembershipStatus, NoticeKind, OrganisationStatus, PermissionLevel, Region};
use serde_json::{Value, json};

use super::people::{domain_fault, is_address};
use super::{Answer, Lead, Life, Member, Organisation, Queued, Rulebook, calendar, date, fold};
use super::{refused, seen};
use crate::model::command::{Command, LifeStep, Typed, Vouched};
use crate::model::scene;

type Answered = Result<Value, Answer>;

impl Rulebook {
    pub(super) fn at_a_desk(&mut self, now: DateTime<Utc>, command: &Command) -> Answered {
        match command {
            Command::AddRegionalLead { region, from_mailbox, lead } => {
                self.add_regional_lead(now, *region, *from_mailbox, lead)
            }
            Command::StopRegionalLead { email } => {
                match self.leads.get_mut(&fold(email)).filter(|lead| lead.active) {
                    Some(lead) => lead.active = false,
                    None => return Err(Answer::refused(Code::NotARegionalLead)),
                }
                Ok(Value::Null)
            }
            Command::ResendActivation { email } => {
                let email = fold(email);
                if !self.people.contains_key(&email) {
                    return Err(Answer::refused(Code::UnknownUser));
                }
                self.queued.push(Queued::Activation(email));
                Ok(Value::Null)
            }
            Command::Onboard { by, code, vaccines, nominees } => {
                let lead = self.lead(by)?;
                self.onboard(now, &lead, code, vaccines, nominees)
            }
            Command::Nominate { by, organisation, nominees } => {
                let number = self.in_region(by, *organisation)?;
                self.nominate(now, number, nominees)
            }
            Command::Life { by, organisation, step } => {
                let number = self.in_region(by, *organisation)?;
                self.life_step(now, number, *step)
            }
            Command::AddVaccines { by, organisation, vaccines } => {
                let number = self.in_region(by, *organisation)?;
                self.add_vaccines(now, number, vaccines)
            }
            Command::List { by, status, invited_by, .. } => {
                let (_, region) = self.lead(by)?;
                let invited_by = invited_by.as_deref().map(fold);
                Ok(self.list(now, region, *status, invited_by.as_deref()))
            }
            _ => Err(Answer::Skipped),
        }
    }

    /// R-A3: an active regional lead, and their region.
    fn lead(&mut self, by: &Vouched) -> Result<(String, Region), Answer> {
        let refused = || Answer::refused(Code::NotARegionalLead);
        let email = self.identify(by).ok_or_else(refused)?;
        let lead = self.leads.get(&email).filter(|lead| lead.active).ok_or_else(refused)?;
        Ok((email.clone(), lead.region))
    }

    /// R-A3: an organisation of the lead's region, whoever invited it.
    fn in_region(&mut self, by: &Vouched, organisation: usize) -> Result<usize, Answer> {
        let (_, region) = self.lead(by)?;
        self.organisation(organisation)
            .filter(|number| self.organisations[*number].region == region)
            .ok_or_else(|| Answer::refused(Code::NotInYourRegion))
    }

    /// R-A2.
    fn add_regional_lead(
        &mut self,
        now: DateTime<Utc>,
        region: Region,
        from_mailbox: bool,
        lead: &Typed,
    ) -> Answered {
        let email = fold(&lead.email);
        let mut codes = Self::name_faults(&lead.first, &lead.last);
        if !from_mailbox {
            codes.push(Code::NotTheRvocMailbox);
        }
        if !is_address(&lead.email) {
            codes.push(Code::EmailInvalid);
        } else {
            codes.extend(domain_fault(&email));
        }
        if self.leads.get(&email).is_some_and(|lead| lead.active) {
            codes.push(Code::EmailInUse);
        }
        if !codes.is_empty() {
            return Err(refused(codes));
        }
        let email = self.know(lead);
        self.leads.insert(email.clone(), Lead { region, active: true });
        self.welcome(NoticeKind::WelcomeRegionalLead, &email, None, now);
        Ok(json!(self.people[&email].typed))
    }

    /// R-O1 to R-O6.
    fn onboard(
        &mut self,
        now: DateTime<Utc>,
        (lead, region): &(String, Region),
        code: &str,
        vaccines: &[String],
        nominees: &[Typed],
    ) -> Answered {
        let mut codes = Vec::new();
        let code = code.trim().to_uppercase();
        let body = scene::BODIES.iter().find(|body| body.code == code);
        match body {
            None => codes.push(Code::BodyNotFound),
            Some(body) if body.is_closed(self.first_day, date(now)) => {
                codes.push(Code::BodyLegallyClosed);
            }
            Some(_) => {}
        }
        let live =
            |o: &&Organisation| o.code == code && o.status(now) != OrganisationStatus::Closed;
        if self.organisations.iter().any(|o| live(&o)) {
            codes.push(Code::AlreadyOnboarded);
        }
        if self.fewest_nominees() == 2 && vaccines.is_empty() {
            codes.push(Code::NoVaccinesChosen);
        }
        codes.extend(vaccine_faults(vaccines));
        codes.extend(self.nominee_faults(nominees, self.fewest_nominees(), None, now));
        let Some(body) = body.filter(|_| codes.is_empty()) else { return Err(refused(codes)) };

        // R-O4: the same commit writes down the old one's closing
        for old in self.organisations.iter_mut().filter(|o| o.code == code) {
            write_down(old, now);
        }
        let number = self.organisations.len();
        self.organisations.push(Organisation {
            code: body.code,
            name: body.name,
            address: body.address,
            postcode: body.postcode,
            region: *region,
            invited_by: lead.clone(),
            invited_at: now,
            life: Life::Invited,
            last_change: now,
            vaccines: Vec::new(),
            members: std::collections::BTreeMap::new(),
        });
        self.grant(number, vaccines);
        self.add_nominees(now, number, nominees);
        Ok(self.organisation_seen(number, now))
    }

    /// R-O8.
    fn nominate(&mut self, now: DateTime<Utc>, number: usize, nominees: &[Typed]) -> Answered {
        let at = self.organisations[number].time(now);
        growing(self.organisations[number].status(now))?;
        let codes = self.nominee_faults(nominees, 1, Some(number), now);
        if !codes.is_empty() {
            return Err(refused(codes));
        }
        self.add_nominees(at, number, nominees);
        Ok(self.organisation_seen(number, now))
    }

    fn add_nominees(&mut self, at: DateTime<Utc>, number: usize, nominees: &[Typed]) {
        for nominee in nominees {
            let email = self.know(nominee);
            let new = Member::new(PermissionLevel::LeadAdministrator, false);
            let organisation = &mut self.organisations[number];
            let member = organisation.members.entry(email.clone()).or_insert(new);
            if member.is_deactivated() {
                member.bring_back();
                member.level = PermissionLevel::LeadAdministrator;
                member.next = None;
            }
            organisation.last_change = at;
            self.welcome(NoticeKind::WelcomeLeadAdministrator, &email, Some(number), at);
        }
    }

    /// Section 4.
    fn life_step(&mut self, now: DateTime<Utc>, number: usize, step: LifeStep) -> Answered {
        use OrganisationStatus::{Active, Closed, Deactivated, Invited};
        let organisation = &mut self.organisations[number];
        let (at, status) = (organisation.time(now), organisation.status(now));
        let (last_day, closes_at) = calendar::closing(at);
        let refused = |code| Err(Answer::refused(code));
        match (step, status) {
            (LifeStep::Show, _) => return Ok(self.organisation_seen(number, now)),
            (_, Closed) => return refused(Code::OrganisationClosed), // R-L5
            (LifeStep::Withdraw, Invited) => {
                organisation.life = Life::Closed { because: "withdrawn" }; // R-O7
            }
            (LifeStep::Withdraw, _) => return refused(Code::AlreadyActive),
            (LifeStep::Deactivate, Active) => {
                organisation.life = Life::Deactivated { at, last_day, closes_at }; // R-L2
                let kind = NoticeKind::OrganisationDeactivated;
                self.tell_the_leads(kind, number, at, Some(last_day));
            }
            (LifeStep::Deactivate, Invited) => return refused(Code::StillInvited),
            (LifeStep::Deactivate, Deactivated) => return refused(Code::AlreadyDeactivated),
            (LifeStep::Reactivate, Deactivated) => {
                organisation.life = Life::Active { since: at }; // R-L4
                self.tell_the_leads(NoticeKind::OrganisationReactivated, number, at, None);
            }
            (LifeStep::Reactivate, _) => return refused(Code::NotDeactivated),
        }
        self.organisations[number].last_change = at;
        Ok(self.organisation_seen(number, now))
    }

    /// R-V2.
    fn add_vaccines(&mut self, now: DateTime<Utc>, number: usize, names: &[String]) -> Answered {
        growing(self.organisations[number].status(now))?;
        let mut codes = vaccine_faults(names);
        if names.is_empty() {
            codes.push(Code::NoVaccinesChosen);
        }
        if !codes.is_empty() {
            return Err(refused(codes));
        }
        let at = self.organisations[number].time(now);
        let mut added = self.grant(number, names);
        if !added.is_empty() {
            self.organisations[number].last_change = at;
        }
        added.sort();
        Ok(json!({ "organisation": self.organisation_seen(number, now), "added": added }))
    }

    fn grant(&mut self, number: usize, names: &[String]) -> Vec<String> {
        let granted = &mut self.organisations[number].vaccines;
        let mut added = Vec::new();
        for name in names {
            let name = scene::spelled(name);
            if !granted.iter().any(|g| g.eq_ignore_ascii_case(&name)) {
                granted.push(name.clone());
                added.push(name);
            }
        }
        added
    }

    /// R-A4: by name, then in the order in which they came.
    pub(in crate::model) fn list(
        &self,
        now: DateTime<Utc>,
        region: Region,
        status: Option<OrganisationStatus>,
        invited_by: Option<&str>,
    ) -> Value {
        let wanted = |o: &Organisation| {
            o.region == region
                && status.is_none_or(|status| o.status(now) == status)
                && invited_by.is_none_or(|email| o.invited_by == email)
        };
        let all = self.organisations.iter().enumerate();
        let mut listed: Vec<_> =
            all.filter(|(_, o)| wanted(o)).map(|(number, o)| (o.name, number)).collect();
        listed.sort_unstable();
        listed.iter().map(|(_, number)| self.organisation_seen(*number, now)).collect()
    }

    /// R-L6: writes down what is true already.
    pub(super) fn sweep(&mut self, now: DateTime<Utc>) -> Value {
        let all = self.organisations.iter_mut().enumerate();
        let closed = all.filter_map(|(number, o)| write_down(o, now).then_some(number));
        closed.collect::<Vec<_>>().into()
    }

    /// Writes down one closing that has come.
    pub(in crate::model) fn write_down(&mut self, number: usize, now: DateTime<Utc>) {
        write_down(&mut self.organisations[number], now);
    }

    pub(super) fn members_of(&self, number: usize) -> Vec<(String, Member)> {
        let members = &self.organisations[number].members;
        let mut sorted: Vec<_> = members.iter().map(|(e, m)| (e.clone(), m.clone())).collect();
        sorted.sort_by_key(|(email, _)| seen::name_key(&self.people[email], email));
        sorted
    }

    pub(super) fn choosable_clinician(&self, number: usize, typed: &str) -> Option<String> {
        let email = fold(typed);
        let member = self.organisations[number].members.get(&email)?;
        let choosable = member.clinician && member.status != MembershipStatus::Deactivated;
        choosable.then_some(email)
    }
}

/// Writes down a closing that has come: nothing else changes (R-L6).
fn write_down(organisation: &mut Organisation, now: DateTime<Utc>) -> bool {
    match organisation.life {
        Life::Deactivated { closes_at, .. } if closes_at <= organisation.time(now) => {
            organisation.life = Life::Closed { because: "grace_period_ended" };
            organisation.last_change = closes_at;
            true
        }
        _ => false,
    }
}

/// R-O8, R-V2: only an Invited or Active organisation grows.
fn growing(status: OrganisationStatus) -> Result<(), Answer> {
    match status {
        OrganisationStatus::Invited | OrganisationStatus::Active => Ok(()),
        OrganisationStatus::Deactivated => Err(Answer::refused(Code::OrganisationDeactivated)),
        OrganisationStatus::Closed => Err(Answer::refused(Code::OrganisationClosed)),
    }
}

/// R-V1: 1 to 40 printable characters.
fn vaccine_faults(names: &[String]) -> Vec<Code> {
    let good = |name: &String| {
        let name = name.trim();
        (1..=40).contains(&name.chars().count()) && !name.chars().any(char::is_control)
    };
    names.iter().filter(|name| !good(name)).map(|_| Code::UnknownVaccine).collect()
}
