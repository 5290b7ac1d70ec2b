//! What a step does: one variant for each `do`, with exactly its fields.

mod read;

use chrono::NaiveDate;
use ravs_core::command::Nominee;
use ravs_core::{Action, OrganisationStatus, PermissionLevel, Region};
use uuid::Uuid;

use super::vocabulary::Provider;

pub(crate) use read::{Reader, named};

/// What a step does.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the scenario format, by the same names")]
pub enum Command {
    /// Support adds a lead for a region, at the request of its mailbox.
    AddRegionalLead {
        region: Region,
        requested_from: String,
        first_name: String,
        last_name: String,
        email: String,
    },
    /// Support ends a lead's access to the onboarding tool.
    StopRegionalLead { email: String },
    /// Support has an activation email sent again.
    ResendActivation { email: String },
    /// A lead searches the directory.
    Search { query: String, limit: Option<usize> },
    /// A lead onboards a body.
    Onboard { ods_code: String, vaccines: Vec<String>, nominees: Vec<Nominee> },
    /// A lead nominates further lead administrators.
    Nominate { organisation: Reference, nominees: Vec<Nominee> },
    /// A lead withdraws an invitation.
    Withdraw { organisation: Reference },
    /// A lead deactivates an organisation.
    Deactivate { organisation: Reference },
    /// A lead reactivates an organisation.
    Reactivate { organisation: Reference },
    /// A lead looks at an organisation.
    Show { organisation: Reference },
    /// A lead adds vaccine types.
    AddVaccines { organisation: Reference, vaccines: Vec<String> },
    /// A lead reads the home page.
    List {
        status: Option<OrganisationStatus>,
        invited_by: Option<String>,
        limit: Option<usize>,
        after: Option<Reference>,
    },
    /// Someone signs in.
    SignIn,
    /// Someone signs in and chooses an organisation.
    Enter { organisation: Reference },
    /// A session asks whether it may do something.
    Authorise { action: Action, vaccine: Option<String> },
    /// A session asks why it may or may not.
    Explain { action: Action, vaccine: Option<String> },
    /// A session adds a user.
    AddUser {
        first_name: String,
        last_name: String,
        email: String,
        clinician: bool,
        level: PermissionLevel,
    },
    /// A session changes a user's level or clinician status; at least one is there.
    ChangeUser { email: String, level: Option<PermissionLevel>, clinician: Option<bool> },
    /// A session deactivates a user.
    DeactivateUser { email: String },
    /// A session reactivates a user.
    ReactivateUser { email: String },
    /// A session moves a user from an extra email address to the main one.
    MoveToMainEmail { from: String, to: String },
    /// A session lists the users.
    Users,
    /// A session lists the clinicians that can be chosen.
    Clinicians,
    /// A session lists the records.
    Records,
    /// A session records a vaccination.
    Record { vaccine: String, given_on: NaiveDate, assessing: String, consenting: String },
    /// A session edits a record; at least one of the three is there.
    Edit {
        record: Reference,
        given_on: Option<NaiveDate>,
        assessing: Option<String>,
        consenting: Option<String>,
    },
    /// A session creates a report.
    Report { from: NaiveDate, to: NaiveDate },
    /// The host writes down closings that are due.
    Sweep,
    /// The host carries out what waits to be done outside.
    Deliver { provider: Provider },
    /// Every email sent since the last such step.
    Emails,
    /// An organisation's history.
    History { organisation: Reference },
}

/// What a step refers to: a name given by an earlier step, or an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference {
    /// A name that an earlier `as` gave.
    Name(String),
    /// An id, known to the file or not.
    Id(Uuid),
}

impl Command {
    /// The step's `do`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::AddRegionalLead { .. } => "add_regional_lead",
            Self::StopRegionalLead { .. } => "stop_regional_lead",
            Self::ResendActivation { .. } => "resend_activation",
            Self::Search { .. } => "search",
            Self::Onboard { .. } => "onboard",
            Self::Nominate { .. } => "nominate",
            Self::Withdraw { .. } => "withdraw",
            Self::Deactivate { .. } => "deactivate",
            Self::Reactivate { .. } => "reactivate",
            Self::Show { .. } => "show",
            Self::AddVaccines { .. } => "add_vaccines",
            Self::List { .. } => "list",
            Self::SignIn => "sign_in",
            Self::Enter { .. } => "enter",
            Self::Authorise { .. } => "authorise",
            Self::Explain { .. } => "explain",
            Self::AddUser { .. } => "add_user",
            Self::ChangeUser { .. } => "change_user",
            Self::DeactivateUser { .. } => "deactivate_user",
            Self::ReactivateUser { .. } => "reactivate_user",
            Self::MoveToMainEmail { .. } => "move_to_main_email",
            Self::Users => "users",
            Self::Clinicians => "clinicians",
            Self::Records => "records",
            Self::Record { .. } => "record",
            Self::Edit { .. } => "edit",
            Self::Report { .. } => "report",
            Self::Sweep => "sweep",
            Self::Deliver { .. } => "deliver",
            Self::Emails => "emails",
            Self::History { .. } => "history",
        }
    }
}
