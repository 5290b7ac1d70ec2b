//! The activation email, sent again.

use ravs_core::Subject;
use ravs_core::port::Person;
use reqwest::StatusCode;

use super::Okta;
use crate::account::AccountStatus;
use crate::error::{OktaError, OktaErrorKind};
use crate::http::{Call, Class};
use crate::outcome::Resending;
use crate::pace::Deadline;

const CALL: &str = "sending the activation email";

/// Which of the two calls has Okta send the email: each is for one status.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mail {
    /// The first one.
    Activate,
    /// Another one.
    Reactivate,
}

/// Whether Okta refused since the account is in another status. It is not known which code that
/// has for an account in use, so that several are looked into.
pub(super) fn is_refused_for_status(error: &OktaError) -> bool {
    matches!(error.error_code(), Some("E0000038" | "E0000016" | "E0000001"))
}

impl Okta {
    /// Has Okta send its activation email again. It asks once: where no answer comes, it cannot
    /// be known whether one was sent.
    ///
    /// # Errors
    /// `Unknown` without an answer; `Conflict` where the account says it waits and Okta says it
    /// does not; else what stands against doing it.
    pub async fn resend(&self, person: &Person) -> Result<Resending, OktaError> {
        let deadline = self.http.deadline();
        let Some(account) = self.find(person, deadline).await? else {
            return Ok(Resending::NotFound);
        };
        let mail = match to_do(account.status()) {
            Ok(mail) => mail,
            Err(nothing) => return Ok(nothing),
        };
        match self.mail(account.id(), mail, deadline).await {
            Ok(()) => Ok(Resending::Sent),
            Err(error) if is_refused_for_status(&error) => {
                let Some(now) = self.by_id(account.id(), deadline).await? else {
                    return Ok(Resending::NotFound);
                };
                to_do(now.status()).err().ok_or_else(|| error.with_kind(OktaErrorKind::Conflict))
            }
            // It was made here a moment ago.
            Err(error)
                if *error.kind() == OktaErrorKind::NotFound
                    && self.recent.has(account.id(), self.http.pace().elapsed()) =>
            {
                Ok(Resending::TryLater)
            }
            Err(error) => Err(error),
        }
    }

    /// Has Okta send the email. What it answers holds a live token, and is dropped.
    pub(super) async fn mail(
        &self,
        id: &Subject,
        mail: Mail,
        deadline: Deadline,
    ) -> Result<(), OktaError> {
        let step = match mail {
            Mail::Activate => "activate",
            Mail::Reactivate => "reactivate",
        };
        // Without `sendEmail` the second one sends nothing.
        let path = format!("/api/v1/users/{}/lifecycle/{step}?sendEmail=true", id.as_str());
        let call = Call::post(CALL, self.url(CALL, &path)?, Class::Mail);
        match self.send(&call, deadline).await {
            Ok(answer) => match answer.expect_json(StatusCode::OK) {
                Ok(()) => Ok(()),
                Err(error) => Err(error.left_unclear().with_kind(OktaErrorKind::Unknown)),
            },
            Err(error) if error.is_unclear() => Err(error.with_kind(OktaErrorKind::Unknown)),
            Err(error) => Err(error),
        }
    }
}

/// What has the email sent for an account in this status, or what there is to say instead.
fn to_do(status: AccountStatus) -> Result<Mail, Resending> {
    match status {
        AccountStatus::Staged => Ok(Mail::Activate),
        AccountStatus::Provisioned => Ok(Mail::Reactivate),
        AccountStatus::Active => Err(Resending::AlreadyActive),
        AccountStatus::Recovery | AccountStatus::PasswordExpired | AccountStatus::LockedOut => {
            Err(Resending::NotApplicable)
        }
        AccountStatus::Suspended => Err(Resending::AccountSuspended),
        AccountStatus::Deprovisioned => Err(Resending::AccountDeactivated),
        AccountStatus::Other => Err(Resending::TryLater),
    }
}
