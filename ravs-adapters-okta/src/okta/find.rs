//! An account, looked for.

use ravs_core::port::Person;
use ravs_core::{EmailAddress, Subject};
use url::form_urlencoded;

use super::Okta;
use super::recent::Known;
use crate::account::{Account, User};
use crate::error::{OktaError, OktaErrorKind};
use crate::group::is_id;
use crate::http::{Call, segment};
use crate::pace::Deadline;

const CALL: &str = "looking for an account";

/// How long a login is, in characters.
const LOGIN: std::ops::RangeInclusive<usize> = 5..=100;

impl Okta {
    /// The account with this login, if there is one.
    ///
    /// # Errors
    /// `Rejected` for an address that Okta has no login for; `AmbiguousAccount` where Okta takes
    /// another login for this one; else what stands against asking.
    pub async fn account(&self, login: &EmailAddress) -> Result<Option<Account>, OktaError> {
        self.by_login(login, self.http.deadline()).await
    }

    /// A person's account, if there is one: the one that they sign in with, once they have; else
    /// by its login.
    ///
    /// # Errors
    /// Those of [`account`](Self::account).
    pub async fn account_of(&self, person: &Person) -> Result<Option<Account>, OktaError> {
        self.find(person, self.http.deadline()).await
    }

    /// A person's account: the one that they sign in with, once they have; else by its login.
    ///
    /// Where that one is gone, another with the same login is not theirs: addresses are used
    /// again, and its owner would be let in with somebody else's rights. One that was made here a
    /// moment ago is known, also where Okta does not show it yet.
    pub(super) async fn find(
        &self,
        person: &Person,
        deadline: Deadline,
    ) -> Result<Option<Account>, OktaError> {
        match signs_in_with(person) {
            Some(id) => self.by_id(id, deadline).await,
            None => match self.by_login(&person.email, deadline).await? {
                Some(account) => Ok(Some(account)),
                None => self.made_recently(&person.email),
            },
        }
    }

    /// The account that was made for this login a moment ago.
    fn made_recently(&self, login: &EmailAddress) -> Result<Option<Account>, OktaError> {
        match self.recent.of(login, self.http.pace().elapsed()) {
            None => Ok(None),
            Some(Known::Account(account)) => Ok(Some(account)),
            Some(Known::Maybe) => {
                let what = "it is not known yet whether an account has just been made";
                Err(OktaError::new(OktaErrorKind::NotYet, CALL, what))
            }
        }
    }

    pub(super) async fn by_id(
        &self,
        id: &Subject,
        deadline: Deadline,
    ) -> Result<Option<Account>, OktaError> {
        let account = self.one(&segment(id.as_str()), deadline).await?;
        match account {
            Some(account) if account.id() != id => {
                Err(OktaError::protocol(CALL, "Okta answers with another account"))
            }
            account => Ok(account),
        }
    }

    /// The account with this login. It is not known whether Okta finds a deactivated one by its
    /// path, so that what is not found there is looked for by a filter too.
    pub(super) async fn by_login(
        &self,
        login: &EmailAddress,
        deadline: Deadline,
    ) -> Result<Option<Account>, OktaError> {
        match self.by_path(login, deadline).await? {
            Some(account) => Ok(Some(account)),
            None => self.by_filter_of_login(login, deadline).await,
        }
    }

    /// The account with this login, by what is true at once.
    pub(super) async fn by_path(
        &self,
        login: &EmailAddress,
        deadline: Deadline,
    ) -> Result<Option<Account>, OktaError> {
        check_login(login)?;
        // Okta reads a slash as the end of the login, also when it is escaped.
        if login.as_str().contains('/') {
            return self.by_filter_of_login(login, deadline).await;
        }
        match self.one(&segment(login.as_str()), deadline).await? {
            // Okta also finds by shortened logins, and without regard to diacritics.
            Some(account) if !account.is_of(login) => Err(ambiguous()),
            account => Ok(account),
        }
    }

    async fn by_filter_of_login(
        &self,
        login: &EmailAddress,
        deadline: Deadline,
    ) -> Result<Option<Account>, OktaError> {
        let found = self.by_filter("profile.login", login, deadline).await?;
        Ok(found.into_iter().find(|account| account.is_of(login)))
    }

    /// Where an account that Okta says is there can be, or one that may have been made just now.
    pub(super) async fn anywhere(
        &self,
        email: &EmailAddress,
        deadline: Deadline,
    ) -> Result<Option<Account>, OktaError> {
        if let Some(account) = self.by_login(email, deadline).await? {
            return Ok(Some(account));
        }
        let found = self.by_filter("profile.email", email, deadline).await?;
        match found.into_iter().next() {
            None => Ok(None),
            Some(account) if account.is_of(email) => Ok(Some(account)),
            // Somebody else's login, with this address: not for a program to decide.
            Some(_) => Err(ambiguous()),
        }
    }

    /// Filters compare letter by letter: as it was typed, and in lower case.
    async fn by_filter(
        &self,
        property: &str,
        email: &EmailAddress,
        deadline: Deadline,
    ) -> Result<Vec<Account>, OktaError> {
        let mut spellings = vec![email.as_str()];
        if email.folded() != email.as_str() {
            spellings.push(email.folded());
        }
        for spelling in spellings {
            // An address holds neither quotes nor backslashes.
            let filter = format!("{property} eq \"{spelling}\"");
            let query = form_urlencoded::Serializer::new(String::new())
                .append_pair("filter", &filter)
                .append_pair("limit", "2")
                .finish();
            let call = Call::get(CALL, self.url(CALL, &format!("/api/v1/users?{query}"))?);
            let users: Vec<User> = self.send(&call, deadline).await?.json()?;
            if !users.is_empty() {
                return users.into_iter().map(|user| Account::read(CALL, user)).collect();
            }
        }
        Ok(Vec::new())
    }

    async fn one(&self, who: &str, deadline: Deadline) -> Result<Option<Account>, OktaError> {
        let call = Call::get(CALL, self.url(CALL, &format!("/api/v1/users/{who}"))?);
        match self.send(&call, deadline).await {
            Ok(answer) => Account::read(CALL, answer.json()?).map(Some),
            Err(error) if *error.kind() == OktaErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// The account that a person signs in with, where that is one of Okta's.
pub(super) fn signs_in_with(person: &Person) -> Option<&Subject> {
    person.subject.as_ref().filter(|id| is_id(id.as_str()))
}

fn ambiguous() -> OktaError {
    let what = "Okta has this address under another login: somebody has to look at the account";
    OktaError::new(OktaErrorKind::AmbiguousAccount, CALL, what)
}

/// An address that can be a login.
fn check_login(login: &EmailAddress) -> Result<(), OktaError> {
    if LOGIN.contains(&login.as_str().len()) {
        return Ok(());
    }
    let (least, most) = LOGIN.into_inner();
    let codes = vec!["email_not_allowed".into()];
    let what = format!("an address has {least} to {most} characters at Okta");
    Err(OktaError::new(OktaErrorKind::Rejected { codes }, CALL, what))
}
