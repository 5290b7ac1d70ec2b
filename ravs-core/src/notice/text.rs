//! The words of the emails.

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use super::block::{self, Block, Span};
use super::plain::plain;
use super::{Email, Field, FieldName, Notice, ServiceDetails};
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
    /// Writes the email: as plain text, as HTML and as the fields of a template, all three of the
    /// same words, with names and free text made harmless (R-N6).
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
            Self::Organisation(o) => match plain(o.name()) {
                name if name.is_empty() => (o.ods_code().to_string(), o.region()),
                name => (format!("{name} ({})", o.ods_code()), o.region()),
            },
            Self::Region(region) => (region.to_string(), region),
        };
        let Draft { subject, said, mut fields } = match notice {
            Notice::WelcomeLeadAdministrator { .. } => {
                lead_administrator(place, region, account, service)
            }
            Notice::WelcomeUser { .. } => user(place, account, service),
            Notice::WelcomeRegionalLead { .. } => regional_lead(region, account, service),
            Notice::OrganisationDeactivated { at, closes_at, .. } => {
                let follows = match self.has_changed_since(notice) {
                    true => overtaken(),
                    false => closing(&london::written(closes_at.last_day())),
                };
                step(place, "deactivated", *at, follows)
            }
            Notice::OrganisationReactivated { at, .. } => {
                let follows = match self.has_changed_since(notice) {
                    true => overtaken(),
                    false => recording_again(service),
                };
                step(place, "reactivated", *at, follows)
            }
        };
        let greeting = match plain(to.name().first()) {
            name if name.is_empty() => "Hello".to_string(),
            name => format!("Dear {name}"),
        };
        let mut blocks = alloc::vec![Block::text(format!("{greeting},"))];
        blocks.extend(said);
        blocks.push(help(service));
        blocks.push(Block::text(format!("The {} team", service.name)));
        fields.extend([
            field(FieldName::Greeting, greeting),
            field(FieldName::ServiceName, service.name.clone()),
            field(FieldName::HelpDesk, service.help_desk.clone()),
        ]);
        fields.sort_unstable_by_key(|field| field.name);
        let mut text = block::plain_text(&blocks);
        text.push('\n');
        let html = block::html(&subject, &blocks);
        Email { key, notice: notice.kind(), to: to.email().clone(), subject, text, html, fields }
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
            (
                Notice::WelcomeLeadAdministrator { .. }
                | Notice::WelcomeUser { .. }
                | Notice::WelcomeRegionalLead { .. },
                _,
            ) => false,
        }
    }
}

/// What is an email's own: what it says between the greeting and the help desk.
struct Draft {
    subject: String,
    said: Vec<Block>,
    fields: Vec<Field>,
}

fn field(name: FieldName, value: String) -> Field {
    Field { name, value }
}

fn lead_administrator(
    place: String,
    region: Region,
    account: Account,
    service: &ServiceDetails,
) -> Draft {
    let nominated = format!(
        "The NHS {region} region has nominated you as a lead administrator of {place} in the {}.",
        service.name
    );
    let tasks = Block::List(
        "Once you have logged in:",
        &[
            "add the vaccines that your organisation uses",
            "add the users who work with you",
            "mark yourself as a clinician if you give vaccinations",
        ],
    );
    let subject = format!("You can now use the {} at {place}", service.name);
    let mut draft = welcome(subject, nominated, account, Some(tasks), service);
    draft.fields.push(field(FieldName::Organisation, place));
    draft.fields.push(field(FieldName::Region, region.to_string()));
    draft
}

fn user(place: String, account: Account, service: &ServiceDetails) -> Draft {
    let added = format!("You have been added as a user of the {} at {place}.", service.name);
    let subject = format!("You can now use the {} at {place}", service.name);
    let mut draft = welcome(subject, added, account, None, service);
    draft.fields.push(field(FieldName::Organisation, place));
    draft
}

fn regional_lead(region: Region, account: Account, service: &ServiceDetails) -> Draft {
    let added = format!(
        "You can now onboard organisations to the {} for the NHS {region} region.",
        service.name
    );
    let subject = format!("You are now a regional lead of the {}", service.name);
    let mut draft = welcome(subject, added, account, None, service);
    draft.fields.push(field(FieldName::Region, region.to_string()));
    draft
}

/// R-N2: how to log in, and training.
fn welcome(
    subject: String,
    opening: String,
    account: Account,
    tasks: Option<Block>,
    service: &ServiceDetails,
) -> Draft {
    let log_in = how_to_log_in(account, service);
    let fields = alloc::vec![
        field(FieldName::HowToLogIn, block::plain_text(&log_in)),
        field(FieldName::Guide, service.guide.clone()),
    ];
    let mut said = alloc::vec![Block::text(opening)];
    said.extend(log_in);
    said.extend(tasks);
    said.push(Block::link("The guide and training are at ", &service.guide));
    Draft { subject, said, fields }
}

/// R-N3: what was done, when, and what follows from it.
fn step(place: String, done: &str, at: DateTime<Utc>, follows: Follows) -> Draft {
    let day = london::written(london::date(at));
    let Follows { at_once, later } = follows;
    let mut what_follows = alloc::vec![Block::text(at_once)];
    what_follows.extend(later.iter().cloned());
    let what_follows = block::plain_text(&what_follows);
    let mut said = alloc::vec![Block::text(format!("{place} was {done} on {day}. {at_once}"))];
    said.extend(later);
    let subject = format!("{place} has been {done}");
    let fields = alloc::vec![
        field(FieldName::Organisation, place),
        field(FieldName::Day, day),
        field(FieldName::WhatFollows, what_follows),
    ];
    Draft { subject, said, fields }
}

/// What follows from a step: a sentence, and further paragraphs.
struct Follows {
    at_once: &'static str,
    later: Vec<Block>,
}

fn closing(last_day: &str) -> Follows {
    Follows {
        at_once: "Vaccinations can no longer be recorded there.",
        later: alloc::vec![
            Block::text(format!(
                "Until the end of {last_day}, the last day of access, users can still edit \
                 records and create reports, and lead administrators can still deactivate users."
            )),
            Block::text(
                "After that the organisation is closed, and nobody has access to it any more. \
                 Until then your regional lead can reactivate it.",
            ),
        ],
    }
}

fn recording_again(service: &ServiceDetails) -> Follows {
    Follows {
        at_once: "Vaccinations can be recorded there again.",
        later: alloc::vec![Block::link("Log in at ", &service.address)],
    }
}

fn overtaken() -> Follows {
    Follows {
        at_once: "Its status has changed again since: another email tells you what is true now.",
        later: Vec::new(),
    }
}

fn how_to_log_in(account: Account, service: &ServiceDetails) -> Vec<Block> {
    match account {
        Account::InUse => alloc::vec![
            Block::text(
                "You already have an Okta account for NHS services. Use it to log in: there is \
                 nothing to set up.",
            ),
            Block::link("Log in at ", &service.address),
        ],
        Account::ToBeActivated => alloc::vec![
            Block::text(format!(
                "First activate your Okta account: Okta sends you an email of its own, whose link \
                 lasts {} days. If you cannot find it, look in your junk folder.",
                service.activation_link_days
            )),
            Block::link("Then log in at ", &service.address),
        ],
    }
}

fn help(service: &ServiceDetails) -> Block {
    Block::Paragraph(alloc::vec![
        Span::Text("If you need help, email ".to_string()),
        Span::Link(service.help_desk.clone()),
        Span::Text(".".to_string()),
    ])
}

#[cfg(test)]
mod tests;
