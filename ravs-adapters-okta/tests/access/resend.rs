//! The activation email, sent again.

use std::time::Duration;

use ravs_adapters_okta::{Okta, OktaErrorKind, Resending};
use ravs_core::port::{IdentityProvider as _, PortError};
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::support::people::{jo, settings, user};
use crate::support::script::{ACTIVATE, BY_ID, REACTIVATE, Script};
use crate::support::time::FakeTime;
use crate::support::wire::{Act, Wire};

async fn resent(script: Script) -> Resending {
    let play = script.play().await;
    let outcome = play.okta.resend(&jo()).await.unwrap();
    play.over();
    outcome
}

#[tokio::test]
async fn a_provisioned_account_is_sent_one_and_the_live_token_is_dropped() {
    let live = json!({ "activationUrl": "https://x/welcome/LIVE", "activationToken": "LIVE" });
    let script = Script::new().found("PROVISIONED").json(REACTIVATE, 200, live);
    assert_eq!(resent(script).await, Resending::Sent);
}

#[tokio::test]
async fn a_staged_account_is_sent_its_first() {
    let script = Script::new().found("STAGED").json(ACTIVATE, 200, json!({}));
    assert_eq!(resent(script).await, Resending::Sent);
}

#[tokio::test]
async fn any_other_account_is_sent_nothing() {
    for (status, expected) in [
        ("ACTIVE", Resending::AlreadyActive),
        ("RECOVERY", Resending::NotApplicable),
        ("PASSWORD_EXPIRED", Resending::NotApplicable),
        ("LOCKED_OUT", Resending::NotApplicable),
        ("SUSPENDED", Resending::AccountSuspended),
        ("DEPROVISIONED", Resending::AccountDeactivated),
        ("FOO", Resending::TryLater),
    ] {
        assert_eq!(resent(Script::new().found(status)).await, expected, "{status}");
    }
    let nobody = Script::new().not_found().filtered("profile.login", &[]);
    assert_eq!(resent(nobody).await, Resending::NotFound);
}

#[tokio::test]
async fn an_account_that_was_activated_meanwhile_is_read_again() {
    // It is not known which code Okta has for it.
    for (status, code) in [(403, "E0000038"), (400, "E0000001"), (403, "E0000016")] {
        let script = Script::new().found("PROVISIONED").error(REACTIVATE, status, code);
        let script = script.json(BY_ID, 200, user("jo@nhs.net", "ACTIVE"));
        assert_eq!(resent(script).await, Resending::AlreadyActive, "{code}");
    }
}

#[tokio::test]
async fn an_account_that_says_it_waits_and_is_told_it_does_not_is_a_conflict() {
    let script = Script::new().found("PROVISIONED").error(REACTIVATE, 403, "E0000038");
    let play = script.json(BY_ID, 200, user("jo@nhs.net", "PROVISIONED")).play().await;
    let error = play.okta.resend(&jo()).await.unwrap_err();
    assert_eq!(error.kind(), &OktaErrorKind::Conflict);
    play.over();
}

#[tokio::test]
async fn without_an_answer_it_is_unknown_and_asked_once() {
    for silence in [Act::Silence, Act::HangUp, Act::Answer(500, String::new())] {
        let found = Act::Answer(200, user("jo@nhs.net", "PROVISIONED").to_string());
        let wire = Wire::start(vec![found, silence]).await;
        let settings = settings(&wire.uri, &FakeTime::default());
        let okta = Okta::new(settings.attempt_limit(Duration::from_millis(1500))).unwrap();
        let error = okta.resend(&jo()).await.unwrap_err();
        assert_eq!(error.kind(), &OktaErrorKind::Unknown);
        assert_eq!(wire.heads().len(), 2);
        // Tried again by a program it would be an email each time.
        assert!(!PortError::from(error).is_retryable());
    }
}

#[tokio::test]
async fn a_yes_that_is_none_of_oktas_is_unknown() {
    for answer in [
        ResponseTemplate::new(202).set_body_json(json!({})),
        ResponseTemplate::new(200).set_body_raw("<html>", "text/html"),
        ResponseTemplate::new(200),
        ResponseTemplate::new(403).set_body_raw("<html>", "text/html"),
    ] {
        let play = Script::new().found("PROVISIONED").then(REACTIVATE, answer).play().await;
        let error = play.okta.resend(&jo()).await.unwrap_err();
        assert_eq!(error.kind(), &OktaErrorKind::Unknown);
        play.over();
    }
}

#[tokio::test]
async fn an_account_still_being_activated_may_be_tried_again_in_minutes() {
    let script = Script::new().found("STAGED").error(ACTIVATE, 409, "E0000112");
    let play = script.play().await;
    let error = play.okta.resend_activation(&jo()).await.unwrap_err();
    assert!(error.is_retryable(), "{error}");
    play.over();
    let play = Script::new().found("FOO").play().await;
    assert!(play.okta.resend_activation(&jo()).await.unwrap_err().is_retryable());
    play.over();
}
