//! What a step asks for, in a few words.

use ravs_core::command::Nominee;

use crate::scenario::command::{Command, Reference};
use crate::scenario::vocabulary::Provider;

/// What a step asks for beside its `do`, after a space; empty where that is all.
pub(super) fn asked(command: &Command) -> String {
    let words = words(command);
    if words.is_empty() { words } else { format!(" {words}") }
}

fn words(command: &Command) -> String {
    match command {
        Command::AddRegionalLead { region, requested_from, email, .. } => {
            format!("{email} for {region}, requested from {requested_from}")
        }
        Command::StopRegionalLead { email }
        | Command::ResendActivation { email }
        | Command::DeactivateUser { email }
        | Command::ReactivateUser { email } => email.clone(),
        Command::Search { query, .. } => format!("`{query}`"),
        Command::Onboard { ods_code, vaccines, nominees } => {
            format!("{ods_code} for {} with {}", list(vaccines), people(nominees))
        }
        Command::Nominate { organisation, nominees } => {
            format!("at {}: {}", of(organisation), people(nominees))
        }
        Command::Withdraw { organisation }
        | Command::Deactivate { organisation }
        | Command::Reactivate { organisation }
        | Command::Show { organisation }
        | Command::Enter { organisation }
        | Command::History { organisation } => of(organisation),
        Command::AddVaccines { organisation, vaccines } => {
            format!("{} to {}", list(vaccines), of(organisation))
        }
        Command::List { status, invited_by, limit, after } => {
            let filters = [
                status.map(|status| status.to_string()),
                invited_by.as_ref().map(|email| format!("invited by {email}")),
                limit.map(|limit| format!("at most {limit}")),
                after.as_ref().map(|last| format!("after {}", of(last))),
            ];
            filters.into_iter().flatten().collect::<Vec<_>>().join(", ")
        }
        Command::Authorise { action, vaccine } | Command::Explain { action, vaccine } => {
            let vaccine = vaccine.as_ref().map(|vaccine| format!(" of {vaccine}"));
            format!("{action}{}", vaccine.unwrap_or_default())
        }
        Command::AddUser { email, level, clinician, .. } => {
            let clinician = if *clinician { ", clinician" } else { "" };
            format!("{email} as {level}{clinician}")
        }
        Command::ChangeUser { email, level, clinician } => {
            let level = level.map(|level| format!(" to {level}")).unwrap_or_default();
            let clinician = match clinician {
                Some(true) => ", clinician",
                Some(false) => ", no clinician",
                None => "",
            };
            format!("{email}{level}{clinician}")
        }
        Command::MoveToMainEmail { from, to } => format!("from {from} to {to}"),
        Command::Record { vaccine, given_on, assessing, consenting } => {
            format!("{vaccine} given on {given_on}, assessed {assessing}, consent {consenting}")
        }
        Command::Edit { record, given_on, assessing, consenting } => {
            let changes = [
                given_on.map(|day| format!(", given on {day}")),
                assessing.as_ref().map(|email| format!(", assessed {email}")),
                consenting.as_ref().map(|email| format!(", consent {email}")),
            ];
            format!("{}{}", of(record), changes.into_iter().flatten().collect::<String>())
        }
        Command::Report { from, to } => format!("from {from} to {to}"),
        Command::Deliver { provider: Provider::Down } => "provider down".to_owned(),
        Command::Deliver { provider: Provider::Up }
        | Command::SignIn
        | Command::Users
        | Command::Clinicians
        | Command::Records
        | Command::Sweep
        | Command::Emails => String::new(),
    }
}

fn of(reference: &Reference) -> String {
    match reference {
        Reference::Name(name) => name.clone(),
        Reference::Id(id) => id.to_string(),
    }
}

fn list(texts: &[String]) -> String {
    if texts.is_empty() { "nothing".to_owned() } else { texts.join(", ") }
}

fn people(nominees: &[Nominee]) -> String {
    list(&nominees.iter().map(|nominee| nominee.email.clone()).collect::<Vec<_>>())
}
