//! What has to be done from time to time.

mod reconciliation;

use alloc::string::ToString as _;
use alloc::vec::Vec;

use chrono::{DateTime, TimeDelta, Utc};

use super::tries::Tries;
use super::{Failure, Ravs};
use crate::command::{self, Decided};
use crate::effect::{EffectKey, Work};
use crate::event::{Actor, Stream};
use crate::notice::{self, Account, Letter, Notice};
use crate::organisation::OrganisationId;
use crate::port::{
    AccountState, Claim, HistoryEntry, HistoryPosition, ParkedEffect, Person, PortError,
    PortErrorKind, Resent,
};
use crate::refusal::Code;
use crate::user::{User, UserId};

pub use reconciliation::{Difference, Mended, Reconcile, Reconciled};

/// What a host's job does from time to time: every few seconds [`deliver`](Self::deliver), every
/// few minutes [`sweep`](Self::sweep), now and then [`reconcile`](Self::reconcile). Any number of
/// jobs may run at once.
#[derive(Clone, Debug)]
pub struct Housekeeping {
    ravs: Ravs,
}

/// How a delivery went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Effects carried out, or dropped because they had lost their point.
    pub done: usize,
    /// Effects put back, to be tried again later.
    pub waiting: usize,
    /// Effects given up on, and parked.
    pub failed: usize,
}

/// How often the truth may change while it is being settled.
const MOST_SETTLINGS: u32 = 8;

impl Housekeeping {
    pub(super) fn new(ravs: Ravs) -> Self {
        Self { ravs }
    }

    /// Writes down up to `limit` closings that have come (R-L6), and says of which
    /// organisations.
    ///
    /// # Errors
    /// A [`PortError`]; what was written down until then stays so.
    pub async fn sweep(&self, limit: usize) -> Result<Vec<OrganisationId>, Failure> {
        let due = self.ravs.store().due_closings(self.now(), limit).await?;
        let mut closed = Vec::new();
        for id in due {
            if self.close(id).await? {
                closed.push(id);
            }
        }
        Ok(closed)
    }

    /// Writes down one closing; `false` where someone else was quicker.
    async fn close(&self, id: OrganisationId) -> Result<bool, Failure> {
        let mut tries = Tries::new();
        loop {
            let roster = self.ravs.roster(id).await?;
            let context = self.ravs.context(Actor::System);
            let change = match command::close(context, &roster) {
                Ok(Decided { change, .. }) => change,
                Err(refusal)
                    if matches!(
                        refusal.code(),
                        Code::OrganisationClosed | Code::NotDeactivated
                    ) =>
                {
                    return Ok(false);
                }
                Err(refusal) => return Err(refusal.into()),
            };
            if tries.commit(self.ravs.store(), &change).await? {
                return Ok(true);
            }
        }
    }

    /// Carries out up to `limit` effects that are due (R-N4). Take no more at once than can be
    /// carried out within the lease.
    ///
    /// # Errors
    /// A [`PortError`] of the queue; what it had claimed comes back when the lease ends.
    pub async fn deliver(&self, limit: usize) -> Result<Delivered, Failure> {
        let delivery = self.ravs.settings().delivery;
        let queue = &self.ravs.ports().queue;
        let claimed_at = self.now();
        let mut delivered = Delivered::default();
        for claim in queue.claim(claimed_at, delivery.lease, limit).await? {
            if self.now().signed_duration_since(claimed_at) >= delivery.lease {
                break; // the rest is someone else's by now
            }
            let outcome = self.carry_out(&claim).await;
            let settled = self.settle_claim(&claim, outcome, &mut delivered).await;
            match settled {
                Err(error) if error.is_conflict() => {} // overtaken: the other one settles it
                other => other?,
            }
        }
        Ok(delivered)
    }

    /// Tells the queue how an effect went.
    async fn settle_claim(
        &self,
        claim: &Claim,
        outcome: Result<(), PortError>,
        delivered: &mut Delivered,
    ) -> Result<(), PortError> {
        let delivery = self.ravs.settings().delivery;
        let queue = &self.ravs.ports().queue;
        let error = match outcome {
            Ok(()) => {
                queue.done(&claim.receipt).await?;
                delivered.done = delivered.done.saturating_add(1);
                return Ok(());
            }
            Err(error) => error,
        };
        let now = self.now();
        if error.is_retryable() && claim.attempt < delivery.attempts {
            let wait = match error.kind() {
                PortErrorKind::Throttled { retry_after: Some(asked) } => {
                    TimeDelta::from_std(*asked).unwrap_or(delivery.longest_wait)
                }
                PortErrorKind::Throttled { retry_after: None }
                | PortErrorKind::Conflict
                | PortErrorKind::Unavailable
                | PortErrorKind::Rejected
                | PortErrorKind::Corrupt { .. } => delivery.wait_after(claim.attempt),
            };
            // Without a wait it is due whatever the clock says.
            let later = now.checked_add_signed(wait).unwrap_or(now);
            let at = if wait.is_zero() { DateTime::UNIX_EPOCH } else { later };
            queue.retry_at(&claim.receipt, at).await?;
            delivered.waiting = delivered.waiting.saturating_add(1);
        } else {
            queue.park(&claim.receipt, now, &error.to_string()).await?;
            delivered.failed = delivered.failed.saturating_add(1);
        }
        Ok(())
    }

    async fn carry_out(&self, claim: &Claim) -> Result<(), PortError> {
        match &claim.effect.work {
            Work::OpenAccount { user } => self.settle_access(*user, true).await,
            Work::SettleAccess { user } => self.settle_access(*user, false).await,
            Work::ResendActivation { user } => self.resend_activation(*user).await,
            Work::Send { notice } => self.send(&claim.effect.key, notice).await,
        }
    }

    /// Has the activation email sent again (R-A5). Where there is no account to activate, making
    /// the one that should be there sends it.
    async fn resend_activation(&self, id: UserId) -> Result<(), PortError> {
        let person = Person::from(&self.ravs.user(id).await?);
        match self.ravs.ports().identity.resend_activation(&person).await? {
            Resent::NoAccount => self.settle_access(id, false).await,
            Resent::Sent | Resent::NothingToActivate => Ok(()),
        }
    }

    /// Makes a person's access at the provider what it should be (R-N5). What is true is looked
    /// at again afterwards, so that whoever acts last acts on the truth: neither order nor
    /// repeats matter.
    async fn settle_access(&self, id: UserId, added: bool) -> Result<(), PortError> {
        let identity = &self.ravs.ports().identity;
        let person = Person::from(&self.ravs.user(id).await?);
        let mut invite = added;
        let mut should = self.has_access(id).await?;
        for _ in 0..MOST_SETTLINGS {
            if should {
                let there = identity.account(&person).await?.is_some();
                if !there {
                    identity.ensure_account(&person).await?;
                }
                // Before any other email is sent: trouble with one keeps nobody out.
                identity.grant_access(&person).await?;
                if there && invite {
                    identity.ensure_account(&person).await?;
                }
                invite = false;
            } else {
                identity.withdraw_access(&person).await?;
            }
            let now_should = self.has_access(id).await?;
            if now_should == should {
                return Ok(());
            }
            should = now_should;
        }
        Err(PortError::conflict("whether a person has access keeps changing"))
    }

    async fn has_access(&self, id: UserId) -> Result<bool, PortError> {
        let places = self.ravs.store().places(id).await?;
        let lead = self.ravs.store().regional_lead(id).await?;
        Ok(command::has_access(&places, lead.as_ref(), self.now()))
    }

    async fn send(&self, key: &EffectKey, notice: &Notice) -> Result<(), PortError> {
        let user = self.ravs.user(notice.user()).await?;
        let Some(organisation) = notice.organisation() else {
            let lead = self.ravs.store().regional_lead(user.id()).await?;
            return match lead.filter(|lead| notice::welcome_still_matters(Some(lead))) {
                Some(lead) => self.write(key, notice, &user, Letter::Region(lead.region())).await,
                None => self.drop(key, notice, self.now()).await,
            };
        };
        let places = self.ravs.store().places(user.id()).await?;
        let place = places.iter().find(|place| place.organisation.id() == organisation);
        let place = place.ok_or_else(|| PortError::corrupt("a notice without a membership"))?;
        let now = place.organisation.not_before(self.now());
        if notice::still_matters(place, now) {
            let letter = Letter::Organisation(&place.organisation);
            self.write(key, notice, &user, letter).await
        } else {
            self.drop(key, notice, now).await
        }
    }

    async fn write(
        &self,
        key: &EffectKey,
        notice: &Notice,
        user: &User,
        letter: Letter<'_>,
    ) -> Result<(), PortError> {
        let account = match notice {
            Notice::WelcomeLeadAdministrator { .. }
            | Notice::WelcomeUser { .. }
            | Notice::WelcomeRegionalLead { .. } => self.account(user).await?,
            Notice::OrganisationDeactivated { .. } | Notice::OrganisationReactivated { .. } => {
                Account::InUse
            }
        };
        let service = &self.ravs.settings().service;
        let email = letter.write(key.clone(), notice, user, account, service);
        self.ravs.ports().mailer.send(&email).await
    }

    /// Whether a welcome tells its reader to activate an account first (R-N2).
    async fn account(&self, user: &User) -> Result<Account, PortError> {
        match self.ravs.ports().identity.account(&Person::from(user)).await? {
            None => Err(PortError::unavailable("the account is not there yet")),
            // Whoever has signed in has activated it, however late the provider says so.
            Some(AccountState::PendingActivation) if user.subject().is_none() => {
                Ok(Account::ToBeActivated)
            }
            Some(AccountState::PendingActivation) => Ok(Account::InUse),
            Some(AccountState::Active | AccountState::Suspended | AccountState::Deactivated) => {
                Ok(Account::InUse)
            }
        }
    }

    /// Notes in the history that an email had lost its point (R-N7).
    async fn drop(
        &self,
        key: &EffectKey,
        notice: &Notice,
        now: DateTime<Utc>,
    ) -> Result<(), PortError> {
        let context = self.ravs.context(Actor::System);
        let context = crate::Context { now, ..context };
        self.ravs.store().commit(&command::drop_email(context, key, notice)).await
    }

    /// Up to `limit` effects that were given up on, the first parked first.
    ///
    /// # Errors
    /// A [`PortError`].
    pub async fn parked(&self, limit: usize) -> Result<Vec<ParkedEffect>, Failure> {
        Ok(self.ravs.ports().queue.parked(limit).await?)
    }

    /// Has a parked effect tried again; `false` where no such effect is parked.
    ///
    /// # Errors
    /// A [`PortError`].
    pub async fn retry(&self, key: &EffectKey) -> Result<bool, Failure> {
        Ok(self.ravs.ports().queue.unpark(key, self.now()).await?)
    }

    /// Up to `limit` events of a history (R-H1), in order, from after a position on.
    ///
    /// # Errors
    /// A [`PortError`].
    pub async fn history(
        &self,
        stream: Stream,
        after: Option<HistoryPosition>,
        limit: usize,
    ) -> Result<Vec<HistoryEntry>, Failure> {
        Ok(self.ravs.store().history(stream, after, limit).await?)
    }

    fn now(&self) -> DateTime<Utc> {
        self.ravs.ports().clock.now()
    }
}
