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
//! `cargo run -p ravs-adapters-okta --example stand_in` is a tenant to try it on.
//!
//! Each result is one line of JSON. An error is told on standard error, and the program ends
//! with 1; with 2 where it was called wrongly.

use std::error::Error;
use std::io::stdout;
use std::process::ExitCode;

use ravs_examples::okta::{Command, Environment, USAGE, run};

#[tokio::main]
async fn main() -> ExitCode {
    let command = Command::read(std::env::args().skip(1));
    let environment = Environment::read(&|name| std::env::var(name).ok());
    let (command, environment) = match (command, environment) {
        (Ok(command), Ok(environment)) => (command, environment),
        (command, environment) => {
            if let Err(error) = &command {
                eprintln!("okta: {error}\n{USAGE}");
            }
            if let Err(error) = &environment {
                eprintln!("okta: {error}");
            }
            return ExitCode::from(2);
        }
    };
    match run(command, environment, &mut stdout()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("okta: {}", with_causes(&*error));
            ExitCode::FAILURE
        }
    }
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
