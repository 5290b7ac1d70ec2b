//! Where everything is kept.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::PortError;
use crate::change::ChangeSet;
use crate::event::{Event, Stream};
use crate::membership::{Member, Roster};
use crate::organisation::{OdsCode, Organisation, OrganisationId, OrganisationStatus};
use crate::permission::Standing;
use crate::record::{RecordId, ReportRange, VaccinationRecord};
use crate::region::{Region, RegionalLead};
use crate::session::Place;
use crate::user::{EmailAddress, Subject, User, UserId};

/// Which of a region's organisations to list (R-A4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OrganisationFilter {
    /// Only those with this status as of now.
    pub status: Option<OrganisationStatus>,
    /// Only those that this regional lead invited.
    pub invited_by: Option<UserId>,
}

/// Where a page of organisations ended: they are listed by name (by code point), then id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PageKey {
    /// The last one's name.
    pub name: String,
    /// The last one's id.
    pub id: OrganisationId,
}

/// Which page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// Where the page before ended; `None` for the first.
    pub after: Option<PageKey>,
    /// The most to give, at least 1.
    pub limit: usize,
}

/// A page of organisations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganisationPage {
    /// The organisations, by name, then id.
    pub organisations: Vec<Organisation>,
    /// Where it ended, if there are more.
    pub next: Option<PageKey>,
}

/// Where a page of records ended: they are listed by the time they were made, then id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordKey {
    /// When the last one was made.
    pub recorded_at: DateTime<Utc>,
    /// The last one's id.
    pub id: RecordId,
}

impl RecordKey {
    /// That of a record.
    #[must_use]
    pub fn of(record: &VaccinationRecord) -> Self {
        Self { recorded_at: record.recorded_at(), id: record.id() }
    }
}

/// Where an event stands in its history; grows from one event to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HistoryPosition(pub u64);

/// An event and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEntry {
    /// Where it stands.
    pub position: HistoryPosition,
    /// The event.
    pub event: Event,
}

/// Keeps organisations, people, memberships, records and history.
///
/// Reads see every commit that was acknowledged before they began. "As stored" means just that:
/// no method judges whether a closing has come, except by comparing times where its doc says so.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Store: Send + Sync {
    /// An organisation, as stored.
    ///
    /// # Errors
    /// [`PortError`]; so for every method here.
    async fn organisation(&self, id: OrganisationId) -> Result<Option<Organisation>, PortError>;

    /// The organisation with this code that is not stored as Closed; there is at most one. Its
    /// closing may have come.
    async fn unclosed_organisation(
        &self,
        code: &OdsCode,
    ) -> Result<Option<Organisation>, PortError>;

    /// A page of a region's organisations, with a status filter judged as of `now`: Closed are
    /// those stored so and those whose closing instant is at or before `now`.
    async fn organisations(
        &self,
        region: Region,
        filter: &OrganisationFilter,
        page: &PageRequest,
        now: DateTime<Utc>,
    ) -> Result<OrganisationPage, PortError>;

    /// Up to `limit` organisations stored as Deactivated whose closing instant is at or before
    /// `now`, the longest due first, then by id.
    async fn due_closings(
        &self,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<OrganisationId>, PortError>;

    /// Where a user stands at an organisation, in one round trip and as of one moment; `None`
    /// where they are no member.
    async fn standing(
        &self,
        user: UserId,
        organisation: OrganisationId,
    ) -> Result<Option<Standing>, PortError>;

    /// Every membership of a user with its organisation, deactivated and closed ones too, in any
    /// order.
    async fn places(&self, user: UserId) -> Result<Vec<Place>, PortError>;

    /// An organisation with all its members, in any order, all as of one moment: no member is
    /// older than the organisation's version (R-U9 depends on it).
    async fn roster(&self, organisation: OrganisationId) -> Result<Option<Roster>, PortError>;

    /// The members of an organisation with one of these addresses, in any order.
    async fn members(
        &self,
        organisation: OrganisationId,
        emails: &[EmailAddress],
    ) -> Result<Vec<Member>, PortError>;

    /// The users with these ids, each once, in any order; ids of nobody are left out.
    async fn users(&self, ids: &[UserId]) -> Result<Vec<User>, PortError>;

    /// Up to `limit` users, by id, from after one on: pages put together are all there are.
    async fn users_after(
        &self,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<User>, PortError>;

    /// The users with these addresses, in any order; unknown ones are left out.
    async fn users_by_email(&self, emails: &[EmailAddress]) -> Result<Vec<User>, PortError>;

    /// The user linked to this subject.
    async fn user_by_subject(&self, subject: &Subject) -> Result<Option<User>, PortError>;

    /// A person's access to the onboarding tool.
    async fn regional_lead(&self, user: UserId) -> Result<Option<RegionalLead>, PortError>;

    /// A record of this organisation; another organisation's record is `None`.
    async fn record(
        &self,
        organisation: OrganisationId,
        record: RecordId,
    ) -> Result<Option<VaccinationRecord>, PortError>;

    /// The first `limit` records of an organisation, by the time they were made, then id, from
    /// after a key on; fewer only where there are no more. A key need not be that of a record.
    async fn records(
        &self,
        organisation: OrganisationId,
        after: Option<RecordKey>,
        limit: usize,
    ) -> Result<Vec<VaccinationRecord>, PortError>;

    /// The records of an organisation whose current revision says that they were given in a range
    /// of days, by the time they were made, then id.
    async fn records_given(
        &self,
        organisation: OrganisationId,
        range: ReportRange,
    ) -> Result<Vec<VaccinationRecord>, PortError>;

    /// Up to `limit` events of a history, in the order in which they happened, from after a
    /// position on.
    async fn history(
        &self,
        stream: Stream,
        after: Option<HistoryPosition>,
        limit: usize,
    ) -> Result<Vec<HistoryEntry>, PortError>;

    /// Saves a change set, all of it or nothing, and queues its effects.
    ///
    /// A change set whose id is saved already is not saved again, and that is no error: so a
    /// commit whose outcome was unclear can be repeated. It is answered once what was saved is kept
    /// as well as any commit that is answered; until then it is unavailable.
    ///
    /// # Errors
    /// A conflict where a version it replaces or guards has moved, where something new exists
    /// already, or where it would break what is unique: one organisation that is not Closed for a
    /// code, one user for an address and for a subject, one membership of a user at an
    /// organisation.
    async fn commit(&self, change: &ChangeSet) -> Result<(), PortError>;
}
