//! What is shown, in the form in which it is compared.

use chrono::{DateTime, Utc};
use ravs_core::OrganisationStatus;
use serde_json::{Value, json};

use super::{Life, Member, Person, Record, Rulebook};

impl Rulebook {
    pub(in crate::model) fn organisation_seen(&self, number: usize, now: DateTime<Utc>) -> Value {
        let o = &self.organisations[number];
        let status = o.status(now);
        let mut vaccines = o.vaccines.clone();
        vaccines.sort();
        let closing = match o.life {
            Life::Deactivated { last_day, closes_at, .. }
                if status == OrganisationStatus::Deactivated =>
            {
                Some((last_day, closes_at))
            }
            _ => None,
        };
        let closed_because = match o.life {
            Life::Closed { because } => Some(because),
            _ => (status == OrganisationStatus::Closed).then_some("grace_period_ended"),
        };
        json!({
            "organisation": number,
            "ods_code": o.code,
            "name": o.name,
            "address": o.address,
            "postcode": o.postcode,
            "region": o.region.code(),
            "status": status.as_str(),
            "vaccines": vaccines,
            "invited_by": self.people[&o.invited_by].typed,
            "invited_at": o.invited_at,
            "closes_at": closing.map(|(_, closes_at)| closes_at),
            "last_day": closing.map(|(last_day, _)| last_day),
            "closed_because": closed_because,
        })
    }

    pub(in crate::model) fn member_seen(&self, email: &str, member: &Member) -> Value {
        let person = &self.people[email];
        json!({
            "email": person.typed,
            "first_name": person.first,
            "last_name": person.last,
            "level": member.level.as_str(),
            "next_level": member.next.map(|next| next.as_str()),
            "clinician": member.clinician,
            "status": member.status.as_str(),
        })
    }

    /// Everybody who is or was a member, by last then first name, then address.
    pub(in crate::model) fn members_seen(&self, number: usize) -> Value {
        let members = self.members_of(number);
        members.iter().map(|(email, member)| self.member_seen(email, member)).collect()
    }

    pub(in crate::model) fn record_seen(&self, number: usize, record: &Record) -> Value {
        json!({
            "record": number,
            "vaccine": record.vaccine,
            "given_on": record.day,
            "recorded_by": self.people[&record.author].typed,
            "recorded_at": record.at,
            "assessing": self.people[&record.assessing].typed,
            "consenting": self.people[&record.consenting].typed,
            "revision": record.revision,
        })
    }

    /// R-R2: the records of one organisation, by the time they were made.
    pub(in crate::model) fn records_seen(&self, organisation: usize) -> Value {
        let all = self.records.iter().enumerate();
        let mut here: Vec<_> = all.filter(|(_, r)| r.organisation == organisation).collect();
        here.sort_by_key(|(number, record)| (record.at, *number));
        here.iter().map(|(number, record)| self.record_seen(*number, record)).collect()
    }
}

pub(super) fn name_key(person: &Person, email: &str) -> (String, String, String) {
    (person.last.clone(), person.first.clone(), email.to_owned())
}
