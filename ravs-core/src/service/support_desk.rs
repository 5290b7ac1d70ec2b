//! The RAVS support desk.

use super::tries::Tries;
use super::{Failure, Ravs};
use crate::command::{self, AddRegionalLead, Decided};
use crate::event::Actor;
use crate::user::User;

/// What Support does. Every call may fail with a [`PortError`](crate::port::PortError).
#[derive(Clone, Debug)]
pub struct SupportDesk {
    ravs: Ravs,
}

impl SupportDesk {
    pub(super) fn new(ravs: Ravs) -> Self {
        Self { ravs }
    }

    /// Adds a regional lead, on a request from the region's RVOC mailbox.
    ///
    /// # Errors
    /// As [`command::add_regional_lead`].
    pub async fn add_regional_lead(&self, command: &AddRegionalLead) -> Result<User, Failure> {
        let mut tries = Tries::new();
        loop {
            let user = self.ravs.user_by_text(&command.email).await?;
            let lead = match &user {
                Some(user) => self.ravs.store().regional_lead(user.id()).await?,
                None => None,
            };
            let known = user.as_ref().map(|user| (user, lead.as_ref()));
            let context = self.ravs.context(Actor::Support);
            let Decided { change, answer } = command::add_regional_lead(context, known, command)?;
            if tries.commit(self.ravs.store(), &change).await? {
                return Ok(answer);
            }
        }
    }

    /// Stops a regional lead's access.
    ///
    /// # Errors
    /// As [`command::stop_regional_lead`].
    pub async fn stop_regional_lead(&self, email: &str) -> Result<(), Failure> {
        let mut tries = Tries::new();
        loop {
            let lead = match self.ravs.user_by_text(email).await? {
                Some(user) => self.ravs.store().regional_lead(user.id()).await?,
                None => None,
            };
            let context = self.ravs.context(Actor::Support);
            let Decided { change, answer } = command::stop_regional_lead(context, lead.as_ref())?;
            if tries.commit(self.ravs.store(), &change).await? {
                return Ok(answer);
            }
        }
    }

    /// Has anyone's activation email sent again by the identity provider.
    ///
    /// # Errors
    /// As [`command::request_activation_email`].
    pub async fn resend_activation(&self, email: &str) -> Result<(), Failure> {
        let user = self.ravs.user_by_text(email).await?;
        let context = self.ravs.context(Actor::Support);
        let Decided { change, answer } = command::request_activation_email(context, user.as_ref())?;
        self.ravs.store().commit(&change).await?;
        Ok(answer)
    }
}
