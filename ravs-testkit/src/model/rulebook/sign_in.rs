//! Section 7: signing in, choosing, entering.

use chrono::{DateTime, Utc};
use ravs_core::{Code, MembershipStatus, OrganisationStatus};
use serde_json::{Value, json};

use super::{Answer, Life, Rulebook};
use crate::model::command::Vouched;

impl Rulebook {
    /// R-S2.
    pub(super) fn sign_in(&mut self, now: DateTime<Utc>, who: &Vouched) -> Result<Value, Answer> {
        let email = self.identify(who).ok_or_else(|| Answer::refused(Code::UnknownUser))?;
        let choices = self.choices(&email, now);
        let entered = match choices.as_slice() {
            [] => return Err(super::refused(vec![Code::NoOrganisation])),
            [only] => Some(*only),
            _ => None,
        };
        let shown: Vec<Value> =
            choices.iter().map(|number| self.choice_seen(&email, *number, now)).collect();
        let entered = match entered {
            Some(number) => Some(self.step_in(now, &email, number)?),
            None => None,
        };
        Ok(json!({ "choices": shown, "entered": entered }))
    }

    /// R-S3.
    pub(super) fn enter(
        &mut self,
        now: DateTime<Utc>,
        who: &Vouched,
        organisation: usize,
    ) -> Result<Value, Answer> {
        let email = self.identify(who).ok_or_else(|| Answer::refused(Code::UnknownUser))?;
        let number = self.organisation(organisation);
        let number = number.ok_or_else(|| Answer::refused(Code::NotAMember))?;
        self.step_in(now, &email, number)
    }

    /// R-S4.
    fn step_in(&mut self, now: DateTime<Utc>, email: &str, number: usize) -> Result<Value, Answer> {
        let organisation = &mut self.organisations[number];
        let (at, status) = (organisation.time(now), organisation.status(now));
        let member = organisation.members.get_mut(email);
        let member = member.ok_or_else(|| Answer::refused(Code::NotAMember))?;
        if status == OrganisationStatus::Closed {
            return Err(Answer::refused(Code::OrganisationClosed));
        }
        if member.is_deactivated() {
            return Err(Answer::refused(Code::MembershipDeactivated));
        }
        member.status = MembershipStatus::Active;
        member.entered = true;
        if let Some(next) = member.next.take() {
            member.level = next;
        }
        let entered = json!({
            "organisation": number,
            "level": member.level.as_str(),
            "clinician": member.clinician,
        });
        if status == OrganisationStatus::Invited {
            organisation.life = Life::Active { since: at }; // R-L1
            organisation.last_change = at;
        }
        self.sessions.push((email.to_owned(), number));
        Ok(entered)
    }

    /// The organisations to choose from, by name, then in the order in which they came.
    fn choices(&self, email: &str, now: DateTime<Utc>) -> Vec<usize> {
        let all = self.organisations.iter().enumerate();
        let mut open: Vec<_> = all
            .filter(|(_, o)| o.status(now) != OrganisationStatus::Closed)
            .filter(|(_, o)| o.members.get(email).is_some_and(|m| !m.is_deactivated()))
            .map(|(number, o)| (o.name, number))
            .collect();
        open.sort_unstable();
        open.into_iter().map(|(_, number)| number).collect()
    }

    fn choice_seen(&self, email: &str, number: usize, now: DateTime<Utc>) -> Value {
        let organisation = &self.organisations[number];
        json!({
            "organisation": number,
            "name": organisation.name,
            "ods_code": organisation.code,
            "status": organisation.status(now).as_str(),
            "level": organisation.members[email].level.as_str(),
        })
    }

    /// What somebody would be offered now.
    pub(in crate::model) fn choices_seen(&self, email: &str, now: DateTime<Utc>) -> Value {
        let choices = self.choices(email, now);
        choices.iter().map(|number| self.choice_seen(email, *number, now)).collect()
    }
}
