//! An Okta organisation that remembers: accounts, one group, emails that were sent.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

/// An Okta organisation that remembers. Clones are the same one.
#[derive(Clone, Default)]
pub(crate) struct Tenant(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    accounts: Vec<Held>,
    down: bool,
    lag: usize,
    faults: VecDeque<Fault>,
    calls: Vec<String>,
    tokens: usize,
}

/// An account.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) id: String,
    pub(crate) login: String,
    pub(crate) status: String,
    pub(crate) member: bool,
    pub(crate) emails: usize,
    /// How many more times it is looked for and not shown.
    pub(crate) unseen: usize,
}

/// What goes wrong with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing.
    None,
    /// It is not carried out, and the answer is this status.
    Before(u16),
    /// It is carried out, and the answer is this status all the same.
    After(u16),
    /// It is carried out, and the answer is no JSON.
    Garbled,
}

impl Tenant {
    /// Accounts live here from now on.
    pub(crate) async fn serve(&self) -> MockServer {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(self.clone()).mount(&server).await;
        server
    }

    /// Has an account with this login be in this status.
    pub(crate) fn put(&self, login: &str, status: &str) {
        let mut state = self.state();
        match state.find(login) {
            Some(at) => state.accounts[at].status = status.to_owned(),
            None => state.add(login, status),
        }
    }

    /// Has an account be a member of the group or not, as an administrator does it by hand.
    pub(crate) fn set_member(&self, login: &str, member: bool) {
        let mut state = self.state();
        let at = state.find(login).unwrap();
        state.accounts[at].member = member;
    }

    pub(crate) fn account(&self, login: &str) -> Option<Held> {
        let state = self.state();
        state.find(login).map(|at| state.accounts[at].clone())
    }

    pub(crate) fn set_down(&self, down: bool) {
        self.state().down = down;
    }

    /// Accounts that are made from now on are not shown the first so many times that they are
    /// looked for.
    pub(crate) fn set_lag(&self, lag: usize) {
        self.state().lag = lag;
    }

    /// What goes wrong with the next requests, one after the other.
    pub(crate) fn fail_next(&self, faults: impl IntoIterator<Item = Fault>) {
        self.state().faults = faults.into_iter().collect();
    }

    /// Every request so far: its method and path, ids and logins left out; and after one that was
    /// not carried out, the status that it was answered with.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.state().calls.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }
}

impl State {
    /// By login, whatever the case, or by id.
    fn find(&self, who: &str) -> Option<usize> {
        self.accounts.iter().position(|held| held.login.eq_ignore_ascii_case(who) || held.id == who)
    }

    /// The same, of those that are shown already.
    fn see(&mut self, who: &str) -> Option<usize> {
        let at = self.find(who)?;
        let held = &mut self.accounts[at];
        let is_seen = held.unseen == 0;
        held.unseen = held.unseen.saturating_sub(1);
        is_seen.then_some(at)
    }

    fn add(&mut self, login: &str, status: &str) {
        let id = format!("00u1{:0>16}", self.accounts.len());
        let (login, status) = (login.to_owned(), status.to_owned());
        self.accounts.push(Held { id, login, status, member: false, emails: 0, unseen: 0 });
    }

    /// Carries a request out.
    fn answer(&mut self, request: &Request) -> ResponseTemplate {
        let path = path(request);
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let query = |name: &str| {
            request.url.query_pairs().find(|(key, _)| key == name).map(|(_, v)| v.into_owned())
        };
        let method = request.method.as_str();
        match (method, path.as_slice()) {
            ("POST", ["oauth2", "v1", "token"]) => {
                self.tokens += 1;
                let token = format!("token-{}", self.tokens);
                let body = json!({
                    "token_type": "Bearer", "expires_in": 3600, "access_token": token,
                });
                ResponseTemplate::new(200).set_body_json(body)
            }
            ("GET", ["api", "v1", "users"]) => {
                let filter = query("filter").unwrap_or_default();
                let wanted = filter.split('"').nth(1).unwrap_or_default().to_owned();
                let found = self.see(&wanted).map(|at| &self.accounts[at]);
                let exact = |held: &&Held| held.login == wanted;
                let found: Vec<_> = found.into_iter().filter(exact).map(Held::json).collect();
                ResponseTemplate::new(200).set_body_json(found)
            }
            ("GET", ["api", "v1", "users", who]) => match self.see(who) {
                Some(at) => ResponseTemplate::new(200).set_body_json(self.accounts[at].json()),
                None => refusal(404, "E0000007"),
            },
            ("POST", ["api", "v1", "users"]) => self.create(request, query("activate")),
            ("POST", ["api", "v1", "users", who, "lifecycle", step]) => {
                let send = query("sendEmail").as_deref() == Some("true");
                self.lifecycle(who, step, send)
            }
            ("GET", ["api", "v1", "groups", _]) => {
                ResponseTemplate::new(200).set_body_json(json!({ "type": "OKTA_GROUP" }))
            }
            ("GET", ["api", "v1", "groups", _, "users"]) => self.members(request, query("after")),
            ("PUT" | "DELETE", ["api", "v1", "groups", _, "users", who]) => match self.see(who) {
                Some(at) => {
                    self.accounts[at].member = method == "PUT";
                    ResponseTemplate::new(204)
                }
                None => refusal(404, "E0000007"),
            },
            _ => refusal(404, "E0000008"),
        }
    }

    fn create(&mut self, request: &Request, activate: Option<String>) -> ResponseTemplate {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let login = body["profile"]["login"].as_str().unwrap().to_owned();
        if self.find(&login).is_some() {
            return refusal(400, "E0000001");
        }
        let activate = activate.as_deref() != Some("false");
        self.add(&login, if activate { "PROVISIONED" } else { "STAGED" });
        let lag = self.lag;
        let made = self.accounts.last_mut().unwrap();
        made.unseen = lag;
        made.emails += usize::from(activate);
        made.member = body["groupIds"].as_array().is_some_and(|groups| !groups.is_empty());
        ResponseTemplate::new(200).set_body_json(made.json())
    }

    fn lifecycle(&mut self, who: &str, step: &str, send: bool) -> ResponseTemplate {
        let Some(at) = self.see(who) else { return refusal(404, "E0000007") };
        let held = &mut self.accounts[at];
        match (step, held.status.as_str()) {
            ("activate", "STAGED") | ("reactivate", "PROVISIONED") => {
                held.status = "PROVISIONED".to_owned();
                held.emails += usize::from(send);
                let live = json!({ "activationToken": "LIVE", "activationUrl": "https://x/LIVE" });
                ResponseTemplate::new(200).set_body_json(live)
            }
            _ => refusal(403, "E0000038"),
        }
    }

    /// Three a page, from an account on, and an empty page before each next one.
    fn members(&self, request: &Request, after: Option<String>) -> ResponseTemplate {
        let after = after.unwrap_or_default();
        let (from, empty) = match after.strip_prefix('-') {
            Some(from) => (from, true),
            None => (after.as_str(), false),
        };
        let from = from.parse().unwrap_or(0);
        let page = if empty { 0 } else { 3 };
        let members = self.accounts.iter().enumerate().skip(from).filter(|(_, held)| held.member);
        let shown: Vec<_> = members.clone().take(page).map(|(_, held)| held.json()).collect();
        let next = match members.clone().nth(page) {
            Some((at, _)) if empty => at.to_string(),
            Some((at, _)) => format!("-{at}"),
            None => return ResponseTemplate::new(200).set_body_json(shown),
        };
        let host = request.headers["host"].to_str().unwrap();
        let list = format!("http://{host}{}", request.url.path());
        ResponseTemplate::new(200)
            .set_body_json(shown)
            .append_header("link", format!("<{list}?limit=200>; rel=\"self\""))
            .append_header("link", format!("<{list}?after={next}&limit=200>; rel=\"next\""))
    }
}

impl Held {
    fn json(&self) -> Value {
        json!({
            "id": self.id,
            "status": self.status,
            "profile": { "login": self.login, "email": self.login },
        })
    }
}

impl Respond for Tenant {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let mut state = self.state();
        state.calls.push(named(request));
        if state.down {
            return refusal(503, "E0000010");
        }
        let fault = state.faults.pop_front().unwrap_or(Fault::None);
        match fault {
            Fault::None => state.answer(request),
            Fault::Before(status) => {
                state.calls.push(format!("{status}"));
                refusal(status, "E0000009")
            }
            Fault::After(status) => {
                state.answer(request);
                refusal(status, "E0000009")
            }
            Fault::Garbled => {
                state.answer(request);
                ResponseTemplate::new(200).set_body_raw("<html>", "text/html")
            }
        }
    }
}

/// A request's method and path, ids and logins left out.
fn named(request: &Request) -> String {
    let (method, path) = (&request.method, path(request));
    match path.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["api", "v1", "users", _] => format!("{method} user"),
        ["api", "v1", "users", _, rest @ ..] => format!("{method} user/{}", rest.join("/")),
        ["api", "v1", "groups", _] => format!("{method} group"),
        ["api", "v1", "groups", _, "users"] => format!("{method} members"),
        ["api", "v1", "groups", _, "users", _] => format!("{method} member"),
        other => format!("{method} {}", other.join("/")),
    }
}

fn path(request: &Request) -> Vec<String> {
    request.url.path_segments().into_iter().flatten().map(decoded).collect()
}

fn refusal(status: u16, code: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({ "errorCode": code, "errorId": "oae1" }))
}

fn decoded(part: &str) -> String {
    // A query decodes what a path escapes, save for `+`, which no path here has bare.
    let query = format!("x={part}");
    let (_, value) = url::form_urlencoded::parse(query.as_bytes()).next().unwrap();
    value.into_owned()
}
