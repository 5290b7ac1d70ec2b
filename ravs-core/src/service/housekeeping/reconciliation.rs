//! Who should have access at the identity provider, beside who has.

use alloc::collections::BTreeSet;

use super::Housekeeping;
use crate::command::{self, Identified};
use crate::port::{AccountWithAccess, PortError, PortErrorKind};
use crate::service::Failure;
use crate::user::{Subject, UserId};

/// How many users are looked at together.
const PAGE: usize = 500;
/// After how many in a row that the provider was away for it is given up.
const MOST_AWAY: u32 = 3;

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

/// How far a comparison has come.
struct Progress<'a> {
    how: Reconcile,
    found: Reconciled,
    /// How many differences in a row could not be mended because the provider was away.
    away: u32,
    tell: &'a mut (dyn FnMut(&Difference, &Mended) + Send),
}

impl Housekeeping {
    /// Compares who should have access at the identity provider with who has (R-N5), in pages,
    /// and tells of each difference; with [`Reconcile::Mend`] it is also put right, which looks
    /// again at what is true first. May be repeated, and run beside everything else. What is
    /// still to be delivered, or changes meanwhile, shows as a difference too.
    ///
    /// It keeps the id of each user who has access until it ends: 16 bytes a user.
    ///
    /// # Errors
    /// A [`PortError`], also where the provider is away for three differences in a row. What was
    /// mended until then stays so; run it again.
    pub async fn reconcile(
        &self,
        how: Reconcile,
        tell: &mut (dyn FnMut(&Difference, &Mended) + Send),
    ) -> Result<Reconciled, Failure> {
        let mut progress = Progress { how, found: Reconciled::default(), away: 0, tell };
        let seen = self.look_at_accounts(&mut progress).await?;
        self.look_at_users(&seen, &mut progress).await?;
        Ok(progress.found)
    }

    /// Looks at everybody who has access, and gives the users among them.
    async fn look_at_accounts(
        &self,
        progress: &mut Progress<'_>,
    ) -> Result<BTreeSet<UserId>, Failure> {
        let mut seen = BTreeSet::new();
        let mut ends = BTreeSet::new();
        let mut after = None;
        loop {
            let page = self.ravs.ports().identity.accounts_with_access(after).await?;
            for account in page.accounts {
                progress.found.accounts = progress.found.accounts.saturating_add(1);
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
                self.treat(difference, Some(&account), progress).await?;
            }
            let Some(end) = page.next else { return Ok(seen) };
            if !ends.insert(end.0.clone()) {
                let round = "the provider's list of who has access leads back to itself";
                return Err(PortError::unavailable(round).into());
            }
            after = Some(end);
        }
    }

    /// Looks for users who should have access and were not among those who have.
    async fn look_at_users(
        &self,
        seen: &BTreeSet<UserId>,
        progress: &mut Progress<'_>,
    ) -> Result<(), Failure> {
        let mut after = None;
        loop {
            let users = self.ravs.store().users_after(after, PAGE).await?;
            let Some(last) = users.last() else { return Ok(()) };
            after = Some(last.id());
            for user in &users {
                progress.found.users = progress.found.users.saturating_add(1);
                let user = user.id();
                if !seen.contains(&user) && self.has_access(user).await? {
                    self.treat(Difference::Missing { user }, None, progress).await?;
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
            (Some(_), _) | (None, None) => None,
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
        difference: Difference,
        account: Option<&AccountWithAccess>,
        Progress { how, found, away, tell }: &mut Progress<'_>,
    ) -> Result<(), Failure> {
        let mended = match how {
            Reconcile::Report => Mended::Left,
            Reconcile::Mend => match self.mend(&difference, account).await {
                Ok(()) => Mended::Done,
                Err(error) => Mended::Failed(error),
            },
        };
        found.differences = found.differences.saturating_add(1);
        tell(&difference, &mended);
        let Mended::Failed(error) = mended else {
            *away = 0;
            return Ok(());
        };
        found.failed = found.failed.saturating_add(1);
        // One account's trouble is its own; when one after the other meets it, it is not.
        match error.kind() {
            PortErrorKind::Unavailable | PortErrorKind::Throttled { .. } => {
                *away = away.saturating_add(1);
            }
            PortErrorKind::Conflict | PortErrorKind::Rejected | PortErrorKind::Corrupt { .. } => {
                *away = 0;
            }
        }
        if *away < MOST_AWAY { Ok(()) } else { Err(error.into()) }
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
                let Some(account) = account else { return Ok(()) };
                if let Owner::Nobody = self.owner(account).await? {
                    self.ravs.ports().identity.withdraw_access_of(subject).await?;
                }
                // They may have been added before that, or meanwhile.
                match self.owner(account).await? {
                    Owner::User(user, _) => self.settle_access(user, false).await,
                    Owner::Nobody => Ok(()),
                }
            }
        }
    }
}
