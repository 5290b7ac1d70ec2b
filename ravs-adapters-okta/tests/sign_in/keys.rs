//! Keys are kept, asked for anew when one is unknown, and used while Okta is away.

use std::time::Duration;

use ravs_adapters_okta::{OktaErrorKind, Remedy, SignInError, TokenRefused};
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::scene::{Scene, scene};
use crate::signing::key;

const KEYS: &str = "/oauth2/v1/keys";

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// The tenant signs with its second key, and shows these.
fn rotate(scene: &Scene, shown: &[usize]) {
    let mut state = scene.tenant.set();
    state.signs_with = key(1);
    state.keys = shown.iter().map(|which| key(*which).public()).collect();
}

async fn is_unknown(scene: &Scene) -> bool {
    match scene.sign_in().await {
        Ok(_) => false,
        Err(SignInError::Token(TokenRefused::UnknownKey)) => true,
        Err(other) => panic!("{other:?}"),
    }
}

// unknown kid: JWKS has it after refetch
#[tokio::test]
async fn an_unknown_key_is_asked_for_once_and_accepted() {
    let scene = scene().await;
    scene.sign_in().await.unwrap();
    assert_eq!(scene.tenant.asked("/keys").await, 1);
    rotate(&scene, &[0, 1]);
    scene.sign_in().await.unwrap();
    assert_eq!(scene.tenant.asked("/keys").await, 2);
    scene.sign_in().await.unwrap();
    // Both are good meanwhile.
    scene.tenant.set().signs_with = key(0);
    scene.sign_in().await.unwrap();
    assert_eq!(scene.tenant.asked("/keys").await, 2);
}

// unknown kid, also where the very first keys lack it
#[tokio::test]
async fn an_unknown_key_is_asked_for_by_the_first_sign_in_too() {
    let scene = scene().await;
    let old = ResponseTemplate::new(200).set_body_json(json!({"keys": [key(0).public()]}));
    scene.tenant.script(KEYS, old);
    rotate(&scene, &[1]);
    scene.sign_in().await.unwrap();
    assert_eq!(scene.tenant.asked("/keys").await, 2);
}

#[tokio::test]
async fn keys_that_nobody_has_are_asked_for_once_a_minute() {
    let scene = scene().await;
    scene.sign_in().await.unwrap();
    rotate(&scene, &[0]);
    assert!(is_unknown(&scene).await);
    assert_eq!(scene.tenant.asked("/keys").await, 2);
    for passes in [0, 30, 29] {
        scene.time.pass(seconds(passes));
        assert!(is_unknown(&scene).await);
    }
    assert_eq!(scene.tenant.asked("/keys").await, 2, "59 seconds have passed");
    rotate(&scene, &[0, 1]);
    scene.time.pass(seconds(1));
    assert!(!is_unknown(&scene).await);
    assert_eq!(scene.tenant.asked("/keys").await, 3);
}

#[tokio::test]
async fn keys_are_kept_for_as_long_as_okta_says_within_bounds() {
    for (says, kept_for) in [
        ("max-age=7200, must-revalidate", 7200),
        ("max-age=3832304", 86_400),
        ("max-age=0", 300),
        ("no-store", 300),
    ] {
        let scene = scene().await;
        scene.tenant.set().cache_control = says;
        scene.sign_in().await.unwrap();
        scene.time.pass(seconds(kept_for - 1));
        scene.sign_in().await.unwrap();
        assert_eq!(scene.tenant.asked("/keys").await, 1, "{says}");
        scene.time.pass(seconds(1));
        scene.sign_in().await.unwrap();
        assert_eq!(scene.tenant.asked("/keys").await, 2, "{says}");
    }
}

#[tokio::test]
async fn a_key_that_is_taken_away_is_forgotten() {
    let scene = scene().await;
    scene.sign_in().await.unwrap();
    scene.tenant.set().keys = vec![key(1).public()];
    scene.time.pass(seconds(3600));
    assert!(is_unknown(&scene).await);
}

// stale keys served when the refetch fails
#[tokio::test]
async fn old_keys_are_used_while_okta_does_not_show_new_ones() {
    for spoilt in [
        ResponseTemplate::new(404),
        ResponseTemplate::new(200).set_body_string("<html>"),
        ResponseTemplate::new(200).set_body_json(json!({"keys": []})),
        ResponseTemplate::new(200).set_body_json(json!({"keys": "none"})),
    ] {
        let scene = scene().await;
        scene.sign_in().await.unwrap();
        scene.time.pass(seconds(3600));
        scene.tenant.script(KEYS, spoilt.clone());
        scene.sign_in().await.unwrap();
        assert_eq!(scene.tenant.asked("/keys").await, 2);
        // Not asked for again at once.
        scene.time.pass(seconds(59));
        scene.sign_in().await.unwrap();
        assert_eq!(scene.tenant.asked("/keys").await, 2);
        scene.time.pass(seconds(1));
        scene.sign_in().await.unwrap();
        assert_eq!(scene.tenant.asked("/keys").await, 3);
    }
}

#[tokio::test]
async fn old_keys_are_not_used_for_ever() {
    let scene = scene().await;
    scene.sign_in().await.unwrap();
    let week = 7 * 24 * 3600;
    for (passes, good) in [(3600 + week - 1, true), (1, false)] {
        scene.time.pass(seconds(passes));
        scene.tenant.script(KEYS, ResponseTemplate::new(404));
        assert_eq!(scene.sign_in().await.is_ok(), good);
    }
}

#[tokio::test]
async fn without_any_keys_it_is_okta_that_failed_and_not_the_token() {
    let scene = scene().await;
    for _ in 0..4 {
        scene.tenant.script(KEYS, ResponseTemplate::new(503));
    }
    let error = scene.sign_in().await.unwrap_err();
    let SignInError::Okta(source) = &error else { panic!("{error:?}") };
    assert_eq!(source.kind(), &OktaErrorKind::Unavailable);
    assert_eq!(error.remedy(), Remedy::TryLater);
    scene.sign_in().await.unwrap();
}

#[tokio::test]
async fn a_renewal_that_fails_says_so() {
    let scene = scene().await;
    scene.sign_in().await.unwrap();
    rotate(&scene, &[0, 1]);
    for _ in 0..4 {
        scene.tenant.script(KEYS, ResponseTemplate::new(500));
    }
    let error = scene.sign_in().await.unwrap_err();
    assert_eq!(error.remedy(), Remedy::TryLater, "{error:?}");
    let asked = scene.tenant.asked("/keys").await;
    // For some seconds it is not asked for again, and it is still Okta that failed.
    let error = scene.sign_in().await.unwrap_err();
    assert_eq!(error.remedy(), Remedy::TryLater, "{error:?}");
    assert_eq!(scene.tenant.asked("/keys").await, asked);
    scene.time.pass(seconds(10));
    scene.sign_in().await.unwrap();
}

#[tokio::test]
async fn a_renewal_that_nobody_waited_for_does_not_count() {
    let scene = std::sync::Arc::new(scene().await);
    scene.sign_in().await.unwrap();
    rotate(&scene, &[0, 1]);
    // Longer than any test takes; nobody waits for it.
    let slow = ResponseTemplate::new(200).set_delay(seconds(600));
    scene.tenant.script(KEYS, slow);
    let asking = tokio::spawn({
        let scene = std::sync::Arc::clone(&scene);
        async move { scene.sign_in().await.map(drop) }
    });
    while scene.tenant.asked("/keys").await < 2 {
        tokio::task::yield_now().await;
    }
    asking.abort();
    assert!(asking.await.unwrap_err().is_cancelled());
    scene.sign_in().await.unwrap();
    assert_eq!(scene.tenant.asked("/keys").await, 3);
}

#[tokio::test]
async fn old_keys_do_where_new_ones_take_too_long() {
    for end in ["/.well-known/openid-configuration", KEYS] {
        let scene = scene().await;
        scene.sign_in().await.unwrap();
        scene.time.pass(seconds(3600));
        // By the clock each try takes longer than a quarter of the time that there is.
        scene.tenant.slow(end, seconds(6));
        scene.sign_in().await.unwrap();
        assert_eq!(scene.tenant.asked(end).await, 2, "{end}: tried once more, and no longer");
    }
}

#[tokio::test]
async fn keys_of_another_kind_are_left_out_and_the_others_stay_good() {
    let scene = scene().await;
    let with = |name: &str, value: serde_json::Value| {
        let mut key = key(0).public();
        key[name] = value;
        key
    };
    for useless in [
        with("use", json!("enc")),
        with("alg", json!("RS512")),
        with("kty", json!("EC")),
        with("kid", json!("")),
        with("kid", json!(7)),
        with("n", json!("not base64!")),
        with("e", json!(null)),
        json!("a text"),
        json!({}),
    ] {
        scene.tenant.set().keys = vec![useless.clone(), key(1).public()];
        scene.time.pass(seconds(86_400));
        assert!(is_unknown(&scene).await, "{useless}");
        scene.tenant.set().keys.push(key(0).public());
        scene.time.pass(seconds(86_400));
        scene.sign_in().await.unwrap();
    }
    // As little as a key can say of itself.
    scene.time.pass(seconds(86_400));
    let mut bare = key(0).public();
    bare.as_object_mut().unwrap().remove("use");
    bare.as_object_mut().unwrap().remove("alg");
    scene.tenant.set().keys = vec![bare];
    scene.sign_in().await.unwrap();
}
