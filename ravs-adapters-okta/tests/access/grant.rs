//! Granting access by itself.

use ravs_adapters_okta::OktaErrorKind;
use serde_json::json;

use wiremock::ResponseTemplate;

use crate::support::people::{GROUP, ID, jo};
use crate::support::script::{CHECK, JOIN, LEAVE, Script};

#[tokio::test]
async fn an_account_is_let_in_twice_with_the_same_outcome() {
    let play = Script::new().found("ACTIVE").joined().found("ACTIVE").joined().play().await;
    for _ in 0..2 {
        assert_eq!(play.okta.grant(&jo()).await.unwrap().id().as_str(), ID);
    }
    play.over();
}

#[tokio::test]
async fn nobody_without_an_account_is_let_in() {
    let play = Script::new().not_found().filtered("profile.login", &[]).play().await;
    let error = play.okta.grant(&jo()).await.unwrap_err();
    assert_eq!(error.kind(), &OktaErrorKind::NotFound);
    play.over();
}

#[tokio::test]
async fn a_deprovisioned_account_is_not_let_in() {
    let play = Script::new().found("DEPROVISIONED").play().await;
    let error = play.okta.grant(&jo()).await.unwrap_err();
    assert_eq!(error.kind(), &OktaErrorKind::AccountDeactivated);
    play.over();
}

#[tokio::test]
async fn a_group_that_is_missing_is_told_from_an_account_that_is() {
    let missing = Script::new().found("ACTIVE").error(JOIN, 404, "E0000007");
    let play = missing.error(CHECK, 404, "E0000007").play().await;
    let error = play.okta.grant(&jo()).await.unwrap_err();
    assert_eq!(error.kind(), &OktaErrorKind::Config);
    assert!(error.to_string().contains(GROUP), "{error}");
    play.over();
    let gone = Script::new().found("ACTIVE").error(JOIN, 404, "E0000007");
    let play = gone.json(CHECK, 200, json!({ "type": "OKTA_GROUP" })).play().await;
    let error = play.okta.grant(&jo()).await.unwrap_err();
    assert_eq!(error.kind(), &OktaErrorKind::NotFound);
    play.over();
}

#[tokio::test]
async fn a_yes_that_is_none_of_oktas_lets_nobody_in_or_out() {
    for answer in [
        ResponseTemplate::new(200).set_body_raw("<html>", "text/html"),
        ResponseTemplate::new(202),
        ResponseTemplate::new(200).set_body_json(json!({})),
    ] {
        let script = Script::new().found("ACTIVE").then(JOIN, answer.clone());
        let play = script.found("ACTIVE").then(LEAVE, answer).play().await;
        let error = play.okta.grant(&jo()).await.unwrap_err();
        assert_eq!(error.kind(), &OktaErrorKind::Protocol);
        let error = play.okta.withdraw(&jo()).await.unwrap_err();
        assert_eq!(error.kind(), &OktaErrorKind::Protocol);
        play.over();
    }
}
