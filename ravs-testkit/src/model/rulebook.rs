//! The rules once more, as naively as they can be said: written from the rulebook alone, with
//! plain vectors and maps, and with no rule of the core's. Only names of things are the core's.

mod calendar;
mod desks;
mod mail;
mod people;
mod permission;
mod records;
mod seen;
mod sign_in;
mod users;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use ravs_core::{Code, MembershipStatus, OrganisationStatus, PermissionLevel, Region};

use super::answer::Answer;
use super::command::{Command, Profile, Vouched};
use super::scene;

pub(super) use calendar::{date, midnight};
pub(super) use mail::{Mail, Queued};
pub(super) use permission::reasons;

/// What is known, in maps from folded addresses and in vectors.
#[derive(Clone, Debug)]
pub(super) struct Rulebook {
    pub(super) profile: Profile,
    /// The day from which records' days are counted.
    pub(super) first_day: NaiveDate,
    pub(super) people: BTreeMap<String, Person>,
    pub(super) leads: BTreeMap<String, Lead>,
    pub(super) organisations: Vec<Organisation>,
    pub(super) records: Vec<Record>,
    pub(super) sessions: Vec<(String, usize)>,
    /// What the last command has to have queued.
    pub(super) queued: Vec<Queued>,
}

#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) typed: String,
    pub(super) first: String,
    pub(super) last: String,
    pub(super) subject: Option<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Lead {
    pub(super) region: Region,
    pub(super) active: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Organisation {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) address: &'static str,
    pub(super) postcode: &'static str,
    pub(super) region: Region,
    pub(super) invited_by: String,
    pub(super) invited_at: DateTime<Utc>,
    pub(super) life: Life,
    pub(super) last_change: DateTime<Utc>,
    pub(super) vaccines: Vec<String>,
    pub(super) members: BTreeMap<String, Member>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Life {
    Invited,
    Active { since: DateTime<Utc> },
    Deactivated { at: DateTime<Utc>, last_day: NaiveDate, closes_at: DateTime<Utc> },
    Closed { because: &'static str },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) level: PermissionLevel,
    pub(super) next: Option<PermissionLevel>,
    pub(super) clinician: bool,
    pub(super) status: MembershipStatus,
    pub(super) entered: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Record {
    pub(super) organisation: usize,
    pub(super) vaccine: String,
    pub(super) day: NaiveDate,
    pub(super) author: String,
    pub(super) at: DateTime<Utc>,
    pub(super) assessing: String,
    pub(super) consenting: String,
    pub(super) revision: u64,
}

impl Organisation {
    /// R-L7: the later of the time and the last change.
    pub(super) fn time(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        if now < self.last_change { self.last_change } else { now }
    }

    /// R-L6: a pure function of what is stored and the time.
    pub(super) fn status(&self, now: DateTime<Utc>) -> OrganisationStatus {
        match self.life {
            Life::Invited => OrganisationStatus::Invited,
            Life::Active { .. } => OrganisationStatus::Active,
            Life::Deactivated { closes_at, .. } if self.time(now) < closes_at => {
                OrganisationStatus::Deactivated
            }
            Life::Deactivated { .. } | Life::Closed { .. } => OrganisationStatus::Closed,
        }
    }

    /// R-U9: whether it has a lead administrator whom nobody may take away.
    pub(super) fn has_a_lead(&self) -> bool {
        self.members.values().any(|m| m.status == MembershipStatus::Active && m.leads_on())
    }
}

impl Member {
    pub(super) fn new(level: PermissionLevel, clinician: bool) -> Self {
        Self { level, next: None, clinician, status: MembershipStatus::Invited, entered: false }
    }

    /// A lead administrator, with no demotion waiting.
    pub(super) fn leads_on(&self) -> bool {
        let lead = PermissionLevel::LeadAdministrator;
        self.level == lead && self.next.is_none_or(|next| next == lead)
    }

    pub(super) fn is_deactivated(&self) -> bool {
        self.status == MembershipStatus::Deactivated
    }

    /// R-U8: Active again if they had ever entered.
    pub(super) fn bring_back(&mut self) {
        self.status =
            if self.entered { MembershipStatus::Active } else { MembershipStatus::Invited };
    }
}

impl Rulebook {
    pub(super) fn new(profile: Profile, begins: DateTime<Utc>) -> Self {
        Self {
            profile,
            first_day: date(begins),
            people: BTreeMap::new(),
            leads: BTreeMap::new(),
            organisations: Vec::new(),
            records: Vec::new(),
            sessions: Vec::new(),
            queued: Vec::new(),
        }
    }

    /// Section 1: the fewest nominees, and whether vaccine types have to be chosen.
    fn fewest_nominees(&self) -> usize {
        if self.profile == Profile::Sep2025 { 2 } else { 1 }
    }

    /// R-U4: from 16 December 2024 in London, where the policy knows that date.
    fn shares_emails(&self, now: DateTime<Utc>) -> bool {
        let from = NaiveDate::from_ymd_opt(2024, 12, 16);
        self.profile != Profile::Aug2024 && from.is_some_and(|from| date(now) >= from)
    }

    /// What the rulebook answers, and what it then is like.
    pub(super) fn answer(&mut self, now: DateTime<Utc>, command: &Command) -> Answer {
        self.queued.clear();
        let answered = match command {
            Command::Sweep => Ok(self.sweep(now)),
            Command::Deliver { .. } => Err(Answer::Skipped),
            Command::SignIn { who } => self.sign_in(now, who),
            Command::Enter { who, organisation } => self.enter(now, who, *organisation),
            _ if command.session().is_some() => self.in_session(now, command),
            _ => self.at_a_desk(now, command),
        };
        match answered {
            Ok(given) => Answer::Given(given),
            Err(refused) => refused,
        }
    }

    /// R-S1: whom the provider vouches for; somebody with no subject yet is linked for good.
    pub(super) fn identify(&mut self, who: &Vouched) -> Option<String> {
        let subject = Some(&who.subject);
        let linked = self.people.iter().find(|(_, person)| person.subject.as_ref() == subject);
        if let Some((email, _)) = linked {
            return Some(email.clone());
        }
        let folded = fold(who.email.as_deref()?);
        let person = self.people.get_mut(&folded)?;
        if person.subject.is_some() {
            return None;
        }
        person.subject = Some(who.subject.clone());
        Some(folded)
    }

    /// R-N5: whether somebody should have access to RAVS.
    pub(super) fn has_access(&self, email: &str, now: DateTime<Utc>) -> bool {
        let usable = |organisation: &Organisation| {
            organisation.status(now) != OrganisationStatus::Closed
                && organisation.members.get(email).is_some_and(|member| !member.is_deactivated())
        };
        self.organisations.iter().any(usable)
            || self.leads.get(email).is_some_and(|lead| lead.active)
    }

    fn organisation(&self, number: usize) -> Option<usize> {
        scene::pick(number, self.organisations.len())
    }
}

/// A refusal whose faults the rulebook puts in no order.
fn refused(codes: Vec<Code>) -> Answer {
    Answer::Refused { codes, in_order: false }
}

/// R-U3: addresses are compared trimmed and lower-cased.
pub(super) fn fold(email: &str) -> String {
    email.trim().to_lowercase()
}
