//! One side of a race, played by a process of its own.
//!
//! A task comes as a line of JSON. The process gets ready for it and says so, and begins at the
//! next line. Where the task says so it also stops before its first commit, when it has decided,
//! and goes on at one line more: so that all sides have decided on the same state for certain.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use ravs_core::command::{AddUser, ChangeUser, Nominate, Nominee, Onboard};
use ravs_core::port::PortError;
use ravs_core::service::{OrganisationDesk, RegionalDesk};
use ravs_core::{
    ChangeSet, ClinicianStatus, Failure, OrganisationId, PermissionLevel, Ravs, Subject,
    VerifiedIdentity,
};
use ravs_testkit::identity_of;
use serde::{Deserialize, Serialize};
use tokio::sync::{Mutex, mpsc};

use crate::Failed;
use crate::journal::{Journal, Line};
use crate::watched::Watch;

/// What one side does.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Task {
    /// Whether to stop when it is decided, before it is committed.
    pub stops: bool,
    /// What to do.
    pub what: What,
}

/// What one side does, by the addresses of people.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names of the fields say it")]
pub enum What {
    /// A regional lead onboards a body.
    Onboard { lead: String, code: String, nominees: Vec<String> },
    /// A regional lead nominates somebody.
    Nominate { lead: String, organisation: OrganisationId, email: String },
    /// Somebody who has signed in before enters.
    Enter { email: String, organisation: OrganisationId },
    /// Somebody signs in for the first time, vouched for as this subject, and enters.
    FirstSignIn { email: String, subject: String, organisation: OrganisationId },
    /// A member who has entered adds somebody.
    AddUser { by: String, organisation: OrganisationId, email: String },
    /// A member who has entered takes somebody's access away.
    Deactivate { by: String, organisation: OrganisationId, email: String },
    /// A member who has entered makes somebody a recorder.
    Demote { by: String, organisation: OrganisationId, email: String },
}

/// What a side says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Said {
    /// It waits for the start.
    Ready,
    /// It has decided, and waits before it commits.
    Decided,
    /// It is done: `Err` has the code of the refusal.
    Done(Result<(), String>),
}

/// Stops before a commit, and tells the journal of every one.
#[derive(Debug)]
pub struct Gate {
    journal: Journal,
    stops: AtomicBool,
    input: Mutex<mpsc::UnboundedReceiver<String>>,
}

impl Gate {
    /// A gate that goes on at a line of this input.
    #[must_use]
    pub fn new(journal: Journal, input: mpsc::UnboundedReceiver<String>) -> Self {
        Self { journal, stops: AtomicBool::new(false), input: Mutex::new(input) }
    }

    async fn line(&self) -> Option<String> {
        self.input.lock().await.recv().await
    }

    fn say(&self, said: Said) {
        self.journal.note(&Line::Race(said));
    }
}

#[async_trait]
impl Watch for Gate {
    async fn before(&self, change: &ChangeSet) {
        self.journal.before(change).await;
        if self.stops.swap(false, Ordering::AcqRel) {
            self.say(Said::Decided);
            self.line().await;
        }
    }

    async fn after(&self, change: &ChangeSet, outcome: &Result<(), PortError>) {
        self.journal.after(change, outcome).await;
    }
}

/// Plays what the input says, until it ends.
///
/// # Errors
/// A task cannot be read, or the world fails.
pub async fn play(ravs: &Ravs, gate: &Arc<Gate>) -> Result<(), Failed> {
    while let Some(line) = gate.line().await {
        let task: Task = serde_json::from_str(&line)?;
        let ready = Ready::of(ravs, &task.what).await?;
        gate.say(Said::Ready);
        if gate.line().await.is_none() {
            break;
        }
        gate.stops.store(task.stops, Ordering::Release);
        let done = match ready.go(ravs, &task.what).await {
            Ok(()) => Ok(()),
            Err(Failure::Refused(refusal)) => Err(refusal.code().to_string()),
            Err(failure) => return Err(failure.into()),
        };
        gate.stops.store(false, Ordering::Release);
        gate.say(Said::Done(done));
    }
    Ok(())
}

/// What is had before the start.
enum Ready {
    Region(RegionalDesk),
    Organisation(OrganisationDesk),
    Door,
}

impl Ready {
    async fn of(ravs: &Ravs, what: &What) -> Result<Self, Failure> {
        Ok(match what {
            What::Onboard { lead, .. } | What::Nominate { lead, .. } => {
                Self::Region(ravs.regional_desk(&identity_of(lead)).await?)
            }
            What::AddUser { by, organisation, .. }
            | What::Deactivate { by, organisation, .. }
            | What::Demote { by, organisation, .. } => {
                let entered = ravs.enter(&identity_of(by), *organisation).await?;
                Self::Organisation(ravs.organisation_desk(entered.session))
            }
            What::Enter { email, .. } => {
                // a sign-in elsewhere, which is refused and links them
                match ravs.regional_desk(&identity_of(email)).await {
                    Err(Failure::Failed(error)) => return Err(error.into()),
                    _ => Self::Door,
                }
            }
            What::FirstSignIn { .. } => Self::Door,
        })
    }

    async fn go(self, ravs: &Ravs, what: &What) -> Result<(), Failure> {
        match (self, what) {
            (Self::Region(desk), What::Onboard { code, nominees, .. }) => {
                let nominees = nominees.iter().map(|email| nominee(email)).collect();
                let vaccines = vec!["Flu".into()];
                let command = Onboard { ods_code: code.clone(), vaccines, nominees };
                desk.onboard(&command).await.map(drop)
            }
            (Self::Region(desk), What::Nominate { organisation, email, .. }) => {
                let command = Nominate { nominees: vec![nominee(email)] };
                desk.nominate(*organisation, &command).await.map(drop)
            }
            (Self::Organisation(desk), What::AddUser { email, .. }) => {
                let command = AddUser {
                    first_name: "Eve".into(),
                    last_name: "Clark".into(),
                    email: email.clone(),
                    clinician: ClinicianStatus::NotClinician,
                    level: PermissionLevel::Recorder,
                };
                desk.add_user(&command).await.map(drop)
            }
            (Self::Organisation(desk), What::Deactivate { email, .. }) => {
                desk.deactivate_user(email).await.map(drop)
            }
            (Self::Organisation(desk), What::Demote { email, .. }) => {
                let level = Some(PermissionLevel::Recorder);
                let command = ChangeUser { email: email.clone(), level, clinician: None };
                desk.change_user(&command).await.map(drop)
            }
            (_, What::Enter { email, organisation }) => {
                ravs.enter(&identity_of(email), *organisation).await.map(drop)
            }
            (_, What::FirstSignIn { email, subject, organisation }) => {
                let odd = |_| PortError::rejected("a task of people that cannot be");
                let subject = Subject::new(subject).map_err(|_| odd(()))?;
                let email = email.parse().map_err(|_| odd(()))?;
                ravs.enter(&VerifiedIdentity { subject, email: Some(email) }, *organisation)
                    .await
                    .map(drop)
            }
            _ => Err(PortError::rejected("a task without its desk").into()),
        }
    }
}

/// Somebody as they are nominated.
#[must_use]
pub fn nominee(email: &str) -> Nominee {
    Nominee { first_name: "Ann".into(), last_name: "Brown".into(), email: email.to_owned() }
}
