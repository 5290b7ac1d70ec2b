//! The onboarding tool.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use super::tries::Tries;
use super::{Failure, OrganisationView, Ravs, listed};
use crate::change::Context;
use crate::command::{self, AddedVaccines, Decided, Found, Nominate, Nominee, Onboard, Outcome};
use crate::event::Actor;
use crate::london;
use crate::membership::Roster;
use crate::organisation::{
    Body, OdsCode, Organisation, OrganisationId, OrganisationState, OrganisationStatus, VaccineType,
};
use crate::port::{
    BodySearch, ClosedBodies, OrganisationFilter, OrganisationPage, PageKey, PageRequest, PortError,
};
use crate::region::RegionalLead;
use crate::user::{EmailAddress, UserId};

/// What a regional lead does in the onboarding tool, for the organisations of their region.
///
/// Every call may fail with `not_a_regional_lead` once Support has stopped the lead's access,
/// with `not_in_your_region` for another region's organisation, and with a [`PortError`].
#[derive(Clone, Debug)]
pub struct RegionalDesk {
    ravs: Ravs,
    user: UserId,
}

/// Which organisations of the region to list (R-A4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListRequest {
    /// Only those with this status now.
    pub status: Option<OrganisationStatus>,
    /// Only those that the lead with this address invited.
    pub invited_by: Option<EmailAddress>,
    /// Where the page before ended.
    pub after: Option<PageKey>,
    /// The most to list, 1 to 200; 50 where it is not said.
    pub limit: Option<usize>,
}

/// A page of the region's organisations, by name, then id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The organisations.
    pub organisations: Vec<OrganisationView>,
    /// Where the page ended, if there are more.
    pub next: Option<PageKey>,
}

/// An organisation with further vaccine types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaccinesAdded {
    /// The organisation as it is now.
    pub organisation: OrganisationView,
    /// The types that it did not have before, sorted by code point.
    pub added: Vec<VaccineType>,
    /// What to tell the lead of types added by mistake (R-V3).
    pub help: String,
}

impl RegionalDesk {
    pub(super) fn new(ravs: Ravs, user: UserId) -> Self {
        Self { ravs, user }
    }

    /// Finds bodies by code, name, address or postcode, the best first (R-O1); 1 to 200 of them.
    ///
    /// # Errors
    /// As for every call of this desk.
    pub async fn search(&self, query: &str, limit: Option<usize>) -> Result<Vec<Body>, Failure> {
        self.lead().await?;
        let limit = listed(limit);
        let on = london::date(self.now());
        let closed = ClosedBodies::LeftOut;
        let search = BodySearch { query: query.to_string(), limit, on, closed };
        Ok(self.ravs.ports().directory.search(&search).await?)
    }

    /// Onboards a body for the region.
    ///
    /// # Errors
    /// As [`command::onboard`], and as for every call of this desk.
    pub async fn onboard(&self, command: &Onboard) -> Result<OrganisationView, Failure> {
        let mut tries = Tries::new();
        loop {
            let lead = self.lead().await?;
            let context = self.ravs.context(self.actor());
            let found = self.found(&context, command).await?;
            let Decided { change, answer } = command::onboard(context, &lead, &found, command)?;
            if tries.commit(self.ravs.store(), &change).await? {
                return self.view(&answer, context.now).await;
            }
        }
    }

    async fn found(&self, context: &Context<'_>, command: &Onboard) -> Result<Found, Failure> {
        let known = self.ravs.known(context, &addresses(&command.nominees)).await?;
        let Ok(code) = command.ods_code.parse::<OdsCode>() else {
            return Ok(Found { body: None, unclosed: None, known });
        };
        let body = self.ravs.ports().directory.body(&code).await?;
        let unclosed = match self.ravs.store().unclosed_organisation(&code).await? {
            Some(organisation) => Some(self.ravs.roster(organisation.id()).await?),
            None => None,
        };
        // a sweep may have written its closing down between the two reads
        let closed = |roster: &Roster| {
            matches!(roster.organisation.state(), OrganisationState::Closed { .. })
        };
        let unclosed = unclosed.filter(|roster| !closed(roster));
        Ok(Found { body, unclosed, known })
    }

    /// Nominates further lead administrators.
    ///
    /// # Errors
    /// As [`command::nominate`], and as for every call of this desk.
    pub async fn nominate(
        &self,
        organisation: OrganisationId,
        command: &Nominate,
    ) -> Result<OrganisationView, Failure> {
        let mut tries = Tries::new();
        loop {
            let lead = self.lead().await?;
            let context = self.ravs.context(self.actor());
            let roster = self.ravs.store().roster(organisation).await?;
            let known = self.ravs.known(&context, &addresses(&command.nominees)).await?;
            let Decided { change, answer } =
                command::nominate(context, &lead, roster.as_ref(), &known, command)?;
            if tries.commit(self.ravs.store(), &change).await? {
                return self.view(&answer, context.now).await;
            }
        }
    }

    /// Takes back an invitation sent by mistake.
    ///
    /// # Errors
    /// As [`command::withdraw`], and as for every call of this desk.
    pub async fn withdraw(&self, id: OrganisationId) -> Result<OrganisationView, Failure> {
        self.step(id, command::withdraw).await
    }

    /// Deactivates an organisation, which begins the closing process.
    ///
    /// # Errors
    /// As [`command::deactivate`], and as for every call of this desk.
    pub async fn deactivate(&self, id: OrganisationId) -> Result<OrganisationView, Failure> {
        self.step(id, command::deactivate).await
    }

    /// Reactivates a deactivated organisation, until it closes.
    ///
    /// # Errors
    /// As [`command::reactivate`], and as for every call of this desk.
    pub async fn reactivate(&self, id: OrganisationId) -> Result<OrganisationView, Failure> {
        self.step(id, command::reactivate).await
    }

    async fn step(&self, id: OrganisationId, step: Step) -> Result<OrganisationView, Failure> {
        let mut tries = Tries::new();
        loop {
            let lead = self.lead().await?;
            let roster = self.ravs.store().roster(id).await?;
            let context = self.ravs.context(self.actor());
            let Decided { change, answer } = step(context, &lead, roster.as_ref())?;
            if tries.commit(self.ravs.store(), &change).await? {
                return self.view(&answer, context.now).await;
            }
        }
    }

    /// One of the region's organisations.
    ///
    /// # Errors
    /// As for every call of this desk.
    pub async fn show(&self, id: OrganisationId) -> Result<OrganisationView, Failure> {
        let lead = self.lead().await?;
        let organisation = self.ravs.store().organisation(id).await?;
        let organisation = command::in_region(&lead, organisation.as_ref())?;
        self.view(organisation, self.now()).await
    }

    /// Gives an organisation further vaccine types, for good.
    ///
    /// # Errors
    /// As [`command::add_vaccines`], and as for every call of this desk.
    pub async fn add_vaccines(
        &self,
        id: OrganisationId,
        vaccines: &[String],
    ) -> Result<VaccinesAdded, Failure> {
        let mut tries = Tries::new();
        loop {
            let lead = self.lead().await?;
            let organisation = self.ravs.store().organisation(id).await?;
            let context = self.ravs.context(self.actor());
            let Decided { change, answer } =
                command::add_vaccines(context, &lead, organisation.as_ref(), vaccines)?;
            if tries.commit(self.ravs.store(), &change).await? {
                let AddedVaccines { organisation, mut added } = answer;
                added.sort_by(|a, b| a.as_str().cmp(b.as_str()));
                let organisation = self.view(&organisation, context.now).await?;
                let help = alloc::format!(
                    "a vaccine type that was added cannot be removed; if you added one by \
                     mistake, email {}",
                    self.ravs.settings().service.help_desk
                );
                return Ok(VaccinesAdded { organisation, added, help });
            }
        }
    }

    /// The region's organisations with their status as of now, a page at a time (R-A4).
    ///
    /// # Errors
    /// As for every call of this desk.
    pub async fn list(&self, request: &ListRequest) -> Result<Listed, Failure> {
        let lead = self.lead().await?;
        let invited_by = match &request.invited_by {
            None => None,
            Some(email) => {
                let known = self.ravs.users_by_email(core::slice::from_ref(email)).await?.pop();
                let Some(inviter) = known else {
                    return Ok(Listed { organisations: Vec::new(), next: None });
                };
                Some(inviter.id())
            }
        };
        let filter = OrganisationFilter { status: request.status, invited_by };
        let limit = listed(request.limit);
        let page = PageRequest { after: request.after.clone(), limit };
        let now = self.now();
        let OrganisationPage { organisations, next } =
            self.ravs.store().organisations(lead.region(), &filter, &page, now).await?;
        let organisations = self.views(&organisations, now).await?;
        Ok(Listed { organisations, next })
    }

    fn actor(&self) -> Actor {
        Actor::RegionalLead(self.user)
    }

    fn now(&self) -> DateTime<Utc> {
        self.ravs.ports().clock.now()
    }

    async fn lead(&self) -> Result<RegionalLead, Failure> {
        let lead = self.ravs.store().regional_lead(self.user).await?;
        Ok(command::lead_of(lead.as_ref())?.clone())
    }

    async fn view(
        &self,
        organisation: &Organisation,
        now: DateTime<Utc>,
    ) -> Result<OrganisationView, Failure> {
        let inviter = self.ravs.user(organisation.stored().invited_by).await?;
        Ok(OrganisationView::at(now, organisation, inviter.email().clone()))
    }

    async fn views(
        &self,
        organisations: &[Organisation],
        now: DateTime<Utc>,
    ) -> Result<Vec<OrganisationView>, Failure> {
        let mut ids: Vec<UserId> = organisations.iter().map(|o| o.stored().invited_by).collect();
        ids.sort_unstable();
        ids.dedup();
        let inviters = self.ravs.store().users(&ids).await?;
        let view = |organisation: &Organisation| {
            let invited_by = organisation.stored().invited_by;
            let inviter = inviters.iter().find(|user| user.id() == invited_by);
            let missing = || PortError::corrupt("a user that is referred to is missing");
            let email = inviter.ok_or_else(missing)?.email().clone();
            Ok(OrganisationView::at(now, organisation, email))
        };
        organisations.iter().map(view).collect()
    }
}

/// A step of an organisation's life, as the core decides it.
type Step = fn(Context<'_>, &RegionalLead, Option<&Roster>) -> Outcome<Organisation>;

/// The addresses among those typed in.
fn addresses(nominees: &[Nominee]) -> Vec<EmailAddress> {
    nominees.iter().filter_map(|nominee| nominee.email.parse().ok()).collect()
}
