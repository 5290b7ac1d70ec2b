//! A code is exchanged once, whatever becomes of it.

use ravs_adapters_okta::{OktaErrorKind, Remedy, SignInError, TokenRefused};
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::scene::scene;

const TOKEN: &str = "/oauth2/v1/token";

// code reused / wrong verifier
#[tokio::test]
async fn a_code_that_was_used_is_sign_in_failed_without_a_retry() {
    let scene = scene().await;
    let first = scene.okta.begin().await.unwrap();
    let used = scene.tenant.person_signs_in(&first.url);
    scene.okta.finish(first.pending, &used).await.unwrap();
    let code = used.split('&').find(|pair| pair.starts_with("code=")).unwrap();
    let begun = scene.okta.begin().await.unwrap();
    let kept = serde_json::to_value(&begun.pending).unwrap();
    let callback = format!("{code}&state={}", kept["state"].as_str().unwrap());
    let error = scene.okta.finish(begun.pending, &callback).await.unwrap_err();
    let SignInError::SignInFailed { source } = &error else { panic!("{error:?}") };
    assert_eq!((source.status(), source.error_code()), (Some(400), Some("invalid_grant")));
    assert_eq!(error.remedy(), Remedy::StartAgain);
    assert_eq!(scene.tenant.asked("/token").await, 2);
}

// code reused / wrong verifier
#[tokio::test]
async fn a_wrong_verifier_is_sign_in_failed_without_a_retry() {
    let scene = scene().await;
    let [one, other] = [scene.okta.begin().await.unwrap(), scene.okta.begin().await.unwrap()];
    let callback = scene.tenant.person_signs_in(&one.url);
    // The verifier of another sign-in, under this one's state.
    let mut kept = serde_json::to_value(&one.pending).unwrap();
    kept["verifier"] = serde_json::to_value(&other.pending).unwrap()["verifier"].clone();
    let pending = serde_json::from_value(kept).unwrap();
    let error = scene.okta.finish(pending, &callback).await.unwrap_err();
    assert!(matches!(error, SignInError::SignInFailed { .. }), "{error:?}");
    assert_eq!(scene.tenant.asked("/token").await, 1);
}

#[tokio::test]
async fn every_other_answer_is_not_repeated_either() {
    let limited = json!({"error": "invalid_grant", "error_description": "user_rate_limited"});
    let client = json!({"error": "invalid_client", "error_description": "The jti is used."});
    for (answer, kind) in [
        // Its status says what it is, not its body.
        (
            ResponseTemplate::new(429).set_body_json(limited),
            OktaErrorKind::RateLimited { retry_after: None },
        ),
        (ResponseTemplate::new(401).set_body_json(client), OktaErrorKind::AuthFailed),
        (ResponseTemplate::new(500), OktaErrorKind::Unavailable),
        (ResponseTemplate::new(503).set_body_string("<html>"), OktaErrorKind::Unavailable),
        (
            ResponseTemplate::new(302).insert_header("location", "https://evil.example/"),
            OktaErrorKind::Protocol,
        ),
        (ResponseTemplate::new(200).set_body_string("<html>"), OktaErrorKind::Protocol),
        (
            ResponseTemplate::new(200).set_body_raw("{\"id_token\":", "application/json"),
            OktaErrorKind::Protocol,
        ),
    ] {
        let scene = scene().await;
        scene.tenant.script(TOKEN, answer);
        let error = scene.sign_in().await.unwrap_err();
        let SignInError::Okta(error) = error else { panic!("{error:?}") };
        assert_eq!(error.kind(), &kind);
        assert_eq!(scene.tenant.asked("/token").await, 1, "{kind:?}");
    }
}

#[tokio::test]
async fn an_access_token_alone_is_no_sign_in() {
    let scene = scene().await;
    let body = json!({"token_type": "Bearer", "access_token": "a.b.c", "expires_in": 3600});
    scene.tenant.script(TOKEN, ResponseTemplate::new(200).set_body_json(body));
    let error = scene.sign_in().await.unwrap_err();
    assert!(matches!(error, SignInError::Token(TokenRefused::Missing)), "{error:?}");
}
