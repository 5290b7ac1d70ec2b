//! How a host shows that it is the app, and what settings are refused.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ravs_adapters_okta::{
    ClientAuthentication, ClientKey, OktaErrorKind, OktaSignIn, Pace, SignInSettings,
};
use serde_json::Value;

use crate::scene::settings;
use crate::signing::key;
use crate::tenant::{CLIENT, Exchange, REDIRECT, Tenant};
use crate::time::Time;

/// Two sign-ins by a client that shows itself so.
async fn exchanges(client: ClientAuthentication) -> (Tenant, Vec<Exchange>) {
    let time = Time::default();
    let tenant = Tenant::start(&time).await;
    let okta = OktaSignIn::new(settings(&tenant, &time, client)).unwrap();
    for _ in 0..2 {
        let begun = okta.begin().await.unwrap();
        let callback = tenant.person_signs_in(&begun.url);
        okta.finish(begun.pending, &callback).await.unwrap();
    }
    let exchanges = tenant.exchanges().await;
    (tenant, exchanges)
}

#[tokio::test]
async fn a_public_client_shows_its_id_and_its_verifier() {
    let (_tenant, exchanges) = exchanges(ClientAuthentication::public()).await;
    for Exchange { form, authorisation } in exchanges {
        assert_eq!(authorisation, None);
        assert_eq!(form["client_id"], CLIENT);
        let names: Vec<_> = form.keys().map(String::as_str).collect();
        let expected = ["client_id", "code", "code_verifier", "grant_type", "redirect_uri"];
        assert_eq!(names, expected);
    }
}

#[tokio::test]
async fn a_secret_is_shown_in_a_header() {
    let secret = ClientAuthentication::secret("s3cret+/:=".to_owned().into());
    let (_tenant, exchanges) = exchanges(secret).await;
    for Exchange { form, authorisation } in exchanges {
        let expected = STANDARD.encode(format!("{CLIENT}:s3cret%2B%2F%3A%3D"));
        assert_eq!(authorisation, Some(format!("Basic {expected}")));
        assert!(!form.contains_key("client_id") && !form.contains_key("client_secret"));
    }
}

#[tokio::test]
async fn a_key_signs_for_this_one_call() {
    let private = ClientKey::from_pem("clients", &key(2).pem().into()).unwrap();
    let (tenant, exchanges) = exchanges(ClientAuthentication::key(private)).await;
    let mut ids = BTreeSet::new();
    for Exchange { form, authorisation } in exchanges {
        assert_eq!(authorisation, None);
        let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        assert_eq!(form["client_assertion_type"], kind);
        let assertion = &form["client_assertion"];
        assert!(key(2).has_signed(assertion));
        let claims = assertion.split('.').nth(1).unwrap();
        let claims: Value =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
        assert_eq!((&claims["iss"], &claims["sub"]), (&CLIENT.into(), &CLIENT.into()));
        assert_eq!(claims["aud"], format!("{}/oauth2/v1/token", tenant.origin()));
        let now = tenant.seconds();
        assert!((now + 1..=now + 300).contains(&claims["exp"].as_u64().unwrap()));
        assert!(ids.insert(claims["jti"].as_str().unwrap().to_owned()));
    }
}

#[test]
fn every_fault_of_the_settings_is_said_at_once() {
    let none = ClientAuthentication::secret(String::new().into());
    let settings = SignInSettings::new("http://okta.example", "a b", "http://ravs.example", none)
        .complete_within(Duration::ZERO);
    let error = OktaSignIn::new(settings).unwrap_err();
    assert_eq!(error.kind(), &OktaErrorKind::Config);
    let said = error.to_string();
    for fault in ["the issuer: use `https`", "client id", "redirect URL", "secret", "one minute"] {
        assert!(said.contains(fault), "{fault}: {said}");
    }
}

#[test]
fn settings_without_a_fault_ask_nothing_of_okta() {
    let pace = Arc::new(Time::default()) as Arc<dyn Pace>;
    let issuer = "http://127.0.0.1:1/oauth2/ravs";
    let settings = SignInSettings::new(issuer, CLIENT, REDIRECT, ClientAuthentication::public());
    assert!(OktaSignIn::new(settings.pace(pace)).is_ok());
}
