//! Where trials are played: a database with the schema, and the people it begins with.

use std::path::Path;
use std::sync::Arc;

use ravs_adapters_postgres::{Builder, Migrations, PoolSettings, SchemaName, StatementMode, pool};
use ravs_core::Region;
use ravs_core::command::AddRegionalLead;
use ravs_testserver::postgres::Template;
use tempfile::TempDir;

use crate::Failed;
use crate::host::{Host, MAILBOX};
use crate::outside::Outside;
use crate::told::Ear;

/// The role of the hosts.
pub const APPLICATION: &str = "ravs_application";

/// The regional leads there are from the beginning.
pub const LEADS: [(&str, Region); 4] = [
    ("lee@nhs.net", Region::London),
    ("kim@nhs.net", Region::London),
    ("max@nhs.net", Region::Midlands),
    ("joy@nhs.net", Region::Midlands),
];

/// A database with the schema, of which the application's role may use what it needs.
#[must_use]
pub fn migrated() -> Template {
    Template::new("trial", |url| async move {
        let owner = pool(&url, &PoolSettings::new().size(1))?;
        let make = format!(
            "DO $$ BEGIN CREATE ROLE {APPLICATION} LOGIN;
             EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        );
        owner.get().await?.batch_execute(&make).await?;
        let migrations = Migrations::new(SchemaName::default()).application_role(APPLICATION);
        migrations.run(&owner).await?;
        Ok::<_, Failed>(())
    })
}

/// The same URL for the application's role.
#[must_use]
pub fn as_application(url: &str) -> String {
    let join = if url.contains('?') { '&' } else { '?' };
    format!("{url}{join}options=-c%20role%3D{APPLICATION}")
}

/// A database on which hosts work, the outside that they share, and what they have told.
#[derive(Debug)]
pub struct Stage {
    folder: TempDir,
    /// The outside.
    pub outside: Outside,
    /// What was told.
    pub ear: Ear,
    /// The database, as the application's role.
    pub url: String,
    mode: StatementMode,
}

impl Stage {
    /// Sets the stage on an empty database: adds the regional leads.
    ///
    /// # Errors
    /// The database or the folder does not take it.
    pub async fn set(url: &str) -> Result<Self, Failed> {
        Self::set_with(url, StatementMode::default()).await
    }

    /// The same for a way to the database on which statements are sent like this.
    ///
    /// # Errors
    /// The database or the folder does not take it.
    pub async fn set_with(url: &str, mode: StatementMode) -> Result<Self, Failed> {
        let folder = tempfile::Builder::new().prefix("ravs-trial-").tempdir()?;
        let outside = Outside::within(folder.path())?;
        let (ear, url) = (Ear::new(), url.to_owned());
        let stage = Self { folder, outside, ear, url, mode };
        let host = stage.host()?;
        for (email, region) in LEADS {
            let command = AddRegionalLead {
                region,
                requested_from: MAILBOX.into(),
                first_name: "Lee".into(),
                last_name: "Adams".into(),
                email: email.into(),
            };
            host.ravs.support_desk().add_regional_lead(&command).await?;
        }
        Ok(stage)
    }

    /// The same stage, which hosts and workers from now on reach by this URL.
    #[must_use]
    pub fn reached_at(self, url: &str) -> Self {
        Self { url: url.to_owned(), ..self }
    }

    /// A host in this process.
    ///
    /// # Errors
    /// The URL cannot be read.
    pub fn host(&self) -> Result<Host, Failed> {
        self.host_at(&self.url, |builder| builder.statements(self.mode))
    }

    /// A host in this process on another way to the database, or with other settings.
    ///
    /// # Errors
    /// The URL cannot be read.
    pub fn host_at(&self, url: &str, set: impl FnOnce(Builder) -> Builder) -> Result<Host, Failed> {
        Host::new(url, &self.outside, Arc::new(self.ear.journal()), set)
    }

    /// The outside's folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}
