//! The front door: desks for everyone who has a right to one.

mod failure;
mod housekeeping;
mod organisation_desk;
mod regional_desk;
mod sign_in;
mod support_desk;
mod tries;
mod view;

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

pub use failure::Failure;
pub use housekeeping::{Delivered, Difference, Housekeeping, Mended, Reconcile, Reconciled};
pub use organisation_desk::{OrganisationDesk, RecordsListed};
pub use regional_desk::{ListRequest, Listed, RegionalDesk, VaccinesAdded};
pub use sign_in::{Entered, SignIn};
pub use support_desk::SupportDesk;
pub use view::{OrganisationView, UserView};

use crate::change::Context;
use crate::command::Known;
use crate::event::Actor;
use crate::membership::Roster;
use crate::organisation::OrganisationId;
use crate::port::{
    BodyDirectory, Clock, EffectQueue, IdSource, IdentityProvider, Mailer, PortError, Store,
};
use crate::session::Session;
use crate::settings::Settings;
use crate::user::{EmailAddress, User, UserId};

/// The adapters that a host has chosen.
#[derive(Clone)]
pub struct Ports {
    /// Where everything is kept.
    pub store: Arc<dyn Store>,
    /// The effects that the store's commits queue.
    pub queue: Arc<dyn EffectQueue>,
    /// People's accounts.
    pub identity: Arc<dyn IdentityProvider>,
    /// The national directory.
    pub directory: Arc<dyn BodyDirectory>,
    /// Sends emails.
    pub mailer: Arc<dyn Mailer>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn IdSource>,
}

impl fmt::Debug for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ports").finish_non_exhaustive()
    }
}

/// The service, put together from a host's ports and settings. Cheap to clone, and shared by
/// every request.
#[derive(Clone, Debug)]
pub struct Ravs {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    ports: Ports,
    settings: Settings,
}

impl Ravs {
    /// The service on these ports.
    #[must_use]
    pub fn new(ports: Ports, settings: Settings) -> Self {
        Self { inner: Arc::new(Inner { ports, settings }) }
    }

    /// The host's settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// The desk of someone who has entered an organisation. Each call is decided on what is
    /// stored then (R-S5).
    #[must_use]
    pub fn organisation_desk(&self, session: Session) -> OrganisationDesk {
        OrganisationDesk::new(self.clone(), session)
    }

    /// The support desk. A host gives it to nobody but Support.
    #[must_use]
    pub fn support_desk(&self) -> SupportDesk {
        SupportDesk::new(self.clone())
    }

    /// What has to be done from time to time, by a job of the host's.
    #[must_use]
    pub fn housekeeping(&self) -> Housekeeping {
        Housekeeping::new(self.clone())
    }

    fn ports(&self) -> &Ports {
        &self.inner.ports
    }

    fn store(&self) -> &dyn Store {
        &*self.inner.ports.store
    }

    /// What a decision is made in; reads the clock.
    fn context(&self, by: Actor) -> Context<'_> {
        let Inner { ports, settings } = &*self.inner;
        Context { settings, now: ports.clock.now(), by, ids: &*ports.ids }
    }

    /// The users among these addresses, with their places as long as those matter (R-U4).
    async fn known(
        &self,
        context: &Context<'_>,
        emails: &[EmailAddress],
    ) -> Result<Vec<Known>, PortError> {
        let shared = context.settings.policy.shares_emails_at(context.now);
        let mut known = Vec::new();
        for user in self.users_by_email(emails).await? {
            let places = if shared { Vec::new() } else { self.store().places(user.id()).await? };
            known.push(Known { user, places });
        }
        Ok(known)
    }

    async fn known_by_text(
        &self,
        context: &Context<'_>,
        email: &str,
    ) -> Result<Option<Known>, PortError> {
        let emails: Vec<EmailAddress> = email.parse().into_iter().collect();
        Ok(self.known(context, &emails).await?.pop())
    }

    async fn users_by_email(&self, emails: &[EmailAddress]) -> Result<Vec<User>, PortError> {
        if emails.is_empty() {
            return Ok(Vec::new());
        }
        self.store().users_by_email(emails).await
    }

    async fn user_by_text(&self, email: &str) -> Result<Option<User>, PortError> {
        let emails: Vec<EmailAddress> = email.parse().into_iter().collect();
        Ok(self.users_by_email(&emails).await?.pop())
    }

    /// A user whom something stored names.
    async fn user(&self, id: UserId) -> Result<User, PortError> {
        let found = self.store().users(&[id]).await?.pop();
        found.ok_or_else(|| PortError::corrupt("a user that is referred to is missing"))
    }

    /// An organisation that something stored names, with its members.
    async fn roster(&self, id: OrganisationId) -> Result<Roster, PortError> {
        let found = self.store().roster(id).await?;
        found.ok_or_else(|| PortError::corrupt("an organisation that is referred to is missing"))
    }
}

/// How many organisations, records or bodies are listed at once, by how many are asked for.
fn listed(limit: Option<usize>) -> usize {
    const USUALLY: usize = 50;
    const MOST: usize = 200;
    limit.unwrap_or(USUALLY).clamp(1, MOST)
}
