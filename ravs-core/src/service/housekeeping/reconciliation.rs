//! Who should have access at the identity provider, beside who has.

use alloc::collections::BTreeSet;

use super::Housekeeping;
use crate::command::{self, Identified};
use crate::port::{AccountWithAccess, PortError, PortErrorKind};
use crate::service::Failure;
use crate::user::{Subject, UserId};

/// How many users are looked at together.
const PAGE: usize = 500;

/// What becomes of the differences that are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reconcile {
    /// They are told of.
    Report,
    /// They are told of, and put right.
    Mend,
}

/// A difference between who should have access to RAVS and who has (R-N5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// A user should have access, and has none.
    Missing {
        /// Who.
        user: UserId,
    },
    /// A user has access, and should have none.
    Surplus {
        /// Who.
        user: UserId,
    },
    /// An account has access, and is nobody's in RAVS.
    Stranger {
        /// Which.
        subject: Subject,
    },
}

/// What became of a difference.
#[derive(Debug)]
pub enum Mended {
    /// It was only told of.
    Left,
    /// Access is now as it should be.
    Done,
    /// The provider will not have it so.
    Failed(PortError),
}

/// What was looked at and found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Accounts that have access.
    pub accounts: usize,
    /// Users in RAVS.
    pub users: usize,
    /// Differences between the two.
    pub differences: usize,
    /// Differences that could not be mended.
    pub failed: usize,
}

/// Whose an account is.
enum Owner {
    /// This user's, who should have access or not.
    User(UserId, bool),
    /// Nobody's.
    Nobody,
}

impl Housekeeping {
    /// Compares who should have access at the identity provider with who has (R-N5), in pages,
    /// and tells of each difference; with [`Reconcile::Mend`] it is also put right, which looks
    /// again at what is true first. May be repeated, and run beside everything else. What is
    /// still to be delivered shows as a difference too.
    ///
    /// It keeps the id of each user who has access until it ends: 16 bytes a user.
    ///
    /// # Errors
    /// A [`PortError`]. What was mended until then stays so; run it again.
    pub async fn reconcile(
        &self,
        how: Reconcile,
        tell: &mut (dyn FnMut(&Difference, &Mended) + Send),
    ) -> Result<Reconciled, Failure> {
        let mut found = Reconciled::default();
        let mut seen = BTreeSet::new();
        let mut after = None;
        loop {
            let identity = &self.ravs.ports().identity;
            let page = identity.accounts_with_access(after).await?;
            for account in page.accounts {
                found.accounts = found.accounts.saturating_add(1);
                let difference = match self.owner(&account).await? {
                    Owner::User(user, should) => {
                        seen.insert(user);
                        if should {
                            continue;
                        }
                        Difference::Surplus { user }
                    }
                    Owner::Nobody => Difference::Stranger { subject: account.subject.clone() },
                };
                self.treat(how, difference, Some(&account), &mut found, tell).await?;
            }
            if page.next.is_none() {
                break;
            }
            after = page.next;
        }
        self.find_missing(how, &seen, &mut found, tell).await?;
        Ok(found)
    }

    /// Looks for users who should have access and were not among those who have.
    async fn find_missing(
        &self,
        how: Reconcile,
        seen: &BTreeSet<UserId>,
        found: &mut Reconciled,
        tell: &mut (dyn FnMut(&Difference, &Mended) + Send),
    ) -> Result<(), Failure> {
        let mut after = None;
        loop {
            let users = self.ravs.store().users_after(after, PAGE).await?;
            let Some(last) = users.last() else { return Ok(()) };
            after = Some(last.id());
            for user in &users {
                found.users = found.users.saturating_add(1);
                let user = user.id();
                if !seen.contains(&user) && self.has_access(user).await? {
                    self.treat(how, Difference::Missing { user }, None, found, tell).await?;
                }
            }
        }
    }

    /// Whose an account is, as when its owner signs in (R-S1).
    async fn owner(&self, account: &AccountWithAccess) -> Result<Owner, PortError> {
        let store = self.ravs.store();
        let by_subject = store.user_by_subject(&account.subject).await?;
        let by_email = match (&by_subject, &account.email) {
            (None, Some(email)) => store.users_by_email(core::slice::from_ref(email)).await?.pop(),
            _ => None,
        };
        Ok(match command::identify(by_subject, by_email) {
            Ok(Identified::Linked(user) | Identified::ToLink(user)) => {
                Owner::User(user.id(), self.has_access(user.id()).await?)
            }
            Err(_) => Owner::Nobody,
        })
    }

    /// Mends a difference, where that is wanted, and tells of it.
    async fn treat(
        &self,
        how: Reconcile,
        difference: Difference,
        account: Option<&AccountWithAccess>,
        found: &mut Reconciled,
        tell: &mut (dyn FnMut(&Difference, &Mended) + Send),
    ) -> Result<(), Failure> {
        let mended = match how {
            Reconcile::Report => Mended::Left,
            Reconcile::Mend => match self.mend(&difference, account).await {
                Ok(()) => Mended::Done,
                Err(error) => match error.kind() {
                    // The next one would fare no better.
                    PortErrorKind::Unavailable | PortErrorKind::Throttled { .. } => {
                        return Err(error.into());
                    }
                    _ => Mended::Failed(error),
                },
            },
        };
        found.differences = found.differences.saturating_add(1);
        if matches!(mended, Mended::Failed(_)) {
            found.failed = found.failed.saturating_add(1);
        }
        tell(&difference, &mended);
        Ok(())
    }

    async fn mend(
        &self,
        difference: &Difference,
        account: Option<&AccountWithAccess>,
    ) -> Result<(), PortError> {
        match difference {
            Difference::Missing { user } | Difference::Surplus { user } => {
                self.settle_access(*user, false).await
            }
            Difference::Stranger { subject } => {
                // They may have been added since.
                if let Some(account) = account
                    && let Owner::User(user, _) = self.owner(account).await?
                {
                    return self.settle_access(user, false).await;
                }
                self.ravs.ports().identity.withdraw_access_of(subject).await
            }
        }
    }
}
