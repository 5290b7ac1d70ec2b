//! What is wrong with people as they are typed in (R-U2 to R-U5, R-O2).

use chrono::{DateTime, Utc};
use ravs_core::{Code, OrganisationStatus};

use super::{Member, Person, Rulebook, fold};
use crate::model::command::Typed;

impl Rulebook {
    pub(super) fn name_faults(first: &str, last: &str) -> Vec<Code> {
        let mut codes = Vec::new();
        for part in [first, last] {
            let length = part.trim().chars().count();
            if length == 0 {
                codes.push(Code::NameMissing);
            } else if length > 50 {
                codes.push(Code::NameTooLong);
            }
        }
        codes
    }

    /// R-U4: whether an address serves at another organisation while it may serve at one alone.
    fn in_use_elsewhere(&self, email: &str, here: Option<usize>, now: DateTime<Utc>) -> bool {
        // R-L7: decided at the organisation's own time
        let at = here.map_or(now, |here| self.organisations[here].time(now));
        !self.shares_emails(at)
            && self.organisations.iter().enumerate().any(|(number, organisation)| {
                Some(number) != here
                    && organisation.members.contains_key(email)
                    && organisation.status(now) != OrganisationStatus::Closed
            })
    }

    /// What is wrong with the address of somebody who is to come to an organisation.
    pub(super) fn newcomer_fault(
        &self,
        typed: &str,
        here: Option<usize>,
        now: DateTime<Utc>,
        of_member: impl Fn(&Member) -> Option<Code>,
    ) -> Option<Code> {
        if !is_address(typed) {
            return Some(Code::EmailInvalid);
        }
        let email = fold(typed);
        let member = here.and_then(|here| self.organisations[here].members.get(&email));
        if let Some(code) = member.and_then(of_member) {
            return Some(code);
        }
        if self.in_use_elsewhere(&email, here, now) {
            return Some(Code::EmailInUse);
        }
        domain_fault(&email)
    }

    /// R-O2: everything that is wrong with nominees.
    pub(super) fn nominee_faults(
        &self,
        nominees: &[Typed],
        fewest: usize,
        here: Option<usize>,
        now: DateTime<Utc>,
    ) -> Vec<Code> {
        let mut codes = Vec::new();
        let mut people: Vec<String> = Vec::new();
        for nominee in nominees {
            codes.extend(Self::name_faults(&nominee.first, &nominee.last));
            let email = fold(&nominee.email);
            if !email.is_empty() && people.contains(&email) {
                codes.push(Code::DuplicateNominee);
            } else {
                people.push(email);
            }
            // R-O8: a deactivated member is brought back; any other is there already
            let of_member = |m: &Member| (!m.is_deactivated()).then_some(Code::AlreadyAMember);
            codes.extend(self.newcomer_fault(&nominee.email, here, now, of_member));
        }
        if people.len() < fewest {
            codes.push(Code::TooFewNominees);
        }
        codes
    }

    /// R-O5: somebody who is known keeps their user, and the name that is stored.
    pub(super) fn know(&mut self, typed: &Typed) -> String {
        let email = fold(&typed.email);
        self.people.entry(email.clone()).or_insert_with(|| Person {
            typed: typed.email.trim().to_owned(),
            first: typed.first.trim().to_owned(),
            last: typed.last.trim().to_owned(),
            subject: None,
        });
        email
    }
}

/// As much of the form of an address as the sequences need.
pub(super) fn is_address(typed: &str) -> bool {
    match typed.trim().split('@').collect::<Vec<_>>().as_slice() {
        [local, domain] => !local.is_empty() && domain.contains('.') && !typed.trim().contains(' '),
        _ => false,
    }
}

/// R-U3: the default list, `nhs.net` exactly and `nhs.uk` with everything under it.
pub(super) fn domain_fault(email: &str) -> Option<Code> {
    let allowed =
        email.ends_with("@nhs.net") || email.ends_with("@nhs.uk") || email.ends_with(".nhs.uk");
    (!allowed).then_some(Code::EmailDomainNotAllowed)
}
