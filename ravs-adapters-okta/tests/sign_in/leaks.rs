//! Nothing that a program may print holds what is secret, or whom it is about.

use std::error::Error;
use std::fmt::Debug;

use ravs_adapters_okta::{
    ClientAuthentication, ClientKey, OktaSignIn, SignInError, SignInSettings,
};
use serde_json::{Value, json};
use url::Url;
use wiremock::ResponseTemplate;

use crate::scene::{Scene, scene, settings};
use crate::signing::key;
use crate::tenant::{ACCESS_TOKEN, CLIENT, EMAIL, PERSON, Tenant};
use crate::time::Time;

/// All that was shown, and what must not be in it.
#[derive(Default)]
struct Printed {
    texts: Vec<String>,
    secrets: Vec<String>,
}

impl Printed {
    fn debug(&mut self, value: &impl Debug) {
        self.texts.push(format!("{value:?}"));
        self.texts.push(format!("{value:#?}"));
    }

    /// It, what caused it, and so on.
    fn error(&mut self, error: &(dyn Error + 'static)) {
        let mut error = Some(error);
        while let Some(one) = error {
            self.texts.push(format!("{one}\n{one:?}\n{one:#?}"));
            error = one.source();
        }
    }

    fn secret(&mut self, secret: impl Into<String>) {
        self.secrets.push(secret.into());
    }

    fn check(&self) {
        assert!(self.texts.len() > 10 && self.secrets.len() > 5, "there is nothing to look at");
        for text in &self.texts {
            for secret in &self.secrets {
                assert!(secret.len() > 4);
                let shown = text.to_lowercase().contains(&secret.to_lowercase());
                assert!(!shown, "`{secret}` in {text}");
            }
        }
    }
}

/// A sign-in with each of these things wrong, and what is printed of it.
async fn gone_wrong(scene: &Scene, printed: &mut Printed) {
    let begun = scene.okta.begin().await.unwrap();
    let kept = serde_json::to_value(&begun.pending).unwrap();
    for name in ["state", "nonce", "verifier"] {
        printed.secret(kept[name].as_str().unwrap());
    }
    let url: Url = begun.url.parse().unwrap();
    let challenge = url.query_pairs().find(|(name, _)| name == "code_challenge").unwrap().1;
    printed.secret(challenge);
    printed.debug(&begun);
    printed.debug(&begun.pending);
    let callback = scene.tenant.person_signs_in(&begun.url);
    match scene.okta.finish(begun.pending, &callback).await {
        Ok(signed_in) => printed.debug(&signed_in),
        Err(error) => printed.error(&error),
    }
}

#[tokio::test]
async fn what_is_printed_holds_no_secret_and_nobody() {
    let mut printed = Printed::default();
    for secret in [PERSON, EMAIL, "jo.smith", "smith", ACCESS_TOKEN, "code-number"] {
        printed.secret(secret);
    }
    let scene = scene().await;
    gone_wrong(&scene, &mut printed).await;
    for (name, value) in [
        ("iss", json!(EMAIL)),
        ("aud", json!([EMAIL])),
        ("aud", json!([CLIENT, EMAIL])),
        ("nonce", json!(EMAIL)),
        ("exp", json!(EMAIL)),
        ("sub", json!(format!("{EMAIL}\0"))),
        ("preferred_username", json!(format!("{EMAIL}, {EMAIL}"))),
        ("preferred_username", Value::Null),
        ("email_verified", json!(false)),
        ("auth_time", json!(u64::MAX)),
    ] {
        scene.tenant.claim(name, value);
        gone_wrong(&scene, &mut printed).await;
    }
    scene.tenant.edit(|token| token.header["kid"] = json!(EMAIL));
    gone_wrong(&scene, &mut printed).await;
    scene.tenant.edit(|_| {});
    for (status, body) in [
        (400, json!({"error": "invalid_grant", "error_description": format!("{EMAIL} no")})),
        (400, json!({"error": EMAIL, "error_description": format!("code {}", "k".repeat(40))})),
        (401, json!({"error": "invalid_client", "error_description": EMAIL})),
        (500, json!({"errorCode": EMAIL, "errorSummary": EMAIL, "errorId": EMAIL})),
        (200, json!({"id_token": {"email": EMAIL}, "access_token": ACCESS_TOKEN})),
        (200, json!({"id_token": format!("{EMAIL}.{ACCESS_TOKEN}.x")})),
        (302, json!({"email": EMAIL})),
    ] {
        let answer = ResponseTemplate::new(status).set_body_json(body);
        scene.tenant.script("/oauth2/v1/token", answer.insert_header("location", EMAIL));
        gone_wrong(&scene, &mut printed).await;
    }
    for error in ["access_denied", "login_required", "server_error", "invalid_scope", EMAIL] {
        let begun = scene.okta.begin().await.unwrap();
        let kept = serde_json::to_value(&begun.pending).unwrap();
        let state = kept["state"].as_str().unwrap();
        let callback = format!("error={error}&state={state}&error_description=User+{EMAIL}+no");
        printed.error(&scene.okta.finish(begun.pending, &callback).await.unwrap_err());
    }
    for callback in [format!("code={EMAIL}&state={EMAIL}"), format!("{EMAIL}={EMAIL}")] {
        let begun = scene.okta.begin().await.unwrap();
        printed.error(&scene.okta.finish(begun.pending, &callback).await.unwrap_err());
    }
    printed.debug(&scene.okta);
    printed.check();
}

#[tokio::test]
async fn what_is_set_up_shows_no_secret_either() {
    let mut printed = Printed::default();
    let (time, secret) = (Time::default(), "s3cret-of-the-client");
    let tenant = Tenant::start(&time).await;
    let pem = key(2).pem();
    printed.secret(secret);
    for line in pem.lines().take(5) {
        printed.secret(line);
    }
    printed.secret("hunter2");
    let private = ClientKey::from_pem("clients", &pem.into()).unwrap();
    for client in [
        ClientAuthentication::key(private),
        ClientAuthentication::secret(secret.to_owned().into()),
        ClientAuthentication::public(),
    ] {
        printed.debug(&client);
        let settings = settings(&tenant, &time, client);
        printed.debug(&settings);
        printed.debug(&OktaSignIn::new(settings).unwrap());
    }
    let wrong = ClientAuthentication::secret(format!("{secret} é").into());
    let issuer = "https://jo:hunter2@okta.example";
    let settings = SignInSettings::new(issuer, CLIENT, "https://jo:hunter2@ravs.example", wrong);
    printed.debug(&settings);
    printed.error(&OktaSignIn::new(settings).unwrap_err());
    let error = serde_json::from_str::<ravs_adapters_okta::PendingSignIn>(
        r#"{"issuer":"","state":"hunter2","nonce":"hunter2","verifier":"hunter2","good_until":0}"#,
    )
    .unwrap_err();
    printed.error(&error);
    printed.check();
}

// Each message, so that a change of one is seen.
#[tokio::test]
async fn messages_say_what_to_do_and_nothing_else() {
    let scene = scene().await;
    let mut messages = Vec::new();
    for (name, value) in [
        ("iss", json!("https://evil.example")),
        ("aud", json!("x")),
        ("azp", json!("x")),
        ("exp", json!(0)),
        ("iat", json!(u64::MAX)),
        ("iat", Value::Null),
        ("nonce", json!("x")),
        ("sub", Value::Null),
    ] {
        scene.tenant.claim(name, value);
        messages.push(scene.sign_in().await.unwrap_err().to_string());
    }
    for (name, value) in [("preferred_username", Value::Null), ("email_verified", json!(false))] {
        scene.tenant.claim(name, value);
        messages.push(scene.sign_in().await.unwrap().unvouched.unwrap().to_string());
    }
    assert_eq!(
        messages,
        [
            "the ID token is refused: `iss` is not the issuer",
            "the ID token is refused: `aud` is not this app",
            "the ID token is refused: `azp` is not this app",
            "the ID token is refused: `exp` is past",
            "the ID token is refused: `iat` or `nbf` is in the future: look at this machine's clock",
            "the ID token is refused: `iat` or `exp` is missing",
            "the ID token is refused: `nonce` is not that of this sign-in",
            "the ID token is refused: `sub` is missing",
            "the ID token has no login (`preferred_username`) that is an email address: look at \
             the app's scopes and the person's profile",
            "the address is not one that Okta vouches for (`email_verified`)",
        ]
    );
    let begun = scene.okta.begin().await.unwrap();
    let refused = scene.okta.finish(begun.pending, "code=a&state=b").await.unwrap_err();
    assert!(matches!(refused, SignInError::StateDiffers));
    assert_eq!(refused.to_string(), "the callback's `state` is not that of this sign-in");
}
