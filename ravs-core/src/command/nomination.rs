//! Nominating lead administrators.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use super::people::{
    Known, NewPerson, Nominee, Terms, add_member, check_free, read_name, welcome_nominee,
};
use super::regional_leads::roster_in_region;
use super::{Decided, Outcome};
use crate::change::{Context, Draft, Guard};
use crate::effect::Work;
use crate::event::Happening;
use crate::membership::{Member, Roster};
use crate::organisation::{Organisation, Step};
use crate::refusal::{Code, Fault, Faults};
use crate::region::RegionalLead;
use crate::user::EmailAddress;

/// Nominates further lead administrators.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Nominate {
    /// Who; at least one.
    pub nominees: Vec<Nominee>,
}

/// Nominates further lead administrators at an Invited or Active organisation (R-O8). One whose
/// membership there is deactivated is reactivated as lead administrator.
///
/// # Errors
/// `not_in_your_region`; `organisation_deactivated`, `organisation_closed`; then all at once:
/// `too_few_nominees`, `duplicate_nominee`, `already_a_member` and what [`onboard`](super::onboard)
/// says of a nominee.
pub fn nominate(
    context: Context<'_>,
    lead: &RegionalLead,
    roster: Option<&Roster>,
    known: &[Known],
    command: &Nominate,
) -> Outcome<Organisation> {
    let roster = roster_in_region(lead, roster)?;
    let organisation = &roster.organisation;
    organisation.check_growth(Step::Nominate, context.now).map_err(Fault::from)?;

    let mut faults = Faults::default();
    let here = Some(organisation.id());
    let nominees = read_nominees(&mut faults, &command.nominees, 1, |email| {
        let member = roster.by_email(&email);
        if member.is_some_and(|member| !member.membership.is_deactivated()) {
            let message = "this address is a member here already";
            return Err(Fault::new(Code::AlreadyAMember, message));
        }
        let at = organisation.not_before(context.now);
        check_free(Known::find(known, &email), here, &context, at)?;
        match member {
            Some(_) => Ok(email), // whoever is here is not judged by the list again (R-U3)
            None => context.settings.allowed_domains.read(email.as_str()),
        }
    });
    faults.refuse_if_any()?;

    let mut draft = Draft::new(context);
    draft.guard(Guard::RegionalLead(lead.user(), lead.version()));
    let version = organisation.version();
    let mut organisation = organisation.clone();
    for person in nominees {
        let at = organisation.not_before(context.now);
        let (touched, user) = match roster.by_email(&person.email) {
            Some(member) => (reinstate(&mut draft, organisation, member, at)?, member.user.id()),
            None => {
                let known = Known::find(known, &person.email);
                let (touched, _, user) =
                    add_member(&mut draft, organisation, person, known, Terms::NOMINEE, at);
                (touched, user.id())
            }
        };
        organisation = touched;
        welcome_nominee(&mut draft, user, organisation.id());
    }
    draft.organisation(Some(version), organisation.clone());
    Ok(Decided { change: draft.finish(), answer: organisation })
}

/// Gives a deactivated member their access back, as lead administrator.
fn reinstate(
    draft: &mut Draft<'_>,
    organisation: Organisation,
    member: &Member,
    at: DateTime<Utc>,
) -> Result<Organisation, Fault> {
    let (user, before) = (member.user.id(), &member.membership);
    let back = before.clone().nominate_again(at)?;
    let organisation = organisation.touch(at);
    draft.membership(Some(before.version()), back);
    let (replaced_level, replaced_next_level) = (before.level(), before.next_level());
    let what = Happening::MemberNominatedAgain { user, replaced_level, replaced_next_level };
    draft.moved(&organisation, at, what);
    draft.effect(Work::OpenAccount { user });
    Ok(organisation)
}

/// Reads nominees, noting every fault at its place: distinct people by address, at least
/// `fewest`, counted whether or not each passes its own checks (R-O2).
pub(super) fn read_nominees(
    faults: &mut Faults,
    nominees: &[Nominee],
    fewest: usize,
    check_email: impl Fn(EmailAddress) -> Result<EmailAddress, Fault>,
) -> Vec<NewPerson> {
    let mut seen = BTreeSet::<String>::new();
    let is_new: Vec<bool> = nominees
        .iter()
        .map(|nominee| {
            let typed = nominee.email.trim().to_lowercase();
            typed.is_empty() || seen.insert(typed)
        })
        .collect();
    let people = is_new.iter().filter(|new| **new).count();
    if people < fewest {
        let message = alloc::format!("nominate at least {fewest} different people, not {people}");
        faults.add(Fault::new(Code::TooFewNominees, message).at("nominees"));
    }
    let mut read = Vec::new();
    for ((place, nominee), is_new) in nominees.iter().enumerate().zip(is_new) {
        let field = |name: &str| alloc::format!("nominees[{place}].{name}");
        let Nominee { first_name, last_name, email } = nominee;
        let name = read_name(faults, &field(""), first_name, last_name);
        if !is_new {
            let message = "this address is nominated more than once";
            faults.add(Fault::new(Code::DuplicateNominee, message).at(field("email")));
        }
        let email = email.parse::<EmailAddress>().map_err(Fault::from).and_then(&check_email);
        let email = faults.check(&field("email"), email);
        if let (Some(name), Some(email)) = (name, email) {
            read.push(NewPerson { name, email });
        }
    }
    read
}
