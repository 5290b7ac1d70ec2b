//! Granting access by itself.

use ravs_adapters_okta::OktaErrorKind;
use serde_json::json;

use crate::support::people::{GROUP, ID, jo};
use crate::support::script::{CHECK, JOIN, Script};

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
