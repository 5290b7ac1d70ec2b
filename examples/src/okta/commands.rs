//! The commands, carried out: one line of JSON a result.

use std::error::Error;
use std::io::Write;

use ravs_adapters_okta::{Account, AccountStatus, Ensured, Need, Okta, Resending};
use serde_json::{Value, json};

use super::arguments::Command;
use super::{Environment, reconcile};

/// Carries a command out, and writes what came of it.
///
/// # Errors
/// What stands against it.
pub async fn run(
    command: Command,
    environment: Environment,
    out: &mut (dyn Write + Send),
) -> Result<(), Box<dyn Error>> {
    let okta = Okta::new(environment.settings())?;
    match command {
        Command::Ensure(person) => {
            let (account, ensured) = okta.ensure_access(&person).await?;
            let (outcome, needs) = told(ensured);
            line(out, json!({ "outcome": outcome, "needs": needs, "account": shown(&account) }))
        }
        Command::Withdraw(person) => {
            let account = okta.withdraw(&person).await?;
            let outcome = if account.is_some() { "withdrawn" } else { "no_account" };
            line(out, json!({ "outcome": outcome, "account": account.as_ref().map(shown) }))
        }
        Command::Grant(person) => {
            let account = okta.grant(&person).await?;
            line(out, json!({ "outcome": "granted", "account": shown(&account) }))
        }
        Command::Resend(person) => {
            line(out, json!({ "outcome": resent(okta.resend(&person).await?) }))
        }
        Command::Status(person) => {
            let account = okta.account_of(&person).await?;
            let outcome = if account.is_some() { "found" } else { "no_account" };
            line(out, json!({ "outcome": outcome, "account": account.as_ref().map(shown) }))
        }
        Command::List => list(&okta, out).await,
        Command::Check => {
            okta.check().await?;
            line(out, json!({ "outcome": "good" }))
        }
        Command::Reconcile { store, dry_run } => reconcile::run(okta, &store, dry_run, out).await,
    }
}

async fn list(okta: &Okta, out: &mut (dyn Write + Send)) -> Result<(), Box<dyn Error>> {
    // All of them, or an error: pages that go round are none.
    for account in &okta.all_members().await? {
        line(out, shown(account))?;
    }
    Ok(())
}

/// One result.
pub(super) fn line(out: &mut (dyn Write + Send), value: Value) -> Result<(), Box<dyn Error>> {
    Ok(writeln!(out, "{value}")?)
}

fn shown(account: &Account) -> Value {
    let login = account.login();
    json!({
        "id": account.id().as_str(),
        "login": login.as_ref().map(ravs_core::EmailAddress::as_str),
        "status": status(account.status()),
    })
}

fn status(status: AccountStatus) -> &'static str {
    match status {
        AccountStatus::Staged => "staged",
        AccountStatus::Provisioned => "provisioned",
        AccountStatus::Active => "active",
        AccountStatus::Recovery => "recovery",
        AccountStatus::PasswordExpired => "password_expired",
        AccountStatus::LockedOut => "locked_out",
        AccountStatus::Suspended => "suspended",
        AccountStatus::Deprovisioned => "deprovisioned",
        AccountStatus::Other => "other",
    }
}

fn told(ensured: Ensured) -> (&'static str, Option<&'static str>) {
    match ensured {
        Ensured::Created => ("created", None),
        Ensured::Invited => ("invited", None),
        Ensured::PendingActivation => ("pending_activation", None),
        Ensured::Existing { needs } => {
            let needs = needs.map(|need| match need {
                Need::Reset => "reset",
                Need::Unlock => "unlock",
                Need::Support => "support",
                _ => "something_new",
            });
            ("existing", needs)
        }
        _ => ("something_new", None),
    }
}

fn resent(resending: Resending) -> &'static str {
    match resending {
        Resending::Sent => "sent",
        Resending::AlreadyActive => "already_active",
        Resending::NotApplicable => "not_applicable",
        Resending::AccountSuspended => "account_suspended",
        Resending::AccountDeactivated => "account_deactivated",
        Resending::NotFound => "not_found",
        Resending::TryLater => "try_later",
        _ => "something_new",
    }
}
