//! A tenant of Okta, or a stand-in for one, tried by hand.
//!
//! ```text
//! cargo run -p ravs-examples --bin okta -- ensure jo@nhs.net --first Jo --last Ng
//! ```
//!
//! `withdraw`, `grant`, `resend`, `status`, `list`, `check` and `reconcile` are the other
//! commands. The tenant is in the environment: `OKTA_ORG_URL`, `OKTA_GROUP_ID`, and either
//! `OKTA_CLIENT_ID`, `OKTA_KEY_ID` and `OKTA_PRIVATE_KEY_FILE` (with `OKTA_DPOP=on` where the app
//! requires proofs), or `OKTA_API_TOKEN`. Plain HTTP is for this machine only.
//!
//! `sign-in` writes the URL to open, waits at `OKTA_REDIRECT_URL` (a port of this machine) for the
//! browser to come back, and writes who it is. The app is `OKTA_CLIENT_ID`, with the key as
//! above, or `OKTA_CLIENT_SECRET`, or neither (a public client); `OKTA_ISSUER` is for a custom
//! authorisation server.
//!
//! `cargo run -p ravs-adapters-okta --example stand_in` is a tenant to try it on.
//!
//! Each result is one line of JSON. An error is told on standard error, and the program ends
//! with 1; with 2 where it was called wrongly.

use std::error::Error;
use std::io::stdout;
use std::process::ExitCode;

use ravs_examples::okta::{Environment, SignInEnvironment, Task, USAGE, run, sign_in};

#[tokio::main]
async fn main() -> ExitCode {
    let variable = |name: &str| std::env::var(name).ok();
    let outcome = match Task::read(std::env::args().skip(1)) {
        Ok(Task::Access(command)) => match Environment::read(&variable) {
            Ok(environment) => run(command, environment, &mut stdout()).await,
            Err(error) => return called_wrongly(&error),
        },
        Ok(Task::SignIn) => match SignInEnvironment::read(&variable) {
            Ok(environment) => sign_in(environment, &mut stdout()).await,
            Err(error) => return called_wrongly(&error),
        },
        Err(error) => {
            eprintln!("okta: {error}\n{USAGE}");
            return match Environment::read(&variable) {
                Ok(_) => ExitCode::from(2),
                Err(error) => called_wrongly(&error),
            };
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("okta: {}", with_causes(&*error));
            ExitCode::FAILURE
        }
    }
}

fn called_wrongly(error: &dyn Error) -> ExitCode {
    eprintln!("okta: {error}");
    ExitCode::from(2)
}

/// An error, and what caused it.
fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(&format!(": {error}"));
        source = error.source();
    }
    text
}
