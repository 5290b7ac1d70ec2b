//! What is asked of the store.

use ravs_core::OrganisationStatus::{self, Active, Closed, Deactivated, Invited};
use ravs_core::port::{OrganisationFilter, PageRequest, Store as _};

use super::Town;
use crate::postgres::Failed;

/// The length of a page of the home page.
pub(super) const PAGE: usize = 50;
/// Of pages that show less: of one lead's and one status, of a status that few have, and of one
/// lead's of such a status. So many there are also with a thousand organisations.
const PAGE_OF_FEW: usize = 20;
const SHORT_PAGE: usize = 5;
const SHORTEST_PAGE: usize = 3;
const CLOSINGS: usize = 100;

/// A question, as a screen asks it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Question {
    FirstPage,
    SecondPage,
    OfStatus(OrganisationStatus),
    /// While no closing is overdue.
    ClosedInTime,
    OfLead,
    OfLeadAndStatus(OrganisationStatus),
    DueClosings,
    SignIn,
    Standing,
}

impl Question {
    pub(super) const ALL: [Self; 15] = [
        Self::FirstPage,
        Self::SecondPage,
        Self::OfStatus(Invited),
        Self::OfStatus(Active),
        Self::OfStatus(Deactivated),
        Self::OfStatus(Closed),
        Self::ClosedInTime,
        Self::OfLead,
        Self::OfLeadAndStatus(Invited),
        Self::OfLeadAndStatus(Active),
        Self::OfLeadAndStatus(Deactivated),
        Self::OfLeadAndStatus(Closed),
        Self::DueClosings,
        Self::SignIn,
        Self::Standing,
    ];

    pub(super) fn name(self) -> String {
        match self {
            Self::FirstPage => "home page".to_owned(),
            Self::SecondPage => "home page, the second".to_owned(),
            Self::OfStatus(status) => format!("home page, {}", status.as_str()),
            Self::ClosedInTime => "home page, Closed, none overdue".to_owned(),
            Self::OfLead => "home page, one lead's".to_owned(),
            Self::OfLeadAndStatus(status) => format!("home page, one lead's, {}", status.as_str()),
            Self::DueClosings => "due closings".to_owned(),
            Self::SignIn => "sign-in: user by subject, places".to_owned(),
            Self::Standing => "standing".to_owned(),
        }
    }
}

impl Town {
    /// Asks, about another region, lead or member in each call, and gives the number of rows.
    pub(super) async fn ask(&self, question: Question, call: usize) -> Result<usize, Failed> {
        let (lead, region) = turn(&self.leads, call)?;
        let invited_by = Some(*lead);
        let page = |filter, limit| (filter, PageRequest { after: None, limit }, self.now);
        let any = OrganisationFilter::default();
        let (filter, page, now) = match question {
            Question::FirstPage => page(any, PAGE),
            Question::SecondPage => {
                let found = self.first_pages.iter().find(|(of, _)| of == region);
                let after = found.and_then(|(_, end)| end.clone());
                (any, PageRequest { after, limit: PAGE }, self.now)
            }
            Question::OfStatus(status) => page(
                OrganisationFilter { status: Some(status), ..any },
                length(status, PAGE, SHORT_PAGE),
            ),
            Question::ClosedInTime => {
                let filter = OrganisationFilter { status: Some(Closed), ..any };
                let page = PageRequest { after: None, limit: SHORT_PAGE };
                (filter, page, self.before_all_closings())
            }
            Question::OfLead => page(OrganisationFilter { invited_by, ..any }, PAGE),
            Question::OfLeadAndStatus(status) => {
                let filter = OrganisationFilter { status: Some(status), invited_by };
                page(filter, length(status, PAGE_OF_FEW, SHORTEST_PAGE))
            }
            Question::DueClosings => {
                return Ok(self.store.due_closings(self.now, CLOSINGS).await?.len());
            }
            Question::SignIn => {
                let (_, _, subject) = turn(&self.members, call)?;
                let user = self.store.user_by_subject(subject).await?.ok_or("nobody")?;
                return Ok(1 + self.store.places(user.id()).await?.len());
            }
            Question::Standing => {
                let (user, organisation, _) = turn(&self.members, call)?;
                let standing = self.store.standing(*user, *organisation).await?;
                return Ok(usize::from(standing.is_some()));
            }
        };
        let page = self.store.organisations(*region, &filter, &page, now).await?;
        Ok(page.organisations.len())
    }
}

fn length(status: OrganisationStatus, usually: usize, short: usize) -> usize {
    match status {
        Invited | Active => usually,
        Deactivated | Closed => short,
    }
}

fn turn<T>(all: &[T], call: usize) -> Result<&T, Failed> {
    all.get(call % all.len().max(1)).ok_or_else(|| "there is nobody to ask about".into())
}
