//! What a step answers, field by field as scenario files know it.

use chrono::{DateTime, NaiveDate, Utc};
use ravs_core::service::{Delivered, OrganisationView, UserView};
use ravs_core::{
    Body, ClosedBecause, DayCount, EmailAddress, Explanation, NoticeKind, OdsCode,
    OrganisationStatus, PermissionLevel, RecordView, Region, VaccineType, Version,
};
use serde::Serialize;
use serde_json::{Map, Value};

/// What a step answers.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
#[expect(missing_docs, reason = "the fields are those of the scenario format, by the same names")]
pub enum Answer {
    /// It is done, and there is nothing to show.
    Done {},
    /// A regional lead.
    RegionalLead { email: EmailAddress, first_name: String, last_name: String, region: Region },
    /// Bodies of the directory.
    Bodies { bodies: Vec<Body> },
    /// An organisation.
    Organisation(Organisation),
    /// An organisation with further vaccine types.
    VaccinesAdded {
        #[serde(flatten)]
        organisation: Organisation,
        added: Vec<VaccineType>,
        help: String,
    },
    /// A page of organisations, and the last one's name if there are more.
    Organisations { organisations: Vec<Organisation>, next: Option<String> },
    /// What someone who signed in can choose, and what they entered.
    SignIn { choices: Vec<Choice>, entered: Option<Entered> },
    /// Where someone is.
    Entered(Entered),
    /// An action is allowed.
    Allowed { allowed: bool },
    /// Why an action is or is not allowed.
    Explained(Explanation),
    /// A user.
    User(UserView),
    /// Users.
    Users { users: Vec<UserView> },
    /// Those who can be chosen as clinicians.
    Clinicians { clinicians: Vec<UserView> },
    /// A record.
    Record(Record),
    /// Records.
    Records { records: Vec<Record> },
    /// A report.
    Report { counts: Vec<DayCount>, rows: Vec<Record>, csv: String },
    /// The organisations whose closing was written down.
    Closed { closed: Vec<String> },
    /// How a delivery went.
    Delivered { done: usize, waiting: usize, failed: usize },
    /// Emails.
    Emails { emails: Vec<Email> },
    /// A history.
    History { events: Vec<Event> },
}

/// An organisation, under its name in the story. Times are UTC, days are London's.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the fields are those of the scenario format, by the same names")]
pub struct Organisation {
    pub organisation: String,
    pub ods_code: OdsCode,
    pub name: String,
    pub address: String,
    pub postcode: String,
    pub region: Region,
    pub status: OrganisationStatus,
    pub vaccines: Vec<VaccineType>,
    pub invited_by: EmailAddress,
    pub closes_at: Option<DateTime<Utc>>,
    pub last_day: Option<NaiveDate>,
    pub closed_because: Option<ClosedBecause>,
}

impl Organisation {
    pub(super) fn of(view: OrganisationView, shown: String) -> Self {
        Self {
            organisation: shown,
            ods_code: view.ods_code,
            name: view.name,
            address: view.address,
            postcode: view.postcode,
            region: view.region,
            status: view.status,
            vaccines: view.vaccines,
            invited_by: view.invited_by,
            closes_at: view.closes_at,
            last_day: view.last_day,
            closed_because: view.closed_because,
        }
    }
}

/// An organisation that someone can choose.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the fields are those of the scenario format, by the same names")]
pub struct Choice {
    pub organisation: String,
    pub name: String,
    pub ods_code: OdsCode,
    pub status: OrganisationStatus,
    pub level: PermissionLevel,
}

impl Choice {
    pub(super) fn of(choice: ravs_core::Choice, shown: String) -> Self {
        let ravs_core::Choice { name, ods_code, status, level, .. } = choice;
        Self { organisation: shown, name, ods_code, status, level }
    }
}

/// Where someone has entered, and as what.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the fields are those of the scenario format, by the same names")]
pub struct Entered {
    pub organisation: String,
    pub level: PermissionLevel,
    pub clinician: bool,
}

/// A record, under its name in the story.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the fields are those of the scenario format, by the same names")]
pub struct Record {
    pub record: String,
    pub vaccine: VaccineType,
    pub given_on: NaiveDate,
    pub recorded_by: EmailAddress,
    pub recorded_at: DateTime<Utc>,
    pub assessing: EmailAddress,
    pub consenting: EmailAddress,
    pub revision: Version,
}

impl Record {
    pub(super) fn of(view: RecordView, shown: String) -> Self {
        Self {
            record: shown,
            vaccine: view.vaccine,
            given_on: view.given_on,
            recorded_by: view.recorded_by,
            recorded_at: view.recorded_at,
            assessing: view.assessing,
            consenting: view.consenting,
            revision: view.revision,
        }
    }
}

/// An email that was sent.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the fields are those of the scenario format, by the same names")]
pub struct Email {
    pub to: EmailAddress,
    pub notice: NoticeKind,
    pub subject: String,
    pub text: String,
}

impl From<ravs_core::Email> for Email {
    fn from(email: ravs_core::Email) -> Self {
        let ravs_core::Email { to, notice, subject, text, .. } = email;
        Self { to, notice, subject, text }
    }
}

/// An event, with what there is to it beside.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the fields are those of the scenario format, by the same names")]
pub struct Event {
    pub at: DateTime<Utc>,
    pub by: String,
    pub event: &'static str,
    #[serde(flatten)]
    pub details: Map<String, Value>,
}

impl From<Delivered> for Answer {
    fn from(Delivered { done, waiting, failed }: Delivered) -> Self {
        Self::Delivered { done, waiting, failed }
    }
}
