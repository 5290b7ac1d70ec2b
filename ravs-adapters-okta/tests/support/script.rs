//! A stand-in that knows what will be asked, in which order, and what it answers.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use ravs_adapters_okta::Okta;
use serde_json::Value;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use super::people::{error, okta, user};
use super::time::FakeTime;

/// What will be asked, and what is answered.
#[derive(Default)]
pub(crate) struct Script(VecDeque<(String, ResponseTemplate)>);

impl Script {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// `asked` is a method, and a path with its query.
    pub(crate) fn then(mut self, asked: &str, answer: ResponseTemplate) -> Self {
        self.0.push_back((asked.to_owned(), answer));
        self
    }

    pub(crate) fn json(self, asked: &str, status: u16, body: Value) -> Self {
        self.then(asked, ResponseTemplate::new(status).set_body_json(body))
    }

    pub(crate) fn status(self, asked: &str, status: u16) -> Self {
        self.then(asked, ResponseTemplate::new(status))
    }

    pub(crate) fn error(self, asked: &str, status: u16, code: &str) -> Self {
        self.json(asked, status, error(code))
    }

    /// Somebody's account is looked for by login, and has this status.
    pub(crate) fn found(self, status: &str) -> Self {
        self.json("GET /api/v1/users/jo%40nhs.net", 200, user("jo@nhs.net", status))
    }

    /// It is looked for by login, and not there.
    pub(crate) fn not_found(self) -> Self {
        self.error("GET /api/v1/users/jo%40nhs.net", 404, "E0000007")
    }

    /// It is looked for by this property, and what is there has this login.
    pub(crate) fn filtered(self, property: &str, found: &[&str]) -> Self {
        let asked = format!("GET /api/v1/users?filter={property}+eq+%22jo%40nhs.net%22&limit=2");
        let users = found.iter().map(|login| user(login, "ACTIVE")).collect();
        self.json(&asked, 200, Value::Array(users))
    }

    /// It becomes a member of the group.
    pub(crate) fn joined(self) -> Self {
        self.status(JOIN, 204)
    }

    pub(crate) async fn play(self) -> Play {
        let (server, time) = (MockServer::start().await, FakeTime::default());
        let stage = Stage(Arc::new(Mutex::new(Acted { left: self.0, strays: Vec::new() })));
        Mock::given(any()).respond_with(stage.clone()).mount(&server).await;
        let okta = okta(&server.uri(), &time);
        Play { server, stage, time, okta }
    }
}

pub(crate) const JOIN: &str = "PUT /api/v1/groups/00g1abcdefghijklmnop/users/00u1abcdefghijklmnop";
pub(crate) const LEAVE: &str =
    "DELETE /api/v1/groups/00g1abcdefghijklmnop/users/00u1abcdefghijklmnop";
pub(crate) const CREATE: &str = "POST /api/v1/users?activate=true";
pub(crate) const ACTIVATE: &str =
    "POST /api/v1/users/00u1abcdefghijklmnop/lifecycle/activate?sendEmail=true";
pub(crate) const REACTIVATE: &str =
    "POST /api/v1/users/00u1abcdefghijklmnop/lifecycle/reactivate?sendEmail=true";
pub(crate) const BY_ID: &str = "GET /api/v1/users/00u1abcdefghijklmnop";
pub(crate) const CHECK: &str = "GET /api/v1/groups/00g1abcdefghijklmnop";

/// A script that is being played.
pub(crate) struct Play {
    pub(crate) server: MockServer,
    stage: Stage,
    pub(crate) time: FakeTime,
    pub(crate) okta: Okta,
}

#[derive(Clone)]
struct Stage(Arc<Mutex<Acted>>);

struct Acted {
    left: VecDeque<(String, ResponseTemplate)>,
    strays: Vec<String>,
}

impl Play {
    /// Everything was asked, and nothing else.
    #[track_caller]
    pub(crate) fn over(&self) {
        let acted = self.stage.0.lock().unwrap();
        assert_eq!(acted.strays, Vec::<String>::new(), "what was asked and not expected");
        let left: Vec<_> = acted.left.iter().map(|(asked, _)| asked).collect();
        assert_eq!(left, Vec::<&String>::new(), "what was expected and not asked");
    }

    /// The requests so far.
    pub(crate) async fn requests(&self) -> Vec<Request> {
        self.server.received_requests().await.unwrap()
    }
}

impl Respond for Stage {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let asked = asked(request);
        let mut acted = self.0.lock().unwrap();
        match acted.left.front() {
            Some((expected, _)) if *expected == asked => {
                let (_, answer) = acted.left.pop_front().unwrap();
                answer
            }
            _ => {
                acted.strays.push(asked);
                // Not repeated, and no answer that anything is made of.
                ResponseTemplate::new(418)
            }
        }
    }
}

/// A request's method, and its path with its query.
pub(crate) fn asked(request: &Request) -> String {
    let query = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("{} {}{query}", request.method, request.url.path())
}
