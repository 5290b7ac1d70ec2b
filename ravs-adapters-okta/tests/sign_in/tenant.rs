//! A stand-in for Okta's authorisation server: discovery, keys, a person who signs in, tokens.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use url::{Url, form_urlencoded};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use crate::signing::{SigningKey, key};
use crate::time::Time;

pub(crate) const CLIENT: &str = "0oa1ravs";
pub(crate) const REDIRECT: &str = "https://ravs.example/signed-in?from=okta";
pub(crate) const PERSON: &str = "00u1jo";
pub(crate) const EMAIL: &str = "Jo.Smith@nhs.example";
pub(crate) const ACCESS_TOKEN: &str = "access-token-that-nobody-reads";

/// The stand-in. It ends with the test.
pub(crate) struct Tenant {
    server: MockServer,
    state: Arc<Mutex<State>>,
}

/// What a test may change.
pub(crate) struct State {
    /// The path of its issuer; empty for the organisation's own.
    pub(crate) path: &'static str,
    /// Where the app has people sent back to.
    pub(crate) redirect: String,
    /// What discovery says in place of the usual, member by member; null leaves one out.
    pub(crate) metadata: Value,
    /// What it signs with.
    pub(crate) signs_with: &'static SigningKey,
    /// What it shows of its keys.
    pub(crate) keys: Vec<Value>,
    /// How long it says that its documents are good.
    pub(crate) cache_control: &'static str,
    /// What becomes of a token before it is signed.
    pub(crate) edit: Box<dyn Fn(&mut Token) + Send>,
    /// What becomes of a token after it is signed.
    pub(crate) spoil: Box<dyn Fn(String) -> String + Send>,
    /// Answers that are given first, by path.
    pub(crate) scripts: BTreeMap<String, VecDeque<ResponseTemplate>>,
    /// A path that fails, and how long it takes to.
    slow: Option<(String, Duration)>,
    codes: BTreeMap<String, Granted>,
    issued: usize,
    time: Time,
}

/// A token before it is signed.
pub(crate) struct Token {
    pub(crate) header: Value,
    pub(crate) claims: Value,
    pub(crate) key: &'static SigningKey,
}

/// Somebody who has signed in, and whose code waits.
struct Granted {
    challenge: String,
    nonce: String,
    redirect: String,
}

impl Tenant {
    pub(crate) async fn start(time: &Time) -> Self {
        let server = MockServer::start().await;
        let state = State {
            path: "",
            redirect: REDIRECT.to_owned(),
            metadata: json!({}),
            signs_with: key(0),
            keys: vec![key(0).public()],
            cache_control: "max-age=3600",
            edit: Box::new(|_| {}),
            spoil: Box::new(|token| token),
            scripts: BTreeMap::new(),
            slow: None,
            codes: BTreeMap::new(),
            issued: 0,
            time: time.clone(),
        };
        let state = Arc::new(Mutex::new(state));
        let answers = Answers { state: Arc::clone(&state), origin: server.uri() };
        Mock::given(any()).respond_with(answers).mount(&server).await;
        Self { server, state }
    }

    pub(crate) fn set(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(crate) fn origin(&self) -> String {
        self.server.uri()
    }

    pub(crate) fn issuer(&self) -> String {
        format!("{}{}", self.origin(), self.set().path)
    }

    /// The next tokens are changed so, and signed then.
    pub(crate) fn edit(&self, edit: impl Fn(&mut Token) + Send + 'static) {
        self.set().edit = Box::new(edit);
    }

    /// The next tokens have this claim so; null leaves it out.
    pub(crate) fn claim(&self, name: &'static str, value: impl Into<Value>) {
        let value = value.into();
        self.edit(move |token| {
            let claims = token.claims.as_object_mut().unwrap();
            if value.is_null() {
                claims.remove(name);
            } else {
                claims.insert(name.into(), value.clone());
            }
        });
    }

    /// Gives this answer first, to the next request for the path.
    pub(crate) fn script(&self, path: &str, answer: ResponseTemplate) {
        self.set().scripts.entry(path.to_owned()).or_default().push_back(answer);
    }

    /// From now on this path fails, and by the clock takes that long to.
    pub(crate) fn slow(&self, path: &str, time: Duration) {
        self.set().slow = Some((path.to_owned(), time));
    }

    /// Does what a browser and a person do with the URL, and says what query they come back
    /// with. Looks at the request as Okta does.
    pub(crate) fn person_signs_in(&self, url: &str) -> String {
        let url: Url = url.parse().unwrap();
        assert!(url.as_str().starts_with(&format!("{}/v1/authorize?", self.oauth())), "{url}");
        let query: BTreeMap<_, _> = url.query_pairs().into_owned().collect();
        assert_eq!(query.len(), url.query_pairs().count(), "something twice in {url}");
        assert_eq!(query["response_type"], "code");
        assert_eq!(query["client_id"], CLIENT);
        assert_eq!(query["redirect_uri"], self.set().redirect);
        assert_eq!(query["scope"], "openid profile email");
        assert_eq!(query["code_challenge_method"], "S256");
        let mut state = self.set();
        state.issued += 1;
        let code = format!("code-number-{}", state.issued);
        let granted = Granted {
            challenge: query["code_challenge"].clone(),
            nonce: query["nonce"].clone(),
            redirect: query["redirect_uri"].clone(),
        };
        state.codes.insert(code.clone(), granted);
        form_urlencoded::Serializer::new(String::new())
            .append_pair("from", "okta")
            .append_pair("code", &code)
            .append_pair("state", &query["state"])
            .finish()
    }

    fn oauth(&self) -> String {
        let (origin, state) = (self.origin(), self.set());
        format!("{origin}{}", oauth_path(state.path))
    }

    /// What it was asked, path by path.
    pub(crate) async fn paths(&self) -> Vec<String> {
        let requests = self.server.received_requests().await.unwrap();
        requests.iter().map(|request| request.url.path().to_owned()).collect()
    }

    /// How often it was asked for what ends so.
    pub(crate) async fn asked(&self, end: &str) -> usize {
        self.paths().await.iter().filter(|path| path.ends_with(end)).count()
    }

    /// What came to the token endpoint.
    pub(crate) async fn exchanges(&self) -> Vec<Exchange> {
        let requests = self.server.received_requests().await.unwrap();
        let tokens = requests.iter().filter(|request| request.url.path().ends_with("/token"));
        tokens
            .map(|request| Exchange {
                form: form(request),
                authorisation: request
                    .headers
                    .get("authorization")
                    .map(|value| value.to_str().unwrap().to_owned()),
            })
            .collect()
    }
}

/// What came to the token endpoint.
pub(crate) struct Exchange {
    pub(crate) form: BTreeMap<String, String>,
    pub(crate) authorisation: Option<String>,
}

fn form(request: &Request) -> BTreeMap<String, String> {
    form_urlencoded::parse(&request.body).into_owned().collect()
}

fn oauth_path(path: &str) -> String {
    if path.is_empty() { "/oauth2".to_owned() } else { path.to_owned() }
}

struct Answers {
    state: Arc<Mutex<State>>,
    origin: String,
}

impl Respond for Answers {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let mut state = self.state.lock().unwrap();
        let path = request.url.path();
        let script = state.scripts.get_mut(path).and_then(VecDeque::pop_front);
        if let Some(answer) = script {
            return answer;
        }
        if let Some((_, time)) = state.slow.clone().filter(|(slow, _)| slow == path) {
            state.time.pass(time);
            return ResponseTemplate::new(503);
        }
        let issuer = format!("{}{}", self.origin, state.path);
        let oauth = format!("{}{}", self.origin, oauth_path(state.path));
        let (here, oauth_here) = (state.path, oauth_path(state.path));
        let cached = |body: Value| {
            ResponseTemplate::new(200)
                .insert_header("cache-control", state.cache_control)
                .set_body_json(body)
        };
        if path == format!("{here}/.well-known/openid-configuration") {
            cached(metadata(&issuer, &oauth, &state.metadata))
        } else if path == format!("{oauth_here}/v1/keys") {
            cached(json!({"keys": state.keys}))
        } else if path == format!("{oauth_here}/v1/token") {
            state.token(&issuer, &form(request))
        } else {
            let body = json!({"errorCode": "E0000008", "errorSummary": "no such path"});
            ResponseTemplate::new(404).set_body_json(body)
        }
    }
}

fn metadata(issuer: &str, oauth: &str, changes: &Value) -> Value {
    let mut metadata = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{oauth}/v1/authorize"),
        "token_endpoint": format!("{oauth}/v1/token"),
        "jwks_uri": format!("{oauth}/v1/keys"),
        "userinfo_endpoint": format!("{oauth}/v1/userinfo"),
        "response_types_supported": ["code", "id_token"],
        "code_challenge_methods_supported": ["S256"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported":
            ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"],
    });
    let members = metadata.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            members.remove(name);
        } else {
            members.insert(name.clone(), value.clone());
        }
    }
    metadata
}

impl State {
    /// A token for a code: once, and to whom shows the verifier.
    fn token(&mut self, issuer: &str, form: &BTreeMap<String, String>) -> ResponseTemplate {
        let said = |name: &str| form.get(name).map_or("", String::as_str);
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, said("code_verifier").as_bytes()));
        let good = |granted: &Granted| {
            said("grant_type") == "authorization_code"
                && granted.challenge == challenge
                && granted.redirect == said("redirect_uri")
        };
        let Some(granted) = self.codes.remove(said("code")).filter(good) else {
            let description = "The authorization code is invalid or has expired.";
            let body = json!({"error": "invalid_grant", "error_description": description});
            return ResponseTemplate::new(400).set_body_json(body);
        };
        let now = self.time.seconds();
        let mut token = Token {
            header: json!({"alg": "RS256", "kid": self.signs_with.id}),
            claims: json!({
                "sub": PERSON, "name": "Jo Smith", "email": EMAIL, "ver": 1, "iss": issuer,
                "aud": CLIENT, "iat": now, "exp": now + 3600, "jti": "ID.1", "amr": ["pwd"],
                "idp": "00o1", "nonce": granted.nonce, "preferred_username": EMAIL,
                "auth_time": now - 5, "at_hash": "x",
            }),
            key: self.signs_with,
        };
        (self.edit)(&mut token);
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", part(&token.header), part(&token.claims));
        let signed = format!("{text}.{}", token.key.sign(&text));
        let body = json!({
            "token_type": "Bearer", "expires_in": 3600, "access_token": ACCESS_TOKEN,
            "scope": "openid profile email", "id_token": (self.spoil)(signed),
        });
        ResponseTemplate::new(200).set_body_json(body)
    }
}

impl Tenant {
    /// The time of its clock, in seconds.
    pub(crate) fn seconds(&self) -> u64 {
        self.set().time.seconds()
    }
}
