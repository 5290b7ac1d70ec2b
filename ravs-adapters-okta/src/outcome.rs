//! What came of a command.

/// What came of seeing to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Ensured {
    /// It was made, and Okta has emailed its owner.
    Created,
    /// It was there, nobody had been told, and Okta has emailed its owner now.
    Invited,
    /// It was there and waits for its owner.
    PendingActivation,
    /// It was there and is in use.
    Existing {
        /// What has to happen before its owner can sign in.
        needs: Option<Need>,
    },
}

/// What has to happen before the owner of an account can sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Need {
    /// They have to finish resetting their password.
    Reset,
    /// It is locked: it unlocks itself, or Okta's support unlocks it.
    Unlock,
    /// It is suspended: they have to ask Okta's support.
    Support,
}

/// What came of asking for the activation email again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Resending {
    /// Okta has sent it.
    Sent,
    /// The account is in use; nothing was sent.
    AlreadyActive,
    /// The account waits for something else than activation; nothing was sent.
    NotApplicable,
    /// Okta has suspended the account; nothing was sent.
    AccountSuspended,
    /// The account is deactivated; nothing was sent.
    AccountDeactivated,
    /// There is no account.
    NotFound,
    /// The account is changing its state: try again in some minutes.
    TryLater,
}
