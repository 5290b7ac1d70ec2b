//! The program `okta`, as somebody signs in with it.

#![expect(clippy::unwrap_used, reason = "a test says what it relies on")]

#[path = "../../ravs-adapters-okta/tests/sign_in/signing.rs"]
#[expect(dead_code, reason = "the adapter's own tests use the rest")]
mod signing;
#[path = "../../ravs-adapters-okta/tests/sign_in/tenant.rs"]
#[expect(dead_code, reason = "the adapter's own tests use the rest")]
mod tenant;
#[path = "../../ravs-adapters-okta/tests/sign_in/time.rs"]
mod time;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tenant::{CLIENT, EMAIL, PERSON, Tenant};
use time::Time;

/// The program, waiting for a browser.
struct Waiting {
    child: Child,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
    address: String,
}

impl Waiting {
    async fn start(tenant: &Tenant) -> Self {
        // Bound and let go of again: the program takes it.
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let redirect = format!("http://{address}/signed-in");
        tenant.set().redirect = redirect.clone();
        let mut child = Command::new(env!("CARGO_BIN_EXE_okta"))
            .arg("sign-in")
            .env_clear()
            .env("OKTA_ORG_URL", tenant.origin())
            .env("OKTA_CLIENT_ID", CLIENT)
            .env("OKTA_REDIRECT_URL", redirect)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines, address }
    }

    /// The next line that it writes.
    fn line(&mut self) -> Value {
        serde_json::from_str(&self.lines.next().unwrap().unwrap()).unwrap()
    }

    /// What the browser is shown that comes back with this.
    fn comes_back(&self, query: &str) -> String {
        let mut browser = TcpStream::connect(&self.address).unwrap();
        write!(browser, "GET /signed-in?{query} HTTP/1.1\r\nhost: {}\r\n\r\n", self.address)
            .unwrap();
        let mut shown = String::new();
        browser.read_to_string(&mut shown).unwrap();
        shown
    }

    /// How it ended, and what it said on standard error.
    fn end(mut self) -> (bool, String) {
        let mut errors = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        assert!(self.lines.next().is_none());
        (self.child.wait().unwrap().success(), errors)
    }
}

/// A tenant whose tokens are of now, as the program has the machine's clock.
async fn tenant() -> Tenant {
    let tenant = Tenant::start(&Time::default()).await;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    tenant.edit(move |token| {
        for (name, time) in [("iat", now), ("exp", now + 3600), ("auth_time", now)] {
            token.claims[name] = json!(time);
        }
    });
    tenant
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_signs_in() {
    let tenant = tenant().await;
    let mut okta = Waiting::start(&tenant).await;
    let begun = okta.line();
    assert_eq!(begun["outcome"], "begun");
    let query = tenant.person_signs_in(begun["url"].as_str().unwrap());
    let shown = okta.comes_back(&query);
    assert!(shown.ends_with("You are signed in. This window can be closed."), "{shown}");
    let signed_in = okta.line();
    assert_eq!(signed_in["outcome"], "signed_in");
    assert_eq!((&signed_in["subject"], &signed_in["email"]), (&json!(PERSON), &json!(EMAIL)));
    assert!(signed_in["authenticated_at"].as_str().unwrap().ends_with('Z'));
    assert_eq!(okta.end(), (true, String::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_without_access_is_told() {
    let tenant = tenant().await;
    let mut okta = Waiting::start(&tenant).await;
    let url: url::Url = okta.line()["url"].as_str().unwrap().parse().unwrap();
    let state = url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    let shown = okta.comes_back(&format!("error=access_denied&state={state}"));
    assert!(shown.contains("You have no access to RAVS."), "{shown}");
    let (ended_well, errors) = okta.end();
    assert!(!ended_well && errors.contains("does not let this person in"), "{errors}");
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_answer_ends_it() {
    let tenant = tenant().await;
    let mut okta = Waiting::start(&tenant).await;
    okta.line();
    let shown = okta.comes_back("code=a&state=b");
    assert!(shown.contains("Sign in again, from the start."), "{shown}");
    let (ended_well, errors) = okta.end();
    assert!(!ended_well && errors.contains("`state`"), "{errors}");
    assert_eq!(tenant.asked("/token").await, 0);
}

#[test]
fn everything_missing_is_named() {
    let output = Command::new(env!("CARGO_BIN_EXE_okta")).arg("sign-in").env_clear().output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(2));
    let errors = String::from_utf8(output.stderr).unwrap();
    for name in ["OKTA_ORG_URL", "OKTA_CLIENT_ID", "OKTA_REDIRECT_URL"] {
        assert!(errors.contains(name), "{name}: {errors}");
    }
}
