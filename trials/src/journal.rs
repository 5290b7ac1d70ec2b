//! What a process tells of its commits: before each, everything that is in it; after it, that it
//! was acknowledged.

use std::collections::BTreeSet;
use std::fmt;
use std::io::Write as _;
use std::sync::Arc;

use async_trait::async_trait;
use ravs_core::port::PortError;
use ravs_core::{ChangeSet, ChangeSetId, Failure, OrganisationId, RecordId, Stream};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::race::Said;
use crate::watched::Watch;

/// One thing told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Line {
    /// This is about to be committed.
    Tried(Parts),
    /// The store has acknowledged this.
    Saved(ChangeSetId),
    /// The store has answered that something moved.
    Overtaken(ChangeSetId),
    /// A command was answered with success.
    Answered(Answer),
    /// So many effects were carried out at once by the process with this number.
    Delivered(u32, usize),
    /// A side of a race speaks.
    Race(Said),
    /// A command was refused, by this code.
    Refused(String),
    /// The world failed.
    Failed {
        /// Whether the caller may try again.
        retryable: bool,
        /// The error and its sources.
        what: String,
    },
}

/// Everything that a change set writes, by ids and versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parts {
    /// The change set.
    pub change: ChangeSetId,
    /// The events: whose history, and which.
    pub events: BTreeSet<(Uuid, Uuid)>,
    /// The organisations' new versions.
    pub versions: BTreeSet<(Uuid, u64)>,
    /// The keys of the effects.
    pub effects: BTreeSet<String>,
    /// The users' new versions.
    pub users: BTreeSet<(Uuid, u64)>,
    /// The regional leads' new versions.
    pub leads: BTreeSet<(Uuid, u64)>,
    /// The memberships' new versions: organisation, user, version.
    pub memberships: BTreeSet<(Uuid, Uuid, u64)>,
    /// The records' new revisions: organisation, record, revision.
    pub records: BTreeSet<(Uuid, Uuid, u64)>,
    /// Ids that nothing had before: of users, organisations and records.
    pub new: BTreeSet<Uuid>,
}

impl From<&ChangeSet> for Parts {
    fn from(change: &ChangeSet) -> Self {
        let organisations = change.organisations().iter();
        let (users, records) = (change.users().iter(), change.records().iter());
        let new = organisations
            .clone()
            .filter(|write| write.replaces.is_none())
            .map(|write| *write.state.id().as_uuid())
            .chain(users.clone().filter(|w| w.replaces.is_none()).map(|w| *w.state.id().as_uuid()))
            .chain(
                records.clone().filter(|w| w.replaces.is_none()).map(|w| *w.state.id().as_uuid()),
            );
        let stream = |stream| match stream {
            Stream::Organisation(id) => *id.as_uuid(),
            Stream::Person(id) => *id.as_uuid(),
        };
        let event = |event: &ravs_core::Event| (stream(event.stream), *event.id.as_uuid());
        Self {
            change: change.id(),
            events: change.events().iter().map(event).collect(),
            versions: organisations
                .map(|w| (*w.state.id().as_uuid(), w.state.version().number()))
                .collect(),
            effects: change.effects().iter().map(|effect| effect.key.to_string()).collect(),
            users: users.map(|w| (*w.state.id().as_uuid(), w.state.version().number())).collect(),
            leads: change
                .regional_leads()
                .iter()
                .map(|w| (*w.state.user().as_uuid(), w.state.version().number()))
                .collect(),
            memberships: change
                .memberships()
                .iter()
                .map(|w| &w.state)
                .map(|m| (*m.organisation().as_uuid(), *m.user().as_uuid(), m.version().number()))
                .collect(),
            records: records
                .map(|w| &w.state)
                .map(|r| (*r.organisation().as_uuid(), *r.id().as_uuid(), r.version().number()))
                .collect(),
            new: new.collect(),
        }
    }
}

/// What a command that succeeded was answered, as far as the history has to show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Where.
    pub organisation: OrganisationId,
    /// The name of the event that has to be there, once for each such answer.
    pub event: Option<String>,
    /// The record that has to be there, and its revision.
    pub record: Option<(RecordId, u64)>,
}

/// Where lines go.
#[derive(Clone)]
pub struct Journal(Arc<dyn Fn(&Line) + Send + Sync>);

impl Journal {
    /// One that hands every line to a function, which has kept it when it returns.
    pub fn new(keep: impl Fn(&Line) + Send + Sync + 'static) -> Self {
        Self(Arc::new(keep))
    }

    /// One that writes to the standard output, a line of JSON each, and flushes.
    #[must_use]
    pub fn to_stdout() -> Self {
        Self::new(|line| {
            let Ok(mut text) = serde_json::to_string(line) else { return };
            text.push('\n');
            let mut out = std::io::stdout().lock();
            // Nobody reads any more: then nothing was told, and nobody relies on it.
            let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        })
    }

    /// Notes a line.
    pub fn note(&self, line: &Line) {
        (self.0)(line);
    }

    /// Notes why a command did not succeed.
    pub fn note_failure(&self, failure: &Failure) {
        let line = match failure {
            Failure::Refused(refusal) => Line::Refused(refusal.code().to_string()),
            Failure::Failed(error) => {
                Line::Failed { retryable: error.is_retryable(), what: with_sources(error) }
            }
            other => Line::Failed { retryable: false, what: other.to_string() },
        };
        self.note(&line);
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Journal").finish_non_exhaustive()
    }
}

#[async_trait]
impl Watch for Journal {
    async fn before(&self, change: &ChangeSet) {
        self.note(&Line::Tried(Parts::from(change)));
    }

    async fn after(&self, change: &ChangeSet, outcome: &Result<(), PortError>) {
        match outcome {
            Ok(()) => self.note(&Line::Saved(change.id())),
            Err(error) if error.is_conflict() => self.note(&Line::Overtaken(change.id())),
            Err(_) => {}
        }
    }
}

/// An error and what caused it.
#[must_use]
pub fn with_sources(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}
