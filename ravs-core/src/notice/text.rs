//! The texts of the emails.

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use super::{Email, Notice, ServiceDetails};
use crate::characters::is_invisible;
use crate::effect::EffectKey;
use crate::london;
use crate::organisation::{Organisation, OrganisationState};
use crate::region::Region;
use crate::user::User;

/// Whether its reader has to activate an account first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    /// The provider has sent an activation email that was not followed yet.
    ToBeActivated,
    /// The account is in use.
    InUse,
}

/// What an email is about.
#[derive(Clone, Copy, Debug)]
pub enum Letter<'a> {
    /// About an organisation.
    Organisation(&'a Organisation),
    /// About a region's onboarding tool.
    Region(Region),
}

impl Letter<'_> {
    /// Writes the email: plain text, with names and free text made harmless (R-N6).
    #[must_use]
    pub fn write(
        self,
        key: EffectKey,
        notice: &Notice,
        to: &User,
        account: Account,
        service: &ServiceDetails,
    ) -> Email {
        let (place, region) = match self {
            Self::Organisation(o) => {
                (format!("{} ({})", plain(o.name()), o.ods_code()), o.region())
            }
            Self::Region(region) => (region.to_string(), region),
        };
        let first_name = plain(to.name().first());
        let (subject, paragraphs) = match notice {
            Notice::WelcomeLeadAdministrator { .. } => {
                lead_administrator(&place, region, account, service)
            }
            Notice::WelcomeUser { .. } => user(&place, account, service),
            Notice::WelcomeRegionalLead { .. } => regional_lead(region, account, service),
            Notice::OrganisationDeactivated { at, closes_at, .. } => {
                let day = london::written(london::date(*at));
                let last_day = london::written(closes_at.last_day());
                deactivated(&place, &day, &last_day, self.has_changed_since(notice))
            }
            Notice::OrganisationReactivated { at, .. } => {
                let day = london::written(london::date(*at));
                reactivated(&place, &day, service, self.has_changed_since(notice))
            }
        };
        let mut text = if first_name.is_empty() {
            "Hello,\n\n".to_string()
        } else {
            format!("Dear {first_name},\n\n")
        };
        for paragraph in paragraphs {
            text.push_str(&paragraph);
            text.push_str("\n\n");
        }
        text.push_str(&format!(
            "If you need help, email {}.\n\nThe {} team\n",
            service.help_desk, service.name
        ));
        Email { key, notice: notice.kind(), to: to.email().clone(), subject, text }
    }
}

impl Letter<'_> {
    /// Whether a later step has overtaken the one that an email tells of, so that it says so
    /// rather than what is no longer true.
    fn has_changed_since(self, notice: &Notice) -> bool {
        let Self::Organisation(organisation) = self else { return false };
        match (notice, organisation.state()) {
            (
                Notice::OrganisationDeactivated { at: told, .. },
                OrganisationState::Deactivated { at, .. },
            ) => at != told,
            (
                Notice::OrganisationReactivated { at: told, .. },
                OrganisationState::Active { since },
            ) => since != told,
            (
                Notice::OrganisationDeactivated { .. } | Notice::OrganisationReactivated { .. },
                _,
            ) => true,
            _ => false,
        }
    }
}

fn lead_administrator(
    place: &str,
    region: Region,
    account: Account,
    service: &ServiceDetails,
) -> (String, Vec<String>) {
    let mut paragraphs = alloc::vec![format!(
        "The NHS {region} region has nominated you as a lead administrator of {place} in the {}.",
        service.name
    )];
    paragraphs.extend(how_to_log_in(account, service));
    paragraphs.push(
        "Once you have logged in:\n\
         - add the vaccines that your organisation uses\n\
         - add the users who work with you\n\
         - mark yourself as a clinician if you give vaccinations"
            .to_string(),
    );
    paragraphs.push(training(service));
    (format!("You can now use the {} at {place}", service.name), paragraphs)
}

fn user(place: &str, account: Account, service: &ServiceDetails) -> (String, Vec<String>) {
    let mut paragraphs =
        alloc::vec![format!("You have been added as a user of the {} at {place}.", service.name)];
    paragraphs.extend(how_to_log_in(account, service));
    paragraphs.push(training(service));
    (format!("You can now use the {} at {place}", service.name), paragraphs)
}

fn regional_lead(
    region: Region,
    account: Account,
    service: &ServiceDetails,
) -> (String, Vec<String>) {
    let mut paragraphs = alloc::vec![format!(
        "You can now onboard organisations to the {} for the NHS {region} region.",
        service.name
    )];
    paragraphs.extend(how_to_log_in(account, service));
    paragraphs.push(training(service));
    (format!("You are now a regional lead of the {}", service.name), paragraphs)
}

fn deactivated(
    place: &str,
    day: &str,
    last_day: &str,
    has_changed_since: bool,
) -> (String, Vec<String>) {
    let subject = format!("{place} has been deactivated");
    if has_changed_since {
        return (subject, alloc::vec![overtaken(place, "deactivated", day)]);
    }
    let paragraphs = alloc::vec![
        format!("{place} was deactivated on {day}. Vaccinations can no longer be recorded there."),
        format!(
            "Until the end of {last_day}, the last day of access, users can still edit records \
             and create reports, and lead administrators can still deactivate users."
        ),
        "After that the organisation is closed, and nobody has access to it any more. \
         Until then your regional lead can reactivate it."
            .to_string(),
    ];
    (subject, paragraphs)
}

fn reactivated(
    place: &str,
    day: &str,
    service: &ServiceDetails,
    has_changed_since: bool,
) -> (String, Vec<String>) {
    let subject = format!("{place} has been reactivated");
    if has_changed_since {
        return (subject, alloc::vec![overtaken(place, "reactivated", day)]);
    }
    let paragraphs = alloc::vec![
        format!("{place} was reactivated on {day}. Vaccinations can be recorded there again."),
        format!("Log in at {}", service.address),
    ];
    (subject, paragraphs)
}

fn overtaken(place: &str, step: &str, day: &str) -> String {
    format!(
        "{place} was {step} on {day}. Its status has changed again since: another email tells \
         you what is true now."
    )
}

fn how_to_log_in(account: Account, service: &ServiceDetails) -> Vec<String> {
    let log_in = format!("Log in at {}", service.address);
    match account {
        Account::InUse => alloc::vec![
            "You already have an Okta account for NHS services. Use it to log in: there is \
             nothing to set up."
                .to_string(),
            log_in,
        ],
        Account::ToBeActivated => alloc::vec![
            format!(
                "First activate your Okta account: Okta sends you an email of its own, whose link \
                 lasts {} days. If you cannot find it, look in your junk folder.",
                service.activation_link_days
            ),
            format!("Then log in at {}", service.address),
        ],
    }
}

fn training(service: &ServiceDetails) -> String {
    format!("The guide and training are at {}", service.guide)
}

/// Free text as part of a plain-text email (R-N6): on one line, without characters that are not
/// seen or that turn the text around them, and without anything a reader would make a link of.
fn plain(text: &str) -> String {
    let spaced = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let visible = spaced.filter(|c| !is_invisible(*c));
    let visible: String = visible.collect();
    let words: Vec<String> = visible.split_whitespace().map(unlinked).collect();
    words.join(" ")
}

/// A word without markup, and no address: `https://evil.example` becomes `https evil example`.
fn unlinked(word: &str) -> String {
    let kept = word.chars().map(|c| match c {
        '<' | '>' | '[' | ']' | '`' | '*' | '_' | '#' | '|' | '\\' => ' ',
        c => c,
    });
    let mut kept: String = kept.collect();
    if kept.contains("://") {
        kept = kept.replace("://", " ");
    }
    let looks_like_an_address = kept.contains('@')
        || kept.to_ascii_lowercase().starts_with("www.")
        || kept.contains('/')
        || kept.trim_end_matches(':').contains(':')
        || has_inner_dot(&kept);
    if looks_like_an_address {
        kept = kept.replace(['.', '/', '@', ':'], " ");
    }
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A dot inside a word with at least two letters or digits right after it, as in a domain name
/// (`x.co`): not in `St.`, `(High St.),` or `J.R.`.
fn has_inner_dot(word: &str) -> bool {
    let mut labels = word.split('.');
    let mut before = labels.next().unwrap_or_default();
    labels.any(|label| {
        let follows = label.chars().take_while(|c| c.is_alphanumeric()).count() > 1;
        let inner = follows && before.ends_with(char::is_alphanumeric);
        before = label;
        inner
    })
}

#[cfg(test)]
mod tests;
