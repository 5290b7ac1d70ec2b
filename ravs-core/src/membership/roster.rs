//! The members of an organisation, together.

use alloc::vec::Vec;

use super::{Membership, MembershipStatus, PermissionLevel};
use crate::organisation::Organisation;
use crate::refusal::{Code, Fault};
use crate::user::{EmailAddress, User, UserId};

/// A membership and the person it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The person.
    pub user: User,
    /// What they may do here.
    pub membership: Membership,
}

/// An organisation and everyone who is or was a member of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roster {
    /// The organisation.
    pub organisation: Organisation,
    /// Its members, deactivated ones too.
    pub members: Vec<Member>,
}

impl Roster {
    /// The member with this address.
    #[must_use]
    pub fn by_email(&self, email: &EmailAddress) -> Option<&Member> {
        self.members.iter().find(|member| member.user.email() == email)
    }

    /// The member with this id.
    #[must_use]
    pub fn by_user(&self, user: UserId) -> Option<&Member> {
        self.members.iter().find(|member| member.user.id() == user)
    }

    /// The members as a list shows them: by last then first name, then address.
    #[must_use]
    pub fn sorted(mut self) -> Vec<Member> {
        self.members
            .sort_by(|a, b| (a.user.name(), a.user.email()).cmp(&(b.user.name(), b.user.email())));
        self.members
    }

    /// The memberships that count towards R-U9: an Active lead administrator whom no waiting
    /// demotion turns into something else.
    fn counts(membership: &Membership) -> bool {
        membership.status() == MembershipStatus::Active && Self::leads_on(membership)
    }

    /// Lead administrator now and after the next entry.
    fn leads_on(membership: &Membership) -> bool {
        let lead = PermissionLevel::LeadAdministrator;
        membership.level() == lead && membership.level_at_next_entry() == lead
    }

    /// Whether a user may make this change to a membership (R-U9): an organisation that has an
    /// Active lead administrator keeps one.
    ///
    /// # Errors
    /// `last_lead_administrator`.
    pub fn check_keeps_a_lead(&self, changed: &Membership) -> Result<(), Fault> {
        self.keeps_a_lead(changed, None)
    }

    /// The same for a move to another address (R-U10), in whose one command the new membership
    /// counts although it is only Invited.
    ///
    /// # Errors
    /// `last_lead_administrator`.
    pub fn check_move_keeps_a_lead(
        &self,
        deactivated: &Membership,
        invited: &Membership,
    ) -> Result<(), Fault> {
        self.keeps_a_lead(deactivated, Some(invited))
    }

    fn keeps_a_lead(&self, changed: &Membership, added: Option<&Membership>) -> Result<(), Fault> {
        let before = self.members.iter().any(|member| Self::counts(&member.membership));
        let others = self.members.iter().map(|member| &member.membership);
        let after = others
            .map(
                |membership| if membership.user() == changed.user() { changed } else { membership },
            )
            .any(Self::counts)
            || added.is_some_and(Self::leads_on);
        if before && !after {
            let message = "this is the last active lead administrator; make another one first";
            return Err(Fault::new(Code::LastLeadAdministrator, message));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
