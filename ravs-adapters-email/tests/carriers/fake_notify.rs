//! A Notify on this machine: it checks tokens, keeps templates and emails, and can be told to be
//! out of reach.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use ravs_adapters_email::NotifyMailer;
use ravs_adapters_email::notify::{NotifySettings, Template, TemplateIds};
use ravs_core::{EmailAddress, NoticeKind};
use ravs_testkit::conformance::mailer::{Arrived, Backstage, Capability};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;
use wiremock::{Match, Mock, MockServer, Request, Respond, ResponseTemplate};

use crate::support::{clock, now};

pub(crate) const SERVICE: &str = "0b2f3c1e-5a4d-4c8b-9e7f-1a2b3c4d5e6f";
pub(crate) const SECRET: &str = "5ec2e700-1111-4222-8333-444455556666";

pub(crate) fn template_id(kind: NoticeKind) -> Uuid {
    Uuid::from_u128(0x7e00 + kind as u128)
}

/// Settings for a Notify at that URL.
pub(crate) fn settings(url: &str) -> NotifySettings {
    let key = format!("ravs-test-{SERVICE}-{SECRET}").parse().unwrap();
    let templates = TemplateIds::find(|kind| Some(template_id(kind).to_string())).unwrap();
    NotifySettings::new(key, templates).base_url(url)
}

/// What a token says.
#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(crate) struct Claims {
    pub(crate) iss: String,
    pub(crate) iat: i64,
}

/// The claims of a request's token, where its signature is right.
pub(crate) fn claims(request: &Request) -> Option<Claims> {
    let bearer = request.headers.get("authorization")?.to_str().ok()?;
    let token = bearer.strip_prefix("Bearer ")?;
    let mut validation = Validation::new(Algorithm::HS256);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    let key = DecodingKey::from_secret(SECRET.as_bytes());
    decode::<Claims>(token, &key, &validation).ok().map(|token| token.claims)
}

#[derive(Clone)]
pub(crate) struct FakeNotify {
    server: Arc<MockServer>,
    desk: Desk,
}

#[derive(Clone, Default)]
struct Desk(Arc<Mutex<Content>>);

#[derive(Default)]
struct Content {
    sent: Vec<Value>,
    refused: BTreeSet<String>,
    down: bool,
    loses_answer: bool,
}

impl FakeNotify {
    pub(crate) async fn start() -> Self {
        let (server, desk) = (MockServer::start().await, Desk::default());
        Mock::given(Anything).respond_with(desk.clone()).mount(&server).await;
        Self { server: Arc::new(server), desk }
    }

    pub(crate) fn mailer(&self) -> NotifyMailer {
        NotifyMailer::new(settings(&self.server.uri()), clock()).unwrap()
    }

    /// The bodies of what was asked for and taken.
    pub(crate) fn sent(&self) -> Vec<Value> {
        self.desk.content().sent.clone()
    }
}

struct Anything;

impl Match for Anything {
    fn matches(&self, _: &Request) -> bool {
        true
    }
}

pub(crate) fn refusal(status: u16, error: &str, message: &str) -> ResponseTemplate {
    let body = json!({"status_code": status, "errors": [{"error": error, "message": message}]});
    ResponseTemplate::new(status).set_body_json(body)
}

impl Desk {
    fn content(&self) -> MutexGuard<'_, Content> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn list(&self, request: &Request) -> ResponseTemplate {
        let wanted = request.url.query_pairs().find(|(name, _)| name == "reference");
        let wanted = wanted.map(|(_, reference)| reference.into_owned());
        let content = self.content();
        let matching = content.sent.iter().rev().filter(|sent| {
            wanted.as_ref().is_none_or(|wanted| sent["reference"] == wanted.as_str())
        });
        let list: Vec<_> = matching
            .map(|sent| {
                json!({
                    "id": Uuid::from_u128(9), "reference": sent["reference"],
                    "email_address": sent["email_address"], "type": "email", "status": "sending",
                    "created_at": "2025-08-10T10:02:51.000000Z", "completed_at": null,
                })
            })
            .collect();
        ResponseTemplate::new(200).set_body_json(json!({"notifications": list, "links": {}}))
    }

    fn take(&self, request: &Request) -> ResponseTemplate {
        let Ok(body) = serde_json::from_slice::<Value>(&request.body) else {
            return refusal(400, "BadRequestError", "no JSON");
        };
        let to = body["email_address"].as_str().unwrap_or_default().to_owned();
        let mut content = self.content();
        if content.refused.contains(&to) {
            let message = format!("email_address {to} is not a valid email address");
            return refusal(400, "ValidationError", &message);
        }
        if filled_in(&body).is_none() {
            return refusal(400, "BadRequestError", "Missing personalisation");
        }
        content.sent.push(body);
        match std::mem::take(&mut content.loses_answer) {
            true => ResponseTemplate::new(502).set_body_string("<html>Bad gateway</html>"),
            false => ResponseTemplate::new(201).set_body_json(json!({"id": Uuid::from_u128(9)})),
        }
    }
}

impl Respond for Desk {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        if self.content().down {
            return ResponseTemplate::new(503).set_body_string("<html>Unavailable</html>");
        }
        let expected = Claims { iss: SERVICE.into(), iat: now().timestamp() };
        if claims(request) != Some(expected) {
            return refusal(403, "AuthError", "Invalid token");
        }
        match (request.method.as_str(), request.url.path()) {
            ("GET", "/v2/notifications") => self.list(request),
            ("POST", "/v2/notifications/email") => self.take(request),
            _ => refusal(404, "NoResultFound", "No result found"),
        }
    }
}

/// Subject and text as Notify makes them of a template, or nothing where a gap stays.
pub(crate) fn filled_in(body: &Value) -> Option<(String, String)> {
    let id: Uuid = body["template_id"].as_str()?.parse().ok()?;
    let kind = NoticeKind::ALL.into_iter().find(|kind| template_id(*kind) == id)?;
    let Template { subject, message } = Template::of(kind);
    let fill = |text: &str| {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("((") {
            let (name, after) = after.split_once("))")?;
            filled.push_str(before);
            filled.push_str(body["personalisation"][name].as_str()?);
            rest = after;
        }
        Some(filled + rest)
    };
    // Its lists have an empty line before them, and stars.
    let text = fill(message)?.replace(":\n\n* ", ":\n- ").replace("\n* ", "\n- ");
    Some((fill(subject)?, text))
}

#[async_trait]
impl Backstage for FakeNotify {
    fn can(&self, _: Capability) -> bool {
        true
    }

    async fn arrived(&self) -> Vec<Arrived> {
        let arrived = |body: &Value| {
            let (subject, text) = filled_in(body).unwrap();
            Arrived {
                to: body["email_address"].as_str().unwrap().parse().unwrap(),
                mark: body["reference"].as_str().unwrap().to_owned(),
                subject,
                text,
            }
        };
        self.sent().iter().map(arrived).collect()
    }

    async fn set_down(&self, down: bool) {
        self.desk.content().down = down;
    }

    async fn refuse(&self, address: &EmailAddress) {
        self.desk.content().refused.insert(address.as_str().to_owned());
    }

    async fn lose_answer(&self) {
        self.desk.content().loses_answer = true;
    }
}
