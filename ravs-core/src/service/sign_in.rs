//! Signing in and entering.

use alloc::vec::Vec;

use super::tries::Tries;
use super::{Failure, Ravs, RegionalDesk};
use crate::command::{self, Identified};
use crate::event::Actor;
use crate::membership::{ClinicianStatus, PermissionLevel};
use crate::organisation::OrganisationId;
use crate::refusal::Code;
use crate::region::RegionalLead;
use crate::session::{Choice, Session, VerifiedIdentity, choices};
use crate::user::User;

/// Someone signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// The organisations to choose from, as they were just before; at least one.
    pub choices: Vec<Choice>,
    /// With one choice alone it was entered directly (R-S2).
    pub entered: Option<Entered>,
}

/// Someone entered an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entered {
    /// The session: with it the host asks for an [`OrganisationDesk`](super::OrganisationDesk).
    pub session: Session,
    /// The user's level there, a waiting one applied.
    pub level: PermissionLevel,
    /// Whether they are a clinician there.
    pub clinician: ClinicianStatus,
}

impl Ravs {
    /// Signs somebody in: what they can choose, or, with one choice alone, their session (R-S2).
    ///
    /// # Errors
    /// `unknown_user`, `no_organisation`; a [`PortError`](crate::port::PortError).
    pub async fn sign_in(&self, identity: &VerifiedIdentity) -> Result<SignIn, Failure> {
        let user = self.identified(identity).await?;
        let places = self.store().places(user.id()).await?;
        let choices = choices(&places, self.ports().clock.now())?;
        let entered = match choices.as_slice() {
            [only] => Some(self.enter_as(&user, only.organisation).await?),
            _ => None,
        };
        Ok(SignIn { choices, entered })
    }

    /// Enters a chosen organisation (R-S3, R-S4). Each entry takes a sign-in of its own.
    ///
    /// # Errors
    /// `unknown_user`; `not_a_member`, `organisation_closed`, `membership_deactivated`; a
    /// [`PortError`](crate::port::PortError).
    pub async fn enter(
        &self,
        identity: &VerifiedIdentity,
        organisation: OrganisationId,
    ) -> Result<Entered, Failure> {
        let user = self.identified(identity).await?;
        self.enter_as(&user, organisation).await
    }

    /// The desk of a regional lead. Each call of it is decided on their access then (R-A3).
    ///
    /// # Errors
    /// `not_a_regional_lead`; a [`PortError`](crate::port::PortError).
    pub async fn regional_desk(
        &self,
        identity: &VerifiedIdentity,
    ) -> Result<RegionalDesk, Failure> {
        let user = match self.identified(identity).await {
            Err(failure) if failure.code() == Some(Code::UnknownUser) => {
                return Err(RegionalLead::unknown().into());
            }
            user => user?,
        };
        let lead = self.store().regional_lead(user.id()).await?;
        command::lead_of(lead.as_ref())?;
        Ok(RegionalDesk::new(self.clone(), user.id()))
    }

    async fn enter_as(
        &self,
        user: &User,
        organisation: OrganisationId,
    ) -> Result<Entered, Failure> {
        let mut tries = Tries::new();
        loop {
            let places = self.store().places(user.id()).await?;
            let place = places.iter().find(|place| place.organisation.id() == organisation);
            let decided = command::enter(self.context(Actor::User(user.id())), user, place)?;
            if tries.commit(self.store(), &decided.change).await? {
                let (session, place) = decided.answer;
                let (level, clinician) = (place.membership.level(), place.membership.clinician());
                return Ok(Entered { session, level, clinician });
            }
        }
    }

    /// Whom an identity belongs to, linked for good the first time (R-S1).
    async fn identified(&self, identity: &VerifiedIdentity) -> Result<User, Failure> {
        let VerifiedIdentity { subject, email } = identity;
        let mut tries = Tries::new();
        loop {
            let by_subject = self.store().user_by_subject(subject).await?;
            let by_email = match (&by_subject, email) {
                (None, Some(email)) => {
                    self.users_by_email(core::slice::from_ref(email)).await?.pop()
                }
                (Some(_), _) | (None, None) => None,
            };
            let user = match command::identify(by_subject, by_email)? {
                Identified::Linked(user) => return Ok(user),
                Identified::ToLink(user) => user,
            };
            let context = self.context(Actor::User(user.id()));
            let decided = command::link(context, &user, subject)?;
            if tries.commit(self.store(), &decided.change).await? {
                return Ok(decided.answer);
            }
        }
    }
}
