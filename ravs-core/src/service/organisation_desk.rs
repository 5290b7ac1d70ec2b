//! What someone does at the organisation they have entered.

use alloc::string::String;
use alloc::vec::Vec;

use chrono::NaiveDate;

use super::tries::Tries;
use super::{Failure, Ravs, UserView, listed};
use crate::change::Context;
use crate::command::{
    self, AddUser, ChangeUser, Decided, EditRecord, MoveToMainEmail, RecordVaccination,
};
use crate::event::Actor;
use crate::membership::{Member, Roster};
use crate::permission::{self, Action, Decision, Explanation, Reason, Request, Standing};
use crate::port::{PortError, RecordKey};
use crate::record::{RecordId, RecordView, Report, ReportRange, VaccinationRecord};
use crate::refusal::{Code, Fault, Refusal};
use crate::session::Session;
use crate::user::{EmailAddress, User, UserId};

/// What someone does at the organisation they have entered.
///
/// Every call is decided on the organisation and the membership as they are stored then (R-S5),
/// and may fail with the permission's reasons (R-P5) or a [`PortError`].
#[derive(Clone, Debug)]
pub struct OrganisationDesk {
    ravs: Ravs,
    session: Session,
}

/// A page of an organisation's records, by the time they were made, then id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordsListed {
    /// The records.
    pub records: Vec<RecordView>,
    /// Where the page ended, if there are more.
    pub next: Option<RecordKey>,
}

impl OrganisationDesk {
    pub(super) fn new(ravs: Ravs, session: Session) -> Self {
        Self { ravs, session }
    }

    /// The session it is for.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Whether something is allowed now (R-P4).
    ///
    /// # Errors
    /// `not_a_member`; a [`PortError`].
    pub async fn authorise<'a>(
        &self,
        request: impl Into<Request<'a>>,
    ) -> Result<Decision, Failure> {
        let request = request.into();
        let standing = self.standing_or_refuse().await?;
        Ok(permission::decide(&standing, request, self.context().now))
    }

    /// Why something is or is not allowed, what would lift it, and when the answer changes by
    /// itself (R-P6).
    ///
    /// # Errors
    /// `not_a_member`; a [`PortError`].
    pub async fn explain<'a>(
        &self,
        request: impl Into<Request<'a>>,
    ) -> Result<Explanation, Failure> {
        let request = request.into();
        let standing = self.standing_or_refuse().await?;
        Ok(permission::explain(&standing, request, self.context().now))
    }

    /// Adds a user.
    ///
    /// # Errors
    /// As [`command::add_user`].
    pub async fn add_user(&self, command: &AddUser) -> Result<UserView, Failure> {
        let mut tries = Tries::new();
        loop {
            let roster = self.roster().await?;
            let context = self.context();
            let known = self.ravs.known_by_text(&context, &command.email).await?;
            let decided =
                command::add_user(context, self.user(), &roster, known.as_ref(), command)?;
            if tries.commit(self.ravs.store(), &decided.change).await? {
                return Ok(UserView::from(&decided.answer));
            }
        }
    }

    /// Changes a user's level or clinician status.
    ///
    /// # Errors
    /// As [`command::change_user`].
    pub async fn change_user(&self, command: &ChangeUser) -> Result<UserView, Failure> {
        self.change(|context, roster| command::change_user(context, self.user(), roster, command))
            .await
    }

    /// Takes a user's access here away.
    ///
    /// # Errors
    /// As [`command::deactivate_user`].
    pub async fn deactivate_user(&self, email: &str) -> Result<UserView, Failure> {
        self.change(|context, roster| command::deactivate_user(context, self.user(), roster, email))
            .await
    }

    /// Gives a user their access here back.
    ///
    /// # Errors
    /// As [`command::reactivate_user`].
    pub async fn reactivate_user(&self, email: &str) -> Result<UserView, Failure> {
        self.change(|context, roster| command::reactivate_user(context, self.user(), roster, email))
            .await
    }

    /// Moves a person to their main address here. Gives the new member.
    ///
    /// # Errors
    /// As [`command::move_to_main_email`].
    pub async fn move_to_main_email(&self, command: &MoveToMainEmail) -> Result<UserView, Failure> {
        let mut tries = Tries::new();
        loop {
            let roster = self.roster().await?;
            let context = self.context();
            let known = self.ravs.known_by_text(&context, &command.to).await?;
            let decided = command::move_to_main_email(
                context,
                self.user(),
                &roster,
                known.as_ref(),
                command,
            )?;
            if tries.commit(self.ravs.store(), &decided.change).await? {
                return Ok(UserView::from(&decided.answer));
            }
        }
    }

    /// Changes a member by a decision on the roster.
    async fn change(
        &self,
        decide: impl Fn(Context<'_>, &Roster) -> Result<Decided<Member>, Refusal> + Send + Sync,
    ) -> Result<UserView, Failure> {
        let mut tries = Tries::new();
        loop {
            let roster = self.roster().await?;
            let Decided { change, answer } = decide(self.context(), &roster)?;
            if tries.commit(self.ravs.store(), &change).await? {
                return Ok(UserView::from(&answer));
            }
        }
    }

    /// Everyone who is or was a member, by last then first name, then address.
    ///
    /// # Errors
    /// Why `deactivate_user` is not allowed (R-P7).
    pub async fn users(&self) -> Result<Vec<UserView>, Failure> {
        Ok(self.members(Action::DeactivateUser).await?.iter().map(UserView::from).collect())
    }

    /// Those who can be chosen as assessing or consenting clinician (R-U11), sorted alike.
    ///
    /// # Errors
    /// Why `edit_vaccination` is not allowed (R-P7).
    pub async fn clinicians(&self) -> Result<Vec<UserView>, Failure> {
        let members = self.members(Action::EditVaccination).await?;
        let choosable = |member: &&Member| member.membership.is_choosable_clinician();
        Ok(members.iter().filter(choosable).map(UserView::from).collect())
    }

    async fn members(&self, needs: Action) -> Result<Vec<Member>, Failure> {
        let roster = self.roster().await?;
        let member = roster.by_user(self.user());
        let standing = member.map(|m| Standing::of(&roster.organisation, &m.membership));
        permission::require(standing.as_ref(), needs, self.context().now)?;
        Ok(roster.sorted())
    }

    /// Records a vaccination.
    ///
    /// # Errors
    /// As [`command::record_vaccination`].
    pub async fn record(&self, command: &RecordVaccination) -> Result<RecordView, Failure> {
        let emails = addresses([&command.assessing, &command.consenting]);
        let mut tries = Tries::new();
        loop {
            let standing = self.standing().await?;
            let members = self.members_by_email(&emails).await?;
            let decided =
                command::record_vaccination(self.context(), standing.as_ref(), &members, command)?;
            if tries.commit(self.ravs.store(), &decided.change).await? {
                return self.view(decided.answer).await;
            }
        }
    }

    /// Edits a record of this organisation.
    ///
    /// # Errors
    /// As [`command::edit_record`].
    pub async fn edit(&self, id: RecordId, command: &EditRecord) -> Result<RecordView, Failure> {
        let EditRecord { assessing, consenting, .. } = command;
        let emails = addresses(assessing.iter().chain(consenting));
        let mut tries = Tries::new();
        loop {
            let standing = self.standing().await?;
            let record = self.ravs.store().record(self.session.organisation(), id).await?;
            let members = self.members_by_email(&emails).await?;
            let decided = command::edit_record(
                self.context(),
                standing.as_ref(),
                record.as_ref(),
                &members,
                command,
            )?;
            if tries.commit(self.ravs.store(), &decided.change).await? {
                return self.view(decided.answer).await;
            }
        }
    }

    /// The records of this organisation, by the time they were made, a page at a time: from after
    /// where the page before ended; `limit` is the most to list, 1 to 200, and 50 where it is not
    /// said.
    ///
    /// # Errors
    /// Why `edit_vaccination` is not allowed (R-P7).
    pub async fn records(
        &self,
        after: Option<RecordKey>,
        limit: Option<usize>,
    ) -> Result<RecordsListed, Failure> {
        self.require(Action::EditVaccination).await?;
        let limit = listed(limit);
        // One more tells whether there are more.
        let here = self.session.organisation();
        let mut records = self.ravs.store().records(here, after, limit.saturating_add(1)).await?;
        let more = records.len() > limit;
        records.truncate(limit);
        let next = records.last().filter(|_| more).map(RecordKey::of);
        Ok(RecordsListed { records: self.views(records).await?, next })
    }

    /// One record of this organisation with all its revisions.
    ///
    /// # Errors
    /// Why `edit_vaccination` is not allowed (R-P7); `record_not_found`.
    pub async fn show(&self, id: RecordId) -> Result<VaccinationRecord, Failure> {
        self.require(Action::EditVaccination).await?;
        let record = self.ravs.store().record(self.session.organisation(), id).await?;
        let missing = || Fault::new(Code::RecordNotFound, "this organisation has no such record");
        Ok(record.ok_or_else(missing)?)
    }

    /// A report over the vaccinations given in a range of days (R-R4).
    ///
    /// # Errors
    /// Why `create_reports` is not allowed (R-P7); then `range_reversed`, `range_too_long`.
    pub async fn report(&self, first: NaiveDate, last: NaiveDate) -> Result<Report, Failure> {
        self.require(Action::CreateReports).await?;
        let range = ReportRange::new(first, last)?;
        let here = self.session.organisation();
        let records = self.ravs.store().records_given(here, range).await?;
        Ok(Report::of(self.views(records).await?))
    }

    fn user(&self) -> UserId {
        self.session.user()
    }

    fn context(&self) -> Context<'_> {
        self.ravs.context(Actor::User(self.user()))
    }

    async fn roster(&self) -> Result<Roster, Failure> {
        let roster = self.ravs.store().roster(self.session.organisation()).await?;
        Ok(roster.ok_or_else(not_a_member)?)
    }

    async fn standing(&self) -> Result<Option<Standing>, PortError> {
        self.ravs.store().standing(self.user(), self.session.organisation()).await
    }

    async fn standing_or_refuse(&self) -> Result<Standing, Failure> {
        Ok(self.standing().await?.ok_or_else(not_a_member)?)
    }

    async fn require(&self, action: Action) -> Result<(), Failure> {
        let standing = self.standing().await?;
        Ok(permission::require(standing.as_ref(), action, self.context().now)?)
    }

    async fn members_by_email(&self, emails: &[EmailAddress]) -> Result<Vec<Member>, PortError> {
        if emails.is_empty() {
            return Ok(Vec::new());
        }
        self.ravs.store().members(self.session.organisation(), emails).await
    }

    async fn view(&self, record: VaccinationRecord) -> Result<RecordView, Failure> {
        let mut views = self.views(alloc::vec![record]).await?;
        views.pop().ok_or_else(|| PortError::corrupt("a record is missing").into())
    }

    /// Records with their people by address.
    async fn views(&self, records: Vec<VaccinationRecord>) -> Result<Vec<RecordView>, Failure> {
        let people = |record: &VaccinationRecord| {
            let details = record.current().details;
            [record.author(), details.assessing, details.consenting]
        };
        let mut ids: Vec<UserId> = records.iter().flat_map(people).collect();
        ids.sort_unstable();
        ids.dedup();
        let users = if ids.is_empty() { Vec::new() } else { self.ravs.store().users(&ids).await? };
        let email = |id: UserId| {
            let user = users.iter().find(|user: &&User| user.id() == id);
            let missing = || PortError::corrupt("a user that is referred to is missing");
            Ok::<_, PortError>(user.ok_or_else(missing)?.email().clone())
        };
        let view = |record: VaccinationRecord| {
            let details = record.current().details;
            Ok(RecordView {
                record: record.id(),
                vaccine: record.vaccine().clone(),
                given_on: details.given_on,
                recorded_by: email(record.author())?,
                recorded_at: record.recorded_at(),
                assessing: email(details.assessing)?,
                consenting: email(details.consenting)?,
                revision: record.version(),
            })
        };
        records.into_iter().map(view).collect()
    }
}

/// The addresses among those typed in.
fn addresses<'a>(typed: impl IntoIterator<Item = &'a String>) -> Vec<EmailAddress> {
    typed.into_iter().filter_map(|text| text.parse().ok()).collect()
}

fn not_a_member() -> Fault {
    Fault::new(Code::NotAMember, "you are no member of this organisation")
}

impl From<Reason> for Failure {
    fn from(reason: Reason) -> Self {
        Fault::from(reason).into()
    }
}
