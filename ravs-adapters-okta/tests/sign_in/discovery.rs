//! Whoever answers has to be the issuer of the settings.

use std::time::Duration;

use ravs_adapters_okta::{OktaErrorKind, Remedy, SignInError};
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::scene::{Scene, scene};

const DISCOVERY: &str = "/.well-known/openid-configuration";

async fn is_config(scene: &Scene) -> String {
    let error = scene.okta.begin().await.unwrap_err();
    assert_eq!(error.kind(), &OktaErrorKind::Config, "{error:?}");
    error.to_string()
}

// discovery issuer differs from configured issuer
#[tokio::test]
async fn another_issuer_is_a_fault_of_the_settings() {
    for other in ["https://evil.example", "", "{issuer}/", "{issuer}/oauth2/default"] {
        let scene = scene().await;
        let issuer = scene.tenant.issuer();
        let other = other.replace("{issuer}", &issuer);
        scene.tenant.set().metadata = json!({"issuer": other});
        assert!(is_config(&scene).await.contains("another issuer"));
        assert!(scene.okta.check().await.is_err());
    }
}

#[tokio::test]
async fn endpoints_are_at_the_issuers_origin() {
    for name in ["authorization_endpoint", "token_endpoint", "jwks_uri"] {
        for elsewhere in [
            "https://evil.example/oauth2/v1/x",
            "http://evil.example/oauth2/v1/x",
            "http://127.0.0.1:1/oauth2/v1/x",
            "//evil.example/x",
            "/oauth2/v1/x",
            "javascript:alert(1)",
            "",
        ] {
            let scene = scene().await;
            scene.tenant.set().metadata = json!({name: elsewhere});
            is_config(&scene).await;
            assert_eq!(scene.tenant.paths().await, [DISCOVERY], "nothing else is asked");
        }
        let scene = scene().await;
        let named = scene.tenant.origin().replace("http://", "http://jo:pw@");
        scene.tenant.set().metadata = json!({name: format!("{named}/x")});
        is_config(&scene).await;
    }
}

#[tokio::test]
async fn an_issuer_that_cannot_do_this_is_a_fault_of_the_settings() {
    for (name, list) in [
        ("response_types_supported", json!(["id_token"])),
        ("code_challenge_methods_supported", json!(["plain"])),
        ("id_token_signing_alg_values_supported", json!(["ES256"])),
        ("token_endpoint_auth_methods_supported", json!(["private_key_jwt"])),
    ] {
        let scene = scene().await;
        scene.tenant.set().metadata = json!({name: list});
        is_config(&scene).await;
        scene.tenant.set().metadata = json!({name: null});
        assert!(scene.okta.begin().await.is_ok());
    }
}

#[tokio::test]
async fn an_issuer_that_nobody_knows_is_a_fault_of_the_settings() {
    let scene = scene().await;
    scene.tenant.script(DISCOVERY, ResponseTemplate::new(404));
    is_config(&scene).await;
}

#[tokio::test]
async fn what_was_discovered_is_kept_and_used_while_okta_does_not_tell() {
    let scene = scene().await;
    scene.sign_in().await.unwrap();
    scene.time.pass(Duration::from_secs(3599));
    assert!(scene.okta.begin().await.is_ok());
    assert_eq!(scene.tenant.asked(DISCOVERY).await, 1);
    scene.time.pass(Duration::from_secs(1));
    scene.tenant.script(DISCOVERY, ResponseTemplate::new(302));
    assert!(scene.okta.begin().await.is_ok());
    assert_eq!(scene.tenant.asked(DISCOVERY).await, 2);
    scene.time.pass(Duration::from_secs(60));
    assert!(scene.okta.begin().await.is_ok());
    assert_eq!(scene.tenant.asked(DISCOVERY).await, 3);
}

#[tokio::test]
async fn without_it_nobody_signs_in_until_okta_is_back() {
    let scene = scene().await;
    let begun = scene.okta.begin().await.unwrap();
    let callback = scene.tenant.person_signs_in(&begun.url);
    let later = self::scene().await;
    // Asked four times, and then it is given up.
    for _ in 0..4 {
        later.tenant.script(DISCOVERY, ResponseTemplate::new(503));
    }
    let error = later.okta.begin().await.unwrap_err();
    assert_eq!(error.kind(), &OktaErrorKind::Unavailable);
    assert_eq!(SignInError::from(error).remedy(), Remedy::TryLater);
    assert!(later.okta.begin().await.is_ok());
    assert!(scene.okta.finish(begun.pending, &callback).await.is_ok());
}
