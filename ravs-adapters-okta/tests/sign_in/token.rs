//! What an ID token has to say, and each reason to refuse it.

use std::time::{Duration, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ravs_adapters_okta::{SignInError, TokenRefused};
use serde_json::{Value, json};

use crate::scene::{Scene, scene, scene_with};
use crate::signing::key;
use crate::tenant::CLIENT;

/// Why somebody is not signed in whose token claims this.
async fn refused(scene: &Scene, name: &'static str, value: impl Into<Value>) -> TokenRefused {
    let value = value.into();
    scene.tenant.claim(name, value.clone());
    match scene.sign_in().await {
        Err(SignInError::Token(refused)) => refused,
        other => panic!("{name} {value}: {other:?}"),
    }
}

async fn accepted(scene: &Scene, name: &'static str, value: impl Into<Value>) {
    let value = value.into();
    scene.tenant.claim(name, value.clone());
    scene.sign_in().await.unwrap_or_else(|error| panic!("{name} {value}: {error:?}"));
}

// wrong nonce
#[tokio::test]
async fn a_wrong_nonce() {
    let scene = scene().await;
    let other = scene.okta.begin().await.unwrap();
    let others = serde_json::to_value(&other.pending).unwrap()["nonce"].clone();
    for nonce in [others, json!(""), Value::Null] {
        assert_eq!(refused(&scene, "nonce", nonce).await, TokenRefused::Nonce);
    }
}

// wrong aud, aud list without azp
#[tokio::test]
async fn a_wrong_audience() {
    let scene = scene().await;
    for aud in [json!("0oa2other"), json!(["0oa2other"]), json!([]), json!(""), Value::Null] {
        assert_eq!(refused(&scene, "aud", aud).await, TokenRefused::Audience);
    }
    let both = json!([CLIENT, "0oa2other"]);
    assert_eq!(refused(&scene, "aud", both).await, TokenRefused::AuthorisedParty);
    accepted(&scene, "aud", json!([CLIENT])).await;
    assert_eq!(refused(&scene, "azp", "0oa2other").await, TokenRefused::AuthorisedParty);
    accepted(&scene, "azp", CLIENT).await;
    scene.tenant.edit(|token| {
        token.claims["aud"] = json!(["0oa2other", CLIENT]);
        token.claims["azp"] = json!(CLIENT);
    });
    scene.sign_in().await.unwrap();
}

// wrong iss, trailing slash on iss
#[tokio::test]
async fn a_wrong_issuer() {
    let scene = scene().await;
    let issuer = scene.tenant.issuer();
    for iss in [
        json!("https://evil.example"),
        json!(format!("{issuer}/")),
        json!(format!("{issuer}/oauth2/default")),
        json!(issuer.to_uppercase()),
        json!(""),
        Value::Null,
    ] {
        assert_eq!(refused(&scene, "iss", iss).await, TokenRefused::Issuer);
    }
}

// expired by 61 s; exp 30 s ago is accepted
#[tokio::test]
async fn an_expiry_of_more_than_a_minute_ago() {
    let scene = scene().await;
    let now = scene.tenant.seconds();
    for exp in [now - 61, now - 3600, 0] {
        assert_eq!(refused(&scene, "exp", exp).await, TokenRefused::Expired);
    }
    for exp in [now - 60, now - 30, now, u64::MAX] {
        accepted(&scene, "exp", exp).await;
    }
    assert_eq!(refused(&scene, "exp", Value::Null).await, TokenRefused::NoTimes);
}

// iat 10 min ahead; iat 30 s ahead is accepted
#[tokio::test]
async fn an_issue_of_more_than_a_minute_ahead() {
    let scene = scene().await;
    let now = scene.tenant.seconds();
    for name in ["iat", "nbf", "auth_time"] {
        for time in [now + 600, now + 61, u64::MAX] {
            assert_eq!(refused(&scene, name, time).await, TokenRefused::NotYetValid, "{name}");
        }
        for time in [now + 60, now + 30, now, now - 600] {
            accepted(&scene, name, time).await;
        }
    }
    assert_eq!(refused(&scene, "iat", Value::Null).await, TokenRefused::NoTimes);
    accepted(&scene, "nbf", Value::Null).await;
    accepted(&scene, "auth_time", Value::Null).await;
}

// no sub
#[tokio::test]
async fn no_subject() {
    let scene = scene().await;
    for sub in [Value::Null, json!(""), json!("a".repeat(256)), json!("a\0b")] {
        assert_eq!(refused(&scene, "sub", sub).await, TokenRefused::NoSubject);
    }
}

#[tokio::test]
async fn a_claim_of_another_kind() {
    let scene = scene().await;
    for (name, value) in [
        ("iss", json!(["a"])),
        ("aud", json!({"a": 1})),
        ("aud", json!([CLIENT, 7])),
        ("exp", json!("4000000000")),
        ("exp", json!(-1)),
        ("iat", json!(true)),
        ("nonce", json!(7)),
        ("sub", json!(7)),
        ("email", json!(["jo@nhs.example"])),
        ("email_verified", json!("true")),
    ] {
        assert_eq!(refused(&scene, name, value).await, TokenRefused::Malformed, "{name}");
    }
}

#[tokio::test]
async fn when_somebody_showed_who_they_are_where_that_was_asked() {
    let asks = scene_with(|settings| settings.max_age(Duration::from_secs(300))).await;
    let now = asks.tenant.seconds();
    let old = TokenRefused::AuthenticationTooOld;
    assert_eq!(refused(&asks, "auth_time", now - 361).await, old);
    let none = TokenRefused::NoAuthenticationTime;
    assert_eq!(refused(&asks, "auth_time", Value::Null).await, none);
    accepted(&asks, "auth_time", now - 360).await;
    let signed_in = asks.sign_in().await.unwrap();
    assert_eq!(signed_in.authenticated_at, Some(UNIX_EPOCH + Duration::from_secs(now - 360)));
}

#[tokio::test]
async fn an_algorithm_is_not_for_a_token_to_choose() {
    let scene = scene().await;
    for alg in ["none", "None", "HS256", "RS384", "RS512", "PS256", "ES256", "rs256", ""] {
        scene.tenant.edit(move |token| token.header["alg"] = json!(alg));
        let error = scene.sign_in().await.unwrap_err();
        assert!(matches!(error, SignInError::Token(TokenRefused::Algorithm)), "{alg}: {error:?}");
    }
    scene.tenant.edit(|_| {});
    // Said to be RS256, signed otherwise: with what a public key can sign, too.
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256","kid":"first"}"#);
    let hmac = |text: &str| {
        let secret = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, key(0).public_der());
        URL_SAFE_NO_PAD.encode(aws_lc_rs::hmac::sign(&secret, text.as_bytes()))
    };
    let ways: [fn(&str) -> String; 3] =
        [|text| key(0).sign_384(text), |text| key(1).sign(text), |_| String::new()];
    for sign in ways.into_iter().chain([hmac as fn(&str) -> String]) {
        let header = header.clone();
        scene.tenant.set().spoil = Box::new(move |token| {
            let payload = token.split('.').nth(1).unwrap();
            let text = format!("{header}.{payload}");
            let signature = sign(&text);
            format!("{text}.{signature}")
        });
        let error = scene.sign_in().await.unwrap_err();
        assert!(matches!(error, SignInError::Token(TokenRefused::Signature)), "{error:?}");
    }
}

#[tokio::test]
async fn what_is_not_written_as_a_token() {
    let scene = scene().await;
    for token in ["", ".", "..", "a", "a.b", "a.b.c", "e30.e30.e30.e30", "e30.e30.", "é.é.é"] {
        scene.tenant.set().spoil = Box::new(move |_| token.to_owned());
        let error = scene.sign_in().await.unwrap_err();
        assert!(matches!(error, SignInError::Token(_)), "{token}: {error:?}");
    }
    scene.tenant.set().spoil = Box::new(|token| token + &"A".repeat(64 * 1024));
    let error = scene.sign_in().await.unwrap_err();
    assert!(matches!(error, SignInError::Token(TokenRefused::Malformed)), "{error:?}");
    scene.tenant.set().spoil = Box::new(|token| token);
    for (name, value, reason) in [
        ("kid", Value::Null, TokenRefused::NoKeyId),
        ("kid", json!(""), TokenRefused::NoKeyId),
        ("crit", json!(["exp"]), TokenRefused::Critical),
    ] {
        scene.tenant.edit(move |token| token.header[name] = value.clone());
        let error = scene.sign_in().await.unwrap_err();
        assert!(matches!(error, SignInError::Token(why) if why == reason), "{name}: {error:?}");
    }
}
