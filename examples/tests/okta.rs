//! The program `okta`, against a tenant that remembers.

#![expect(clippy::unwrap_used, reason = "a test says what it relies on")]

#[path = "../../ravs-adapters-okta/tests/support/tenant.rs"]
#[expect(dead_code, reason = "the adapter's own tests use the rest")]
mod tenant;

use std::process::{Command, Output};

use serde_json::{Value, json};
use tenant::{Fault, Tenant};
use wiremock::matchers::query_param;
use wiremock::{Mock, MockServer, ResponseTemplate};

/// The program with these arguments, which knows this tenant.
async fn okta(url: &str, line: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_okta"));
    command
        .args(line.split_whitespace())
        .env_clear()
        .env("OKTA_ORG_URL", url)
        .env("OKTA_GROUP_ID", "00g1emaKYZTWRYYRRTSK")
        .env("OKTA_API_TOKEN", "a-token-that-nobody-shows");
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

/// What it wrote, line by line, after it ended well.
async fn told(url: &str, line: &str) -> Vec<Value> {
    let output = okta(url, line).await;
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "`{line}`: {errors}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn somebody_comes_and_goes() {
    let tenant = Tenant::default();
    let server = tenant.serve().await;
    let url = server.uri();
    assert_eq!(told(&url, "check").await, [json!({ "outcome": "good" })]);
    let made = told(&url, "ensure jo@nhs.net --first Jo --last Ng").await;
    assert_eq!((made.len(), &made[0]["outcome"]), (1, &json!("created")));
    let account = json!({
        "id": "00u10000000000000000", "login": "jo@nhs.net", "status": "provisioned",
    });
    assert_eq!(made[0]["account"], account);
    assert_eq!(told(&url, "list").await, std::slice::from_ref(&account));
    assert_eq!(told(&url, "resend jo@nhs.net").await, [json!({ "outcome": "sent" })]);
    assert_eq!(told(&url, "withdraw jo@nhs.net").await[0]["outcome"], "withdrawn");
    assert_eq!(told(&url, "list").await, [] as [Value; 0]);
    assert_eq!(told(&url, "grant jo@nhs.net").await[0]["outcome"], "granted");
    let found = told(&url, "status jo@nhs.net").await;
    assert_eq!(found, [json!({ "outcome": "found", "account": account })]);
    let nobody = told(&url, "status ann@nhs.net").await;
    assert_eq!(nobody, [json!({ "outcome": "no_account", "account": null })]);
    assert_eq!(tenant.account("jo@nhs.net").unwrap().emails, 2);
}

#[tokio::test]
async fn a_stranger_is_told_of_and_then_shut_out() {
    let tenant = Tenant::default();
    let server = tenant.serve().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ravs.db");
    drop(ravs_adapters_sqlite::SqliteStore::open(&file).unwrap());
    let store = format!("reconcile --store sqlite:{}", file.display());
    told(&server.uri(), "ensure jo@nhs.net --first Jo --last Ng").await;

    let stranger = |mended: &str| json!({ "difference": "stranger", "id": "00u10000000000000000", "mended": mended });
    let end = |accounts: u8, differences: u8| {
        json!({
            "outcome": "compared", "accounts": accounts, "users": 0,
            "differences": differences, "failed": 0,
        })
    };
    let dry = format!("{store} --dry-run");
    assert_eq!(told(&server.uri(), &dry).await, [stranger("left"), end(1, 1)]);
    assert!(tenant.account("jo@nhs.net").unwrap().member, "nothing is changed");
    assert_eq!(told(&server.uri(), &store).await, [stranger("done"), end(1, 1)]);
    assert!(!tenant.account("jo@nhs.net").unwrap().member);
    assert_eq!(told(&server.uri(), &store).await, [end(0, 0)]);
}

#[tokio::test]
async fn what_could_not_be_mended_makes_it_an_error() {
    let tenant = Tenant::default();
    let server = tenant.serve().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ravs.db");
    drop(ravs_adapters_sqlite::SqliteStore::open(&file).unwrap());
    told(&server.uri(), "ensure jo@nhs.net --first Jo --last Ng").await;
    // Looking at the group and at its members goes well, and taking one out does not.
    tenant.fail_next([Fault::None, Fault::None, Fault::Before(409)]);
    let line = format!("reconcile --store sqlite:{}", file.display());
    let output = okta(&server.uri(), &line).await;
    let lines = String::from_utf8(output.stdout).unwrap();
    let last: Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
    assert_eq!((output.status.code(), &last["failed"]), (Some(1), &json!(1)), "{lines}");
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.contains("1 could not be mended"), "{errors}");
}

#[tokio::test]
async fn a_list_that_goes_round_is_an_error_and_not_a_list() {
    let server = MockServer::start().await;
    let list = format!("{}/api/v1/groups/00g1emaKYZTWRYYRRTSK/users", server.uri());
    let person = json!({ "id": "00u10000000000000000", "status": "ACTIVE" });
    for (asked, next) in [("1", "2"), ("2", "1")] {
        let page = ResponseTemplate::new(200)
            .set_body_json(json!([person]))
            .append_header("link", format!("<{list}?after={next}>; rel=\"next\""));
        // A program that went round would come to an end too, after lines without number.
        Mock::given(query_param("after", asked))
            .respond_with(page.clone())
            .up_to_n_times(20)
            .mount(&server)
            .await;
        let first = Mock::given(query_param("limit", "200")).respond_with(page);
        first.up_to_n_times(1).mount(&server).await;
    }
    let output = okta(&server.uri(), "list").await;
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.contains("the list does not end"), "{errors}");
}

#[tokio::test]
async fn an_error_is_told_on_standard_error_without_the_address() {
    let tenant = Tenant::default();
    tenant.put("gone@nhs.net", "DEPROVISIONED");
    let server = tenant.serve().await;
    let output = okta(&server.uri(), "ensure gone@nhs.net --first Jo --last Ng").await;
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.contains("deactivated") && !errors.contains("gone@"), "{errors}");
}

#[tokio::test]
async fn what_is_missing_is_told_at_once() {
    let output = okta("http://okta.example", "grant").await;
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    let errors = String::from_utf8(output.stderr).unwrap();
    for fault in ["an email address is missing", "`OKTA_ORG_URL`: use `https`", "usage: okta"] {
        assert!(errors.contains(fault), "{fault}: {errors}");
    }
}
