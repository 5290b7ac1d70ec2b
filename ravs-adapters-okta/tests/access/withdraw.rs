//! Withdrawing access, and giving it back.

use ravs_adapters_okta::OktaErrorKind;
use ravs_core::Subject;
use serde_json::json;

use crate::support::people::{ID, jo};
use crate::support::script::{CHECK, LEAVE, Script};

#[tokio::test]
async fn a_member_leaves_and_nothing_else_is_called() {
    let play = Script::new().found("ACTIVE").status(LEAVE, 204).play().await;
    assert!(play.okta.withdraw(&jo()).await.unwrap().is_some());
    play.over();
}

#[tokio::test]
async fn who_is_no_member_leaves_twice() {
    let play = Script::new()
        .found("ACTIVE")
        .status(LEAVE, 204)
        .found("ACTIVE")
        .status(LEAVE, 204)
        .play()
        .await;
    for _ in 0..2 {
        play.okta.withdraw(&jo()).await.unwrap();
    }
    play.over();
}

#[tokio::test]
async fn access_that_is_given_back_is_of_the_same_account() {
    let play =
        Script::new().found("ACTIVE").status(LEAVE, 204).found("ACTIVE").joined().play().await;
    let before = play.okta.withdraw(&jo()).await.unwrap().unwrap();
    assert_eq!(play.okta.grant(&jo()).await.unwrap(), before);
    play.over();
}

#[tokio::test]
async fn a_suspended_or_deactivated_account_leaves_too() {
    for status in ["SUSPENDED", "DEPROVISIONED", "FOO"] {
        let play = Script::new().found(status).status(LEAVE, 204).play().await;
        play.okta.withdraw(&jo()).await.unwrap();
        play.over();
    }
}

#[tokio::test]
async fn nobody_is_withdrawn_without_a_write() {
    let play = Script::new().not_found().filtered("profile.login", &[]).play().await;
    assert_eq!(play.okta.withdraw(&jo()).await.unwrap(), None);
    play.over();
}

#[tokio::test]
async fn an_account_is_withdrawn_by_its_id() {
    let play = Script::new().status(LEAVE, 204).play().await;
    play.okta.withdraw_of(&Subject::new(ID).unwrap()).await.unwrap();
    play.over();
    for odd in ["me", "..", "00u1/../../users", ""] {
        let Ok(id) = Subject::new(odd) else { continue };
        let error = play.okta.withdraw_of(&id).await.unwrap_err();
        assert!(matches!(error.kind(), OktaErrorKind::Rejected { .. }), "{odd}");
    }
    play.over();
}

#[tokio::test]
async fn who_is_gone_has_no_access_unless_it_is_the_group_that_is_gone() {
    let id = Subject::new(ID).unwrap();
    let gone = Script::new().error(LEAVE, 404, "E0000007");
    let play = gone.json(CHECK, 200, json!({ "type": "OKTA_GROUP" })).play().await;
    play.okta.withdraw_of(&id).await.unwrap();
    play.over();
    let gone = Script::new().error(LEAVE, 404, "E0000007").error(CHECK, 404, "E0000007");
    let play = gone.play().await;
    let error = play.okta.withdraw_of(&id).await.unwrap_err();
    assert_eq!(error.kind(), &OktaErrorKind::Config);
    play.over();
}
