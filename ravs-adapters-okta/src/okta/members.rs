//! Who has access, in pages.

use std::fmt;

use super::Okta;
use crate::account::{Account, User};
use crate::error::{OktaError, OktaErrorKind};
use crate::http::Call;

const CALL: &str = "listing who has access";

/// As many as Okta recommends.
const PAGE: usize = 200;

/// More pages than this are no list of one service's users.
const MOST_PAGES: usize = 5000;

/// Where the next page of a list is: Okta's own words, to be given back as they are.
#[derive(Clone, PartialEq, Eq)]
pub struct Cursor(String);

impl Cursor {
    /// From what [`as_str`](Self::as_str) gave. It is checked where it is used.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Its text, to be kept between two pages.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cursor(…)")
    }
}

/// One page of those who have access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Members {
    /// The accounts, in Okta's order. A page can be empty and not be the last.
    pub accounts: Vec<Account>,
    /// Where the next page is; `None` at the end.
    pub next: Option<Cursor>,
}

impl Okta {
    /// Who has access, a page of up to 200 at a time.
    ///
    /// # Errors
    /// `Rejected` for a cursor that is none of this list's; `Protocol` where a page leads away
    /// from the list, or to itself; else what stands against asking.
    pub async fn members(&self, after: Option<&Cursor>) -> Result<Members, OktaError> {
        let path = format!("/api/v1/groups/{}/users", self.group);
        let url = match after {
            None => self.url(CALL, &format!("{path}?limit={PAGE}"))?,
            Some(cursor) => {
                let pinned = self.http.pinned(CALL, &cursor.0).ok();
                pinned.filter(|url| url.path() == path).ok_or_else(no_page)?
            }
        };
        let call = Call::get(CALL, url);
        let answer = self.send(&call, self.http.deadline()).await?;
        let users: Vec<User> = answer.json()?;
        let accounts: Result<_, _> =
            users.into_iter().map(|user| Account::read(CALL, user)).collect();
        let next = answer.next(&self.http, &path)?;
        if next.as_ref() == Some(call.url()) {
            return Err(OktaError::protocol(CALL, "a page leads to itself"));
        }
        Ok(Members { accounts: accounts?, next: next.map(|url| Cursor(url.into())) })
    }

    /// Everybody who has access, in Okta's order.
    ///
    /// # Errors
    /// Those of [`members`](Self::members), also where the list does not end.
    pub async fn all_members(&self) -> Result<Vec<Account>, OktaError> {
        let mut all = Vec::new();
        let mut cursors: Vec<Cursor> = Vec::new();
        while cursors.len() < MOST_PAGES {
            let page = self.members(cursors.last()).await?;
            all.extend(page.accounts);
            match page.next {
                Some(next) if cursors.contains(&next) => break,
                Some(next) => cursors.push(next),
                None => return Ok(all),
            }
        }
        Err(OktaError::protocol(CALL, "the list does not end"))
    }
}

fn no_page() -> OktaError {
    let codes = vec!["cursor_not_allowed".into()];
    OktaError::new(OktaErrorKind::Rejected { codes }, CALL, "this is no page of the list")
}
