//! An account, made.

use ravs_core::PersonName;
use ravs_core::port::Person;
use serde::Serialize;

use super::Okta;
use crate::account::{Account, AccountStatus};
use crate::error::{OktaError, OktaErrorKind};
use crate::http::{Call, Class};
use crate::pace::Deadline;

const CALL: &str = "making an account";

/// Okta's one code for everything that it does not like about an account.
const INVALID: &str = "E0000001";

/// An account that was not there a moment ago.
pub(super) enum Made {
    /// Here it was made, and its owner gets an email.
    Here(Account),
    /// Somebody else was faster.
    Elsewhere(Account),
}

/// Whether the account is made with access.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum With {
    Access,
    NoAccess,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    profile: Profile<'a>,
    #[serde(skip_serializing_if = "<[&str]>::is_empty")]
    group_ids: &'a [&'a str],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Profile<'a> {
    first_name: &'a str,
    last_name: &'a str,
    email: &'a str,
    login: &'a str,
}

impl Okta {
    /// Makes an account without a password, so that Okta emails its owner. Sent once: whether it
    /// was made is settled by looking, never by sending it again.
    pub(super) async fn create(
        &self,
        person: &Person,
        with: With,
        deadline: Deadline,
    ) -> Result<Made, OktaError> {
        check_name(&person.name)?;
        let group = [self.group.as_str()];
        let (name, email) = (&person.name, person.email.as_str());
        let body = Body {
            profile: Profile {
                first_name: name.first(),
                last_name: name.last(),
                email,
                login: email,
            },
            group_ids: if with == With::Access { &group } else { &[] },
        };
        let url = self.url(CALL, "/api/v1/users?activate=true")?;
        let call = Call::post(CALL, url, Class::Guarded).json(&body)?;
        // Also where nobody waits for the answer.
        self.recent.note_maybe(&person.email, self.http.pace().elapsed());
        let error = match self.send(&call, deadline).await {
            Ok(answer) => match answer.json().and_then(|user| Account::read(CALL, user)) {
                Ok(account) if account.is_of(&person.email) => return Ok(Made::Here(account)),
                Ok(_) => return Err(OktaError::protocol(CALL, "it was made with another login")),
                // It was made: it is only not known as which.
                Err(error) => error.left_unclear(),
            },
            Err(error) => error,
        };
        let is_there_maybe = error.is_unclear() || error.error_code() == Some(INVALID);
        if !error.is_unclear() {
            self.recent.forget(&person.email);
        }
        if !is_there_maybe {
            return Err(error);
        }
        match self.anywhere(&person.email, deadline).await? {
            None => Err(error),
            // Waiting for its owner, after a try that nobody knows the end of: that was it.
            Some(account)
                if error.is_unclear() && account.status() == AccountStatus::Provisioned =>
            {
                Ok(Made::Here(account))
            }
            Some(account) => Ok(Made::Elsewhere(account)),
        }
    }
}

/// A name that Okta can hold.
fn check_name(name: &PersonName) -> Result<(), OktaError> {
    let is_long = |character: char| character.len_utf8() > 3;
    let codes: Vec<_> =
        [(name.first(), "first_name_not_allowed"), (name.last(), "last_name_not_allowed")]
            .into_iter()
            .filter(|(part, _)| part.contains(is_long))
            .map(|(_, code)| code.into())
            .collect();
    if codes.is_empty() {
        return Ok(());
    }
    let what = "a name has a character that Okta cannot hold (four bytes in UTF-8)";
    Err(OktaError::new(OktaErrorKind::Rejected { codes }, CALL, what))
}
