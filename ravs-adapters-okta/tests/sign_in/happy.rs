//! Somebody signs in.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ravs_adapters_okta::{ClientAuthentication, OktaSignIn};
use ravs_core::{EmailAddress, Subject};
use serde_json::Value;
use url::Url;

use crate::scene::{scene, scene_with, settings};
use crate::tenant::{EMAIL, PERSON, REDIRECT, Tenant};
use crate::time::Time;

// sign-in happy path
#[tokio::test]
async fn the_subject_is_oktas_id_and_every_secret_is_fresh_and_of_256_bits() {
    let scene = scene().await;
    let mut seen = BTreeSet::new();
    for _ in 0..3 {
        let begun = scene.okta.begin().await.unwrap();
        let url: Url = begun.url.parse().unwrap();
        let said = |name: &str| {
            url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
        };
        let kept = serde_json::to_value(&begun.pending).unwrap();
        let verifier = kept["verifier"].as_str().unwrap().to_owned();
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
        assert_eq!(said("code_challenge"), Some(challenge));
        assert_eq!(said("code_challenge_method").as_deref(), Some("S256"));
        assert_eq!(said("code_verifier"), None);
        for secret in [said("state").unwrap(), said("nonce").unwrap(), verifier] {
            assert!(URL_SAFE_NO_PAD.decode(&secret).unwrap().len() * 8 >= 256);
            assert!(seen.insert(secret), "one that was there before");
        }
        let callback = scene.tenant.person_signs_in(&begun.url);
        let signed_in = scene.okta.finish(begun.pending, &callback).await.unwrap();
        assert_eq!(signed_in.identity.subject, Subject::new(PERSON).unwrap());
        assert_eq!(signed_in.identity.email, Some(EMAIL.parse::<EmailAddress>().unwrap()));
        let at = UNIX_EPOCH + Duration::from_secs(scene.time.seconds() - 5);
        assert_eq!(signed_in.authenticated_at, Some(at));
    }
    // Once each for all three: what is kept is used.
    assert_eq!(scene.tenant.asked("/openid-configuration").await, 1);
    assert_eq!(scene.tenant.asked("/keys").await, 1);
    let exchanges = scene.tenant.exchanges().await;
    assert_eq!(exchanges.len(), 3);
    assert_eq!(exchanges[0].form["redirect_uri"], REDIRECT);
    // Nothing else is asked, so that the access token cannot have been used.
    assert_eq!(scene.tenant.paths().await.len(), 5);
}

#[tokio::test]
async fn a_custom_authorisation_server_is_an_issuer_of_its_own() {
    let time = Time::default();
    let tenant = Tenant::start(&time).await;
    tenant.set().path = "/oauth2/ravs";
    let settings = settings(&tenant, &time, ClientAuthentication::public());
    let okta = OktaSignIn::new(settings).unwrap();
    okta.check().await.unwrap();
    let begun = okta.begin().await.unwrap();
    let callback = tenant.person_signs_in(&begun.url);
    assert!(okta.finish(begun.pending, &callback).await.is_ok());
    assert_eq!(tenant.asked("/oauth2/ravs/v1/token").await, 1);
}

#[tokio::test]
async fn a_check_asks_for_what_a_sign_in_needs() {
    let scene = scene().await;
    scene.okta.check().await.unwrap();
    scene.sign_in().await.unwrap();
    let mut paths = scene.tenant.paths().await;
    paths.sort();
    let expected = ["/.well-known/openid-configuration", "/oauth2/v1/keys", "/oauth2/v1/token"];
    assert_eq!(paths, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_at_once_ask_for_each_document_once() {
    let scene = Arc::new(scene().await);
    let people: Vec<_> = (0..50)
        .map(|_| {
            let scene = Arc::clone(&scene);
            tokio::spawn(async move { scene.sign_in().await.is_ok() })
        })
        .collect();
    for person in people {
        assert!(person.await.unwrap());
    }
    assert_eq!(scene.tenant.asked("/openid-configuration").await, 1);
    assert_eq!(scene.tenant.asked("/keys").await, 1);
    assert_eq!(scene.tenant.asked("/token").await, 50);
}

#[tokio::test]
async fn a_greatest_age_is_asked_for() {
    let scene = scene_with(|settings| settings.max_age(Duration::from_millis(600_900))).await;
    let begun = scene.okta.begin().await.unwrap();
    assert!(begun.url.contains("&max_age=600"), "{}", begun.url);
}

// What is kept by a host and comes back is the same sign-in.
#[tokio::test]
async fn what_was_kept_finishes() {
    let scene = scene().await;
    let begun = scene.okta.begin().await.unwrap();
    let kept: Value = serde_json::to_value(&begun.pending).unwrap();
    let callback = scene.tenant.person_signs_in(&begun.url);
    let pending = serde_json::from_value(kept).unwrap();
    assert!(scene.okta.finish(pending, &format!("?{callback}")).await.is_ok());
}
