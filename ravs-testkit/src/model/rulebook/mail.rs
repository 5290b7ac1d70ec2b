//! Section 9: which emails have to be queued, and which still have a point when they go.

use chrono::{DateTime, NaiveDate, Utc};
use ravs_core::{NoticeKind, OrganisationStatus, PermissionLevel};

use super::{Life, Rulebook};

/// Something that a command has to have queued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::model) enum Queued {
    /// R-N1: an account for somebody.
    Account(String),
    /// R-A5: the activation email once more.
    Activation(String),
    Mail(Mail),
}

/// An email to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::model) struct Mail {
    pub(in crate::model) kind: NoticeKind,
    pub(in crate::model) to: String,
    pub(in crate::model) organisation: Option<usize>,
    /// When what it tells of happened.
    pub(in crate::model) at: DateTime<Utc>,
    pub(in crate::model) last_day: Option<NaiveDate>,
}

impl Rulebook {
    /// R-N1, R-N2: an account and a welcome.
    pub(super) fn welcome(
        &mut self,
        kind: NoticeKind,
        to: &str,
        organisation: Option<usize>,
        at: DateTime<Utc>,
    ) {
        self.queued.push(Queued::Account(to.to_owned()));
        let mail = Mail { kind, to: to.to_owned(), organisation, at, last_day: None };
        self.queued.push(Queued::Mail(mail));
    }

    /// R-N3: every lead administrator, by level or waiting level, Active or Invited.
    pub(super) fn tell_the_leads(
        &mut self,
        kind: NoticeKind,
        organisation: usize,
        at: DateTime<Utc>,
        last_day: Option<NaiveDate>,
    ) {
        let lead = PermissionLevel::LeadAdministrator;
        for (email, member) in &self.organisations[organisation].members {
            let leads = member.level == lead || member.next == Some(lead);
            if leads && !member.is_deactivated() {
                let (to, organisation) = (email.clone(), Some(organisation));
                self.queued.push(Queued::Mail(Mail { kind, to, organisation, at, last_day }));
            }
        }
    }

    /// R-N3, R-N7: whether the step that an email tells of is still the organisation's last one.
    pub(in crate::model) fn still_so(&self, mail: &Mail) -> bool {
        let life = mail.organisation.map(|number| self.organisations[number].life);
        match (mail.kind, life) {
            (NoticeKind::OrganisationDeactivated, Some(Life::Deactivated { at, .. })) => {
                at == mail.at
            }
            (NoticeKind::OrganisationReactivated, Some(Life::Active { since })) => since == mail.at,
            (NoticeKind::OrganisationDeactivated | NoticeKind::OrganisationReactivated, _) => false,
            _ => true,
        }
    }

    /// R-N7: whether an email still has a point.
    pub(in crate::model) fn still_matters(&self, mail: &Mail, now: DateTime<Utc>) -> bool {
        let Some(organisation) = mail.organisation.map(|number| &self.organisations[number]) else {
            return self.leads.get(&mail.to).is_some_and(|lead| lead.active);
        };
        organisation.status(now) != OrganisationStatus::Closed
            && organisation.members.get(&mail.to).is_some_and(|member| !member.is_deactivated())
    }
}
