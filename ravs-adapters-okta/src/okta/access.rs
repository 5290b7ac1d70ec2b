//! Access: membership of the group, and nothing else of the account.

use std::time::Duration;

use ravs_core::Subject;
use ravs_core::port::Person;
use reqwest::StatusCode;
use url::Url;

use super::Okta;
use super::ensure::deactivated;
use crate::account::{Account, AccountStatus};
use crate::error::{OktaError, OktaErrorKind};
use crate::group::is_id;
use crate::http::Call;
use crate::pace::Deadline;

const GRANTING: &str = "granting access";
const WITHDRAWING: &str = "withdrawing access";

/// How long Okta may take until it finds an account that it has just made.
const SETTLING: [Duration; 3] =
    [Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(2)];

impl Okta {
    /// Lets a person's account sign in to RAVS; one that may already stays so.
    ///
    /// # Errors
    /// `NotFound` without an account, `NotYet` where Okta does not show yet one that was made here
    /// a moment ago, `AccountDeactivated` for one that is deactivated; else what stands against
    /// doing it.
    pub async fn grant(&self, person: &Person) -> Result<Account, OktaError> {
        let deadline = self.http.deadline();
        let Some(account) = self.find(person, deadline).await? else {
            let what = "there is no account to let in";
            return Err(OktaError::new(OktaErrorKind::NotFound, GRANTING, what));
        };
        if account.status() == AccountStatus::Deprovisioned {
            return Err(deactivated(GRANTING));
        }
        self.join(account.id(), deadline).await?;
        Ok(account)
    }

    /// Stops a person's account from signing in to RAVS; one that may not, or that is not there,
    /// stays so. Nothing else of the account changes, and a session that is open at RAVS is for
    /// RAVS to end.
    ///
    /// # Errors
    /// `NotYet` where Okta does not show yet an account that was made here a moment ago; else what
    /// stands against doing it.
    pub async fn withdraw(&self, person: &Person) -> Result<Option<Account>, OktaError> {
        let deadline = self.http.deadline();
        let account = self.find(person, deadline).await?;
        if let Some(account) = &account {
            self.leave(account.id(), deadline).await?;
        }
        Ok(account)
    }

    /// The same for an account of which the id is known, from a list of those with access.
    ///
    /// # Errors
    /// `Rejected` for a text that is no id of Okta's; else what stands against doing it.
    pub async fn withdraw_of(&self, id: &Subject) -> Result<(), OktaError> {
        if !is_id(id.as_str()) {
            let kind = OktaErrorKind::Rejected { codes: vec!["subject_not_allowed".into()] };
            return Err(OktaError::new(kind, WITHDRAWING, "this is no id of Okta's"));
        }
        self.leave(id, self.http.deadline()).await
    }

    pub(super) async fn join(&self, id: &Subject, deadline: Deadline) -> Result<(), OktaError> {
        let call = Call::put(GRANTING, self.member(GRANTING, id)?);
        self.settle(&call, id, deadline).await
    }

    async fn leave(&self, id: &Subject, deadline: Deadline) -> Result<(), OktaError> {
        let call = Call::delete(WITHDRAWING, self.member(WITHDRAWING, id)?);
        match self.settle(&call, id, deadline).await {
            // Who is not there has no access.
            Err(error) if *error.kind() == OktaErrorKind::NotFound => Ok(()),
            settled => settled,
        }
    }

    /// Settles a membership. Okta may not find at once an account that it has just made: for one
    /// that was made here, that is no answer.
    async fn settle(&self, call: &Call, id: &Subject, deadline: Deadline) -> Result<(), OktaError> {
        let pace = self.http.pace();
        let is_recent = self.recent.has(id, pace.elapsed());
        let mut waits = SETTLING.into_iter().filter(|_| is_recent);
        let mut checked = false;
        loop {
            let error = match self.send(call, deadline).await {
                Ok(answer) => return answer.expect(StatusCode::NO_CONTENT),
                Err(error) if *error.kind() == OktaErrorKind::NotFound => error,
                Err(error) => return Err(error),
            };
            // Okta's one answer for two things that can be missing.
            if !checked {
                self.check_until(deadline).await?;
                checked = true;
            }
            match waits.next() {
                Some(wait) if wait < deadline.left(pace) => pace.sleep(wait).await,
                _ if is_recent => {
                    let what = "Okta does not find yet the account that was there a moment ago";
                    let not_yet = OktaError::new(OktaErrorKind::NotYet, call.name(), what);
                    return Err(not_yet.caused_by(error));
                }
                _ => return Err(error),
            }
        }
    }

    fn member(&self, call: &'static str, id: &Subject) -> Result<Url, OktaError> {
        let (group, id) = (&self.group, id.as_str());
        self.url(call, &format!("/api/v1/groups/{group}/users/{id}"))
    }
}
