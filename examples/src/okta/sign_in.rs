//! A sign-in, from the URL to who it is; this machine takes the place of the web host.

mod callback;

use std::error::Error;
use std::io::Write;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chrono::{DateTime, Utc};
use ravs_adapters_okta::{OktaSignIn, Remedy, SignInError, SignedIn};
use ravs_core::EmailAddress;
use serde_json::{Value, json};

use super::SignInEnvironment;
use super::commands::line;
use callback::Door;

/// How long the person may take.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// Nobody has come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("nobody has come back from Okta within a quarter of an hour")]
pub struct NobodyCame;

/// Writes where to go, waits for the browser to come back, and writes who it is: one line of
/// JSON each.
///
/// # Errors
/// What stands against it; nobody came back; or why they are not signed in.
pub async fn sign_in(
    environment: SignInEnvironment,
    out: &mut (dyn Write + Send),
) -> Result<(), Box<dyn Error>> {
    let okta = OktaSignIn::new(environment.settings())?;
    let door = Door::open(&environment.redirect_url).await?;
    let begun = okta.begin().await?;
    line(out, json!({ "outcome": "begun", "url": begun.url }))?;
    // The person waits for it.
    out.flush()?;
    let visitor =
        tokio::time::timeout(PATIENCE, door.visitor()).await.map_err(|_| NobodyCame)??;
    match okta.finish(begun.pending, visitor.query()).await {
        Ok(signed_in) => {
            visitor.tell("You are signed in. This window can be closed.").await;
            line(out, shown(&signed_in))
        }
        Err(error) => {
            visitor.tell(advice(&error)).await;
            Err(error.into())
        }
    }
}

fn shown(signed_in: &SignedIn) -> Value {
    let identity = &signed_in.identity;
    json!({
        "outcome": "signed_in",
        "subject": identity.subject.as_str(),
        "email": identity.email.as_ref().map(EmailAddress::as_str),
        "unvouched": signed_in.unvouched.map(|why| why.to_string()),
        "authenticated_at": signed_in.authenticated_at.and_then(time),
    })
}

/// As RFC 3339 writes it; UTC.
fn time(time: SystemTime) -> Option<DateTime<Utc>> {
    let seconds = time.duration_since(UNIX_EPOCH).ok()?.as_secs();
    DateTime::from_timestamp(i64::try_from(seconds).ok()?, 0)
}

/// What a host would say to the person.
fn advice(error: &SignInError) -> &'static str {
    match error.remedy() {
        Remedy::StartAgain => "That did not work. Sign in again, from the start.",
        Remedy::TryLater => "Okta is not ready. Try again in some minutes.",
        Remedy::AskForAccess => "You have no access to RAVS. Ask your lead administrator for it.",
        Remedy::TellOperator => "Something is set up wrongly. Tell who runs this service.",
    }
}
