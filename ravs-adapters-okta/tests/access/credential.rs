//! What this service shows to be let in.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ravs_adapters_okta::{ClientKey, Credential, InvalidClientKey, Okta, OktaErrorKind, Settings};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use crate::support::keys::{Key, elliptic, rsa};
use crate::support::people::{GROUP, TOKEN};
use crate::support::script::{CHECK, Script, asked};
use crate::support::time::FakeTime;

const CLIENT: &str = "0oa1client";

/// A tenant that answers the token endpoint from a list, and everything else with a good group,
/// or from another list.
#[derive(Clone, Default)]
struct Door {
    tokens: Arc<Mutex<Vec<ResponseTemplate>>>,
    others: Arc<Mutex<Vec<ResponseTemplate>>>,
    time: FakeTime,
    /// How long a token that is not there takes, by the clock.
    slowness: Arc<Mutex<Duration>>,
}

impl Respond for Door {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let is_token = request.url.path() == "/oauth2/v1/token";
        let mut list = if is_token { &self.tokens } else { &self.others }.lock().unwrap();
        if !list.is_empty() {
            return list.remove(0);
        }
        if is_token {
            self.time.pass(*self.slowness.lock().unwrap());
            return ResponseTemplate::new(503);
        }
        ResponseTemplate::new(200).set_body_json(json!({ "type": "OKTA_GROUP" }))
    }
}

struct Scene {
    server: MockServer,
    time: FakeTime,
    okta: Okta,
    slowness: Arc<Mutex<Duration>>,
}

async fn scene(
    key: &Key,
    dpop: bool,
    tokens: Vec<ResponseTemplate>,
    others: Vec<ResponseTemplate>,
) -> Scene {
    let server = MockServer::start().await;
    let time = FakeTime::default();
    let door = Door {
        tokens: Arc::new(Mutex::new(tokens)),
        others: Arc::new(Mutex::new(others)),
        time: time.clone(),
        slowness: Arc::default(),
    };
    let slowness = Arc::clone(&door.slowness);
    Mock::given(any()).respond_with(door).mount(&server).await;
    let key = ClientKey::from_pem("key-1", &key.pem).unwrap();
    let credential = Credential::service_app(CLIENT, key);
    let credential = if dpop { credential.with_dpop() } else { credential };
    let settings = Settings::new(server.uri().parse().unwrap(), GROUP.parse().unwrap(), credential);
    let okta = Okta::new(settings.pace(Arc::new(time.clone()))).unwrap();
    Scene { server, time, okta, slowness }
}

impl Scene {
    async fn requests(&self, token: bool) -> Vec<Request> {
        let mut requests = self.server.received_requests().await.unwrap();
        requests.retain(|request| (request.url.path() == "/oauth2/v1/token") == token);
        requests
    }

    /// What the requests that are no token requests showed.
    async fn shown(&self) -> Vec<String> {
        self.requests(false).await.iter().map(|request| header(request, "authorization")).collect()
    }
}

fn token(kind: &str, token: &str) -> ResponseTemplate {
    let body = json!({ "token_type": kind, "expires_in": 3600, "access_token": token });
    ResponseTemplate::new(200).set_body_json(body)
}

fn oauth(status: u16, code: &str, description: &str) -> ResponseTemplate {
    let body = json!({ "error": code, "error_description": description });
    ResponseTemplate::new(status).set_body_json(body)
}

fn expired() -> ResponseTemplate {
    ResponseTemplate::new(401).set_body_json(json!({ "errorCode": "E0000011" }))
}

fn header(request: &Request, name: &str) -> String {
    request.headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

fn form(request: &Request) -> std::collections::BTreeMap<String, String> {
    url::form_urlencoded::parse(&request.body).into_owned().collect()
}

/// A JWT's header and claims, its signature checked.
fn opened(jwt: &str, how: &'static dyn VerificationAlgorithm, public: &[u8]) -> (Value, Value) {
    let (message, signature) = jwt.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    UnparsedPublicKey::new(how, public).verify(message.as_bytes(), &signature).unwrap();
    let (header, claims) = message.split_once('.').unwrap();
    let read = |part: &str| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    (read(header), read(claims))
}

#[tokio::test]
async fn the_first_call_asks_for_a_token_and_shows_it() {
    for (key, how, algorithm) in [
        (elliptic(), &ECDSA_P256_SHA256_FIXED as &'static dyn VerificationAlgorithm, "ES256"),
        (rsa(), &RSA_PKCS1_2048_8192_SHA256, "RS256"),
    ] {
        let scene = scene(&key, false, vec![token("Bearer", "T1")], vec![]).await;
        scene.okta.check().await.unwrap();
        scene.okta.check().await.unwrap();
        assert_eq!(scene.shown().await, ["Bearer T1", "Bearer T1"]);
        let [request] = scene.requests(true).await.try_into().unwrap();
        let form = form(&request);
        assert_eq!(form["grant_type"], "client_credentials");
        assert_eq!(
            form["scope"],
            "okta.users.read okta.users.manage okta.groups.read okta.groups.manage"
        );
        assert_eq!(
            form["client_assertion_type"],
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        );
        let (header, claims) = opened(&form["client_assertion"], how, &key.public);
        assert_eq!((&header["alg"], &header["kid"]), (&json!(algorithm), &json!("key-1")));
        assert_eq!((&claims["iss"], &claims["sub"]), (&json!(CLIENT), &json!(CLIENT)));
        assert_eq!(claims["aud"], format!("{}/oauth2/v1/token", scene.server.uri()));
        assert_eq!(claims["exp"], 1_800_000_300);
        assert_eq!(claims["iat"], 1_799_999_995);
        assert!(claims["jti"].as_str().unwrap().len() >= 22);
    }
}

#[tokio::test]
async fn fifty_at_once_ask_for_one_token() {
    let slow = token("Bearer", "T1").set_delay(Duration::from_millis(50));
    let scene = scene(&elliptic(), false, vec![slow], vec![]).await;
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let okta = scene.okta.clone();
        calls.spawn(async move { okta.check().await });
    }
    for outcome in calls.join_all().await {
        outcome.unwrap();
    }
    assert_eq!(scene.requests(true).await.len(), 1);
    assert_eq!(scene.shown().await.len(), 50);
}

#[tokio::test]
async fn fifty_at_once_share_a_failure() {
    let refused = oauth(401, "invalid_client", "No.").set_delay(Duration::from_millis(50));
    let scene = scene(&elliptic(), false, vec![refused], vec![]).await;
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let okta = scene.okta.clone();
        calls.spawn(async move { okta.check().await });
    }
    for outcome in calls.join_all().await {
        assert_eq!(outcome.unwrap_err().kind(), &OktaErrorKind::AuthFailed);
    }
    assert_eq!(scene.requests(true).await.len(), 1);
}

#[tokio::test]
async fn a_token_past_nine_tenths_of_its_life_is_renewed_before_it_is_shown() {
    let tokens = vec![token("Bearer", "T1"), token("Bearer", "T2")];
    let scene = scene(&elliptic(), false, tokens, vec![]).await;
    scene.okta.check().await.unwrap();
    scene.time.pass(Duration::from_secs(3239));
    scene.okta.check().await.unwrap();
    scene.time.pass(Duration::from_secs(1));
    scene.okta.check().await.unwrap();
    assert_eq!(scene.shown().await, ["Bearer T1", "Bearer T1", "Bearer T2"]);
    let [one, other] = scene.requests(true).await.try_into().unwrap();
    assert_ne!(form(&one)["client_assertion"], form(&other)["client_assertion"]);
}

#[tokio::test]
async fn while_it_cannot_be_renewed_a_token_that_is_good_is_shown() {
    let refused = || oauth(401, "invalid_client", "No.");
    let tokens = vec![token("Bearer", "T1"), refused(), refused()];
    let scene = scene(&elliptic(), false, tokens, vec![]).await;
    scene.okta.check().await.unwrap();
    scene.time.pass(Duration::from_secs(3300));
    scene.okta.check().await.unwrap();
    // It is not asked for again at every call.
    scene.okta.check().await.unwrap();
    assert_eq!(scene.requests(true).await.len(), 2);
    assert_eq!(scene.shown().await, ["Bearer T1"; 3]);
    scene.time.pass(Duration::from_secs(300));
    let error = scene.okta.check().await.unwrap_err();
    assert_eq!(error.kind(), &OktaErrorKind::AuthFailed);
    assert_eq!(scene.requests(true).await.len(), 3);
}

#[tokio::test]
async fn a_token_that_is_good_is_shown_where_another_one_takes_too_long() {
    let scene = scene(&elliptic(), false, vec![token("Bearer", "T1")], vec![]).await;
    scene.okta.check().await.unwrap();
    scene.time.pass(Duration::from_secs(3300));
    // Longer than a quarter of the 20 seconds that a command has.
    *scene.slowness.lock().unwrap() = Duration::from_secs(6);
    scene.okta.check().await.unwrap();
    assert_eq!(scene.requests(true).await.len(), 2);
    assert_eq!(scene.shown().await, ["Bearer T1"; 2]);
}

#[tokio::test]
async fn a_token_that_is_refused_is_renewed_once() {
    let tokens = || vec![token("Bearer", "T1"), token("Bearer", "T2"), token("Bearer", "T3")];
    let scene = scene(&elliptic(), false, tokens(), vec![expired()]).await;
    scene.okta.check().await.unwrap();
    assert_eq!(scene.shown().await, ["Bearer T1", "Bearer T2"]);
    let scene = self::scene(&elliptic(), false, tokens(), vec![expired(), expired()]).await;
    let error = scene.okta.check().await.unwrap_err();
    assert_eq!(error.kind(), &OktaErrorKind::AuthFailed);
    assert_eq!(scene.shown().await, ["Bearer T1", "Bearer T2"]);
}

#[tokio::test]
async fn an_administrators_token_that_is_refused_is_not_shown_again() {
    let play = Script::new().error(CHECK, 401, "E0000011").play().await;
    let error = play.okta.check().await.unwrap_err();
    assert_eq!(error.kind(), &OktaErrorKind::AuthFailed);
    play.over();
    let requests = play.requests().await;
    assert_eq!(header(&requests[0], "authorization"), format!("SSWS {TOKEN}"));
}

#[tokio::test]
async fn a_client_that_is_refused_says_why_and_is_not_tried_again() {
    let key = elliptic();
    let described = "The client_assertion token has an expiration too far into the future.";
    let scene = scene(&key, false, vec![oauth(401, "invalid_client", described)], vec![]).await;
    let error = scene.okta.check().await.unwrap_err();
    assert_eq!(error.kind(), &OktaErrorKind::AuthFailed);
    assert!(error.to_string().contains("expiration too far into the future"), "{error}");
    let [request] = scene.requests(true).await.try_into().unwrap();
    let told = format!("{error} {error:?}");
    assert!(!told.contains(&form(&request)["client_assertion"]));
    assert!(scene.shown().await.is_empty());
}

#[tokio::test]
async fn an_echoed_assertion_is_not_shown() {
    let echoed = "bad token eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiIwb2EifQ.c2ln for it";
    let tokens = vec![oauth(401, "invalid_client", echoed)];
    let scene = scene(&elliptic(), false, tokens, vec![]).await;
    let error = scene.okta.check().await.unwrap_err();
    assert!(error.to_string().contains("bad token … for it"), "{error}");
}

#[tokio::test]
async fn a_limited_token_request_is_told_by_its_status_and_each_try_has_its_own_assertion() {
    let limited = || oauth(429, "invalid_grant", "user_rate_limited");
    let tokens = vec![limited(), token("Bearer", "T1")];
    let scene = scene(&elliptic(), false, tokens, vec![]).await;
    scene.okta.check().await.unwrap();
    let [one, other] = scene.requests(true).await.try_into().unwrap();
    assert_ne!(form(&one)["client_assertion"], form(&other)["client_assertion"]);
    let all = vec![limited(), limited(), limited(), limited()];
    let scene = self::scene(&elliptic(), false, all, vec![]).await;
    let error = scene.okta.check().await.unwrap_err();
    assert_eq!(error.kind(), &OktaErrorKind::RateLimited { retry_after: None });
}

#[tokio::test]
async fn a_scope_that_is_not_granted_is_a_fault_of_the_set_up() {
    let tokens = vec![oauth(400, "invalid_scope", "One or more scopes are not configured.")];
    let scene = scene(&elliptic(), false, tokens, vec![]).await;
    assert_eq!(scene.okta.check().await.unwrap_err().kind(), &OktaErrorKind::Config);
}

#[tokio::test]
async fn a_tenant_that_requires_proofs_of_who_has_none_is_explained() {
    let asks = oauth(400, "use_dpop_nonce", "Authorization server requires nonce.")
        .insert_header("dpop-nonce", "N1");
    let missing = oauth(400, "invalid_dpop_proof", "The DPoP proof JWT header is missing.");
    for answer in [asks, missing] {
        let scene = scene(&elliptic(), false, vec![answer], vec![]).await;
        let error = scene.okta.check().await.unwrap_err();
        assert_eq!(error.kind(), &OktaErrorKind::Config);
        assert!(error.to_string().contains("requires DPoP"), "{error}");
        assert_eq!(scene.requests(true).await.len(), 1);
    }
}

#[tokio::test]
async fn a_tenant_that_requires_proofs_is_given_them() {
    let asks =
        oauth(400, "use_dpop_nonce", "It requires a nonce.").insert_header("dpop-nonce", "N1");
    let scene = scene(&elliptic(), true, vec![asks, token("DPoP", "T1")], vec![]).await;
    scene.okta.members(None).await.unwrap_err();
    let [first, second] = scene.requests(true).await.try_into().unwrap();
    let [api] = scene.requests(false).await.try_into().unwrap();
    let proofs = [&first, &second, &api].map(|request| {
        let proof = header(request, "dpop");
        let part = proof.split('.').next().unwrap();
        let head: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
        let point: Vec<u8> = ["x", "y"]
            .iter()
            .flat_map(|name| URL_SAFE_NO_PAD.decode(head["jwk"][name].as_str().unwrap()).unwrap())
            .collect();
        let public = [&[4], point.as_slice()].concat();
        opened(&proof, &ECDSA_P256_SHA256_FIXED, &public)
    });
    let uri = scene.server.uri();
    for (head, claims) in &proofs {
        assert_eq!((&head["typ"], &head["alg"]), (&json!("dpop+jwt"), &json!("ES256")));
        let jwk = head["jwk"].as_object().unwrap();
        let names: Vec<_> = jwk.keys().map(String::as_str).collect();
        assert_eq!(names, ["crv", "kty", "x", "y"], "the public key and nothing else");
        assert_eq!(claims["iat"], 1_800_000_000);
    }
    let claims = proofs.map(|(_, claims)| claims);
    assert_eq!(claims[0].get("nonce"), None);
    assert_eq!(claims[1]["nonce"], "N1");
    assert_ne!(claims[0]["jti"], claims[1]["jti"]);
    assert_eq!(
        (&claims[1]["htm"], &claims[1]["htu"]),
        (&json!("POST"), &json!(format!("{uri}/oauth2/v1/token")),)
    );
    assert_eq!(claims[1].get("ath"), None);
    assert_eq!(header(&api, "authorization"), "DPoP T1");
    assert_eq!(asked(&api), format!("GET /api/v1/groups/{GROUP}/users?limit=200"));
    assert_eq!(claims[2]["htu"], format!("{uri}/api/v1/groups/{GROUP}/users"));
    assert_eq!(claims[2]["ath"], URL_SAFE_NO_PAD.encode(digest(&SHA256, b"T1")));
}

#[tokio::test]
async fn a_token_of_another_kind_is_not_shown() {
    for (dpop, kind) in [(false, "DPoP"), (true, "Bearer"), (false, "mac")] {
        let scene = scene(&elliptic(), dpop, vec![token(kind, "T1")], vec![]).await;
        assert_eq!(scene.okta.check().await.unwrap_err().kind(), &OktaErrorKind::Protocol);
        assert!(scene.shown().await.is_empty());
    }
}

#[test]
fn what_is_no_key_is_refused_with_what_to_do() {
    let from = |id: &str, pem: &str| ClientKey::from_pem(id, &pem.into()).map(|_| ()).unwrap_err();
    let good = elliptic();
    let none = ClientKey::from_pem(" ", &good.pem).unwrap_err();
    assert_eq!(none, InvalidClientKey::NoId);
    for odd in ["", "not a key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"] {
        assert!(matches!(from("a", odd), InvalidClientKey::NoPem | InvalidClientKey::CannotSign));
    }
}

#[test]
fn a_credential_that_cannot_be_one_is_refused_at_once() {
    for credential in [
        Credential::api_token("".into()),
        Credential::api_token("a\nb".into()),
        Credential::service_app("", ClientKey::from_pem("k", &elliptic().pem).unwrap()),
    ] {
        let settings = Settings::new(
            "http://127.0.0.1:1".parse().unwrap(),
            GROUP.parse().unwrap(),
            credential,
        );
        let error = Okta::new(settings).unwrap_err();
        assert_eq!(error.kind(), &OktaErrorKind::Config);
    }
}
