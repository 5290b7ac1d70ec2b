//! What came of a step, on one line.

use std::fmt;

use chrono::SecondsFormat;
use ravs_core::service::UserView;
use ravs_core::{ClosedBecause, EmailAddress, Explanation, VaccineType};

use crate::scenario::run::answer::{Answer, Choice, Email, Entered, Event, Organisation, Record};
use crate::scenario::run::line::Refused;

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done {} => f.write_str("done"),
            Self::RegionalLead { email, region, .. } => {
                write!(f, "{} leads for {region}", email.as_str())
            }
            Self::Bodies { bodies } => {
                f.write_str(&listed("bodies", bodies, |b| format!("{} {}", b.code, b.name)))
            }
            Self::Organisation(organisation) => organisation.fmt(f),
            Self::VaccinesAdded { organisation, added, .. } => {
                write!(f, "new: {}; {organisation}", names(added))
            }
            Self::Organisations { organisations, next } => {
                let status = |o: &Organisation| format!("{} {}", o.organisation, o.status);
                f.write_str(&listed("organisations", organisations, status))?;
                next.iter().try_for_each(|next| write!(f, "; more after {next}"))
            }
            Self::SignIn { choices, entered } => {
                let choice = |c: &Choice| format!("{} {}, {}", c.organisation, c.status, c.level);
                f.write_str(&listed("choices", choices, choice))?;
                entered.iter().try_for_each(|entered| write!(f, "; {entered}"))
            }
            Self::Entered(entered) => entered.fmt(f),
            Self::Allowed { .. } => f.write_str("allowed"),
            Self::Explained(explanation) => explained(f, explanation),
            Self::User(view) => f.write_str(&user(view)),
            Self::Users { users } => f.write_str(&listed("users", users, user)),
            Self::Clinicians { clinicians } => {
                f.write_str(&listed("clinicians", clinicians, |c| address(&c.email)))
            }
            Self::Record(record) => record.fmt(f),
            Self::Records { records } => {
                f.write_str(&listed("records", records, Record::to_string))
            }
            Self::Report { counts, rows, .. } => {
                let count =
                    |c: &ravs_core::DayCount| format!("{} {} {}", c.count, c.vaccine, c.date);
                write!(f, "{}; {} rows", listed("counts", counts, count), rows.len())
            }
            Self::Closed { closed } => f.write_str(&listed("closed", closed, String::clone)),
            Self::Delivered { done, waiting, failed } => {
                write!(f, "{done} done, {waiting} waiting, {failed} failed")
            }
            Self::Emails { emails } => f.write_str(&listed("emails", emails, Email::to_string)),
            Self::History { events } => f.write_str(&listed("events", events, Event::to_string)),
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let faults = self.faults.iter().map(ToString::to_string).collect::<Vec<_>>();
        write!(f, "refused: {}", faults.join("; "))
    }
}

impl fmt::Display for Organisation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { organisation, ods_code, status, vaccines, .. } = self;
        write!(f, "{organisation} ({ods_code}) is {status}")?;
        if let (Some(last_day), Some(closes_at)) = (self.last_day, self.closes_at) {
            let closes_at = closes_at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
            write!(f, ", last day {last_day}, closes {closes_at}")?;
        }
        match self.closed_because {
            Some(ClosedBecause::GracePeriodEnded) => f.write_str(", its last day is over")?,
            Some(ClosedBecause::Withdrawn) => f.write_str(", the invitation withdrawn")?,
            None => {}
        }
        write!(f, "; vaccines: {}", names(vaccines))
    }
}

impl fmt::Display for Entered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clinician = if self.clinician { ", clinician" } else { "" };
        write!(f, "entered {} as {}{clinician}", self.organisation, self.level)
    }
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { record, vaccine, given_on, revision, .. } = self;
        let by = self.recorded_by.as_str();
        write!(f, "{record}: {vaccine} given on {given_on}, recorded by {by}, revision {revision}")
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.notice.as_str(), self.to.as_str())
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} by {}", self.event, self.by)
    }
}

fn explained(f: &mut fmt::Formatter<'_>, explanation: &Explanation) -> fmt::Result {
    let Explanation { allowed, reasons, changes_at } = explanation;
    f.write_str(if *allowed { "allowed" } else { "not allowed" })?;
    for reason in reasons {
        write!(f, "; {} (lifted when {})", reason.code, reason.lifted_by)?;
    }
    if let Some(changes_at) = changes_at {
        write!(f, "; changes {}", changes_at.to_rfc3339_opts(SecondsFormat::AutoSi, true))?;
    }
    Ok(())
}

fn user(user: &UserView) -> String {
    let UserView { email, level, next_level, clinician, status, .. } = user;
    let next = next_level.map(|next| format!(", next {next}")).unwrap_or_default();
    let clinician = if *clinician { ", clinician" } else { "" };
    format!("{} {status}, {level}{next}{clinician}", email.as_str())
}

fn address(email: &EmailAddress) -> String {
    email.as_str().to_owned()
}

fn names(vaccines: &[VaccineType]) -> String {
    if vaccines.is_empty() {
        return "none".to_owned();
    }
    vaccines.iter().map(VaccineType::as_str).collect::<Vec<_>>().join(", ")
}

fn listed<T>(what: &str, items: &[T], shown: impl Fn(&T) -> String) -> String {
    let items = items.iter().map(shown).collect::<Vec<_>>();
    let items = if items.is_empty() { "none".to_owned() } else { items.join(" | ") };
    format!("{what}: {items}")
}
