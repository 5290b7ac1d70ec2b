//! What somebody does at the organisation they have entered (sections 6 and 8).

use chrono::{DateTime, Utc};
use ravs_core::{Action, Code, MembershipStatus, NoticeKind, PermissionLevel};
use serde_json::{Value, json};

use super::permission::{reasons, require};
use super::{Answer, Life, Member, Rulebook, fold, refused};
use crate::model::command::{Command, Typed};
use crate::model::scene;

type Answered = Result<Value, Answer>;

impl Rulebook {
    pub(super) fn in_session(&mut self, now: DateTime<Utc>, command: &Command) -> Answered {
        let session = command.session().and_then(|n| scene::recent(n, self.sessions.len()));
        let Some((by, here)) = session.map(|number| self.sessions[number].clone()) else {
            return Err(Answer::Skipped);
        };
        let may =
            |model: &Self, action| require(&model.organisations[here], &by, action, None, now);
        match command {
            Command::Authorise { action, vaccine, .. } => {
                self.authorise(now, &by, here, *action, vaccine.as_deref())
            }
            Command::AddUser { person, clinician, level, .. } => {
                may(self, Action::ManageUsers)?;
                self.add_user(now, here, person, *clinician, *level)
            }
            Command::ChangeUser { email, level, clinician, .. } => {
                may(self, Action::ManageUsers)?;
                self.change_user(now, here, &fold(email), *level, *clinician)
            }
            Command::DeactivateUser { email, .. } => {
                may(self, Action::DeactivateUser)?;
                self.deactivate_user(now, here, &fold(email))
            }
            Command::ReactivateUser { email, .. } => {
                may(self, Action::ManageUsers)?;
                self.reactivate_user(now, here, &fold(email))
            }
            Command::MoveToMainEmail { from, to, .. } => {
                may(self, Action::ManageUsers)?;
                self.move_to_main_email(now, here, &fold(from), to)
            }
            Command::Users { .. } => {
                may(self, Action::DeactivateUser)?; // R-P7
                Ok(self.members_seen(here))
            }
            Command::Clinicians { .. } => {
                may(self, Action::EditVaccination)?;
                let mut members = self.members_of(here);
                members.retain(|(_, m)| m.clinician && !m.is_deactivated()); // R-U11
                Ok(members.iter().map(|(email, m)| self.member_seen(email, m)).collect())
            }
            _ => self.with_records(now, &by, here, command),
        }
    }

    /// R-P4 to R-P6.
    fn authorise(
        &self,
        now: DateTime<Utc>,
        by: &str,
        here: usize,
        action: Action,
        vaccine: Option<&str>,
    ) -> Answered {
        let vaccine = vaccine.filter(|_| action == Action::RecordVaccination);
        let organisation = &self.organisations[here];
        let reasons = reasons(organisation, by, action, vaccine, now)
            .ok_or_else(|| Answer::refused(Code::NotAMember))?;
        let changes_at = match organisation.life {
            Life::Deactivated { closes_at, .. } if organisation.time(now) < closes_at => {
                Some(closes_at)
            }
            _ => None,
        };
        Ok(json!({
            "allowed": reasons.is_empty(),
            "first": reasons.first().map(|code| code.as_str()),
            "reasons": reasons.iter().map(|code| code.as_str()).collect::<Vec<_>>(),
            "changes_at": changes_at,
        }))
    }

    /// R-U2 to R-U5.
    fn add_user(
        &mut self,
        now: DateTime<Utc>,
        here: usize,
        person: &Typed,
        clinician: bool,
        level: PermissionLevel,
    ) -> Answered {
        let mut codes = Self::name_faults(&person.first, &person.last);
        codes.extend(self.newcomer_fault(&person.email, Some(here), now, member_here));
        if !codes.is_empty() {
            return Err(refused(codes));
        }
        let email = self.know(person);
        self.join(now, here, &email, Member::new(level, clinician));
        Ok(self.seen_here(here, &email))
    }

    fn join(&mut self, now: DateTime<Utc>, here: usize, email: &str, member: Member) {
        let at = self.organisations[here].time(now);
        self.organisations[here].members.insert(email.to_owned(), member);
        self.organisations[here].last_change = at;
        self.welcome(NoticeKind::WelcomeUser, email, Some(here), at);
    }

    /// R-U7.
    fn change_user(
        &mut self,
        now: DateTime<Utc>,
        here: usize,
        email: &str,
        level: Option<PermissionLevel>,
        clinician: Option<bool>,
    ) -> Answered {
        let member = self.member(here, email)?;
        if member.is_deactivated() {
            return Err(Answer::refused(Code::MembershipDeactivated));
        }
        let mut after = member.clone();
        if let Some(level) = level {
            after.next = (level != after.level).then_some(level);
        }
        if let Some(clinician) = clinician {
            after.clinician = clinician;
        }
        self.replace(now, here, email, &after, after.next != member.next)?;
        Ok(self.seen_here(here, email))
    }

    /// R-U8.
    fn deactivate_user(&mut self, now: DateTime<Utc>, here: usize, email: &str) -> Answered {
        let mut after = self.member(here, email)?;
        if after.is_deactivated() {
            return Err(Answer::refused(Code::AlreadyDeactivated));
        }
        after.status = MembershipStatus::Deactivated;
        self.replace(now, here, email, &after, true)?;
        Ok(self.seen_here(here, email))
    }

    /// R-U8.
    fn reactivate_user(&mut self, now: DateTime<Utc>, here: usize, email: &str) -> Answered {
        let mut after = self.member(here, email)?;
        if !after.is_deactivated() {
            return Err(Answer::refused(Code::NotDeactivated));
        }
        after.bring_back();
        self.replace(now, here, email, &after, true)?;
        Ok(self.seen_here(here, email))
    }

    /// R-U10: the one case in which an Invited lead administrator counts.
    fn move_to_main_email(
        &mut self,
        now: DateTime<Utc>,
        here: usize,
        from: &str,
        to: &str,
    ) -> Answered {
        let extra = self.member(here, from);
        let mut codes = Vec::new();
        match &extra {
            Err(_) => codes.push(Code::NotAMember),
            Ok(extra) if extra.is_deactivated() => codes.push(Code::MembershipDeactivated),
            Ok(_) => {}
        }
        codes.extend(self.newcomer_fault(to, Some(here), now, member_here));
        let extra = match extra {
            Ok(extra) if codes.is_empty() => extra,
            _ => return Err(refused(codes)),
        };
        let mut main = Member::new(extra.level, extra.clinician);
        main.next = extra.next;
        let organisation = &self.organisations[here];
        let others = organisation.members.iter().filter(|(email, _)| email.as_str() != from);
        let led = organisation.has_a_lead();
        let still_led = main.leads_on()
            || others
                .into_iter()
                .any(|(_, m)| m.status == MembershipStatus::Active && m.leads_on());
        if led && !still_led {
            return Err(Answer::refused(Code::LastLeadAdministrator));
        }
        let Typed { first, last, .. } = self.typed(from);
        let email = self.know(&Typed { first, last, email: to.to_owned() });
        self.join(now, here, &email, main);
        let left = Member { status: MembershipStatus::Deactivated, ..extra };
        self.organisations[here].members.insert(from.to_owned(), left);
        Ok(self.seen_here(here, &email))
    }

    fn typed(&self, email: &str) -> Typed {
        let person = &self.people[email];
        let (first, last) = (person.first.clone(), person.last.clone());
        Typed { first, last, email: person.typed.clone() }
    }

    fn member(&self, here: usize, email: &str) -> Result<Member, Answer> {
        let member = self.organisations[here].members.get(email);
        member.cloned().ok_or_else(|| Answer::refused(Code::NotAMember))
    }

    /// R-U9: changes a member, unless that takes the last lead administrator away. A change of
    /// level or status is one of the organisation too.
    fn replace(
        &mut self,
        now: DateTime<Utc>,
        here: usize,
        email: &str,
        after: &Member,
        moves_organisation: bool,
    ) -> Result<(), Answer> {
        let before = &self.organisations[here];
        let mut organisation = before.clone();
        organisation.members.insert(email.to_owned(), after.clone());
        if before.has_a_lead() && !organisation.has_a_lead() {
            return Err(Answer::refused(Code::LastLeadAdministrator));
        }
        if moves_organisation {
            organisation.last_change = before.time(now);
        }
        self.organisations[here] = organisation;
        Ok(())
    }

    fn seen_here(&self, here: usize, email: &str) -> Value {
        self.member_seen(email, &self.organisations[here].members[email])
    }
}

/// R-U5.
fn member_here(member: &Member) -> Option<Code> {
    if member.is_deactivated() { Some(Code::MemberDeactivated) } else { Some(Code::AlreadyAMember) }
}
