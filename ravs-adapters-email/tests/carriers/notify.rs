//! Emails by GOV.UK Notify: each thing that is known of it.

use std::error::Error;
use std::time::Duration;

use chrono::{DateTime, Utc};
use ravs_adapters_email::NotifyMailer;
use ravs_adapters_email::notify::{DeliveryState, NotifyRefusal, NotifySilence};
use ravs_core::port::{Mailer, PortError, PortErrorKind};
use ravs_core::{EffectKey, Email};
use serde_json::{Value, json};
use uuid::Uuid;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::fake_notify::{
    Claims, FakeNotify, SERVICE, claims, filled_in, refusal, settings, template_id,
};
use crate::support::{clock, email, emails, now};

/// A Notify that answers every look-up and every send with these.
async fn answering(list: ResponseTemplate, sent: ResponseTemplate) -> (MockServer, NotifyMailer) {
    let server = MockServer::start().await;
    let on = |verb, at: &'static str| Mock::given(method(verb)).and(path(at));
    on("GET", "/v2/notifications").respond_with(list).mount(&server).await;
    on("POST", "/v2/notifications/email").respond_with(sent).mount(&server).await;
    let mailer = NotifyMailer::new(settings(&server.uri()), clock()).unwrap();
    (server, mailer)
}

fn nothing() -> ResponseTemplate {
    list(&json!([]))
}

fn list(notifications: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({"notifications": notifications, "links": {}}))
}

fn taken() -> ResponseTemplate {
    ResponseTemplate::new(201).set_body_json(json!({"id": Uuid::from_u128(9)}))
}

/// The list with one email of that key.
fn listed(email: &Email, status: &str) -> ResponseTemplate {
    list(&json!([{"id": Uuid::from_u128(9), "reference": email.key.as_str(), "status": status,
        "created_at": "2025-08-10T10:02:51.000000Z", "completed_at": "2025-08-10T10:03:00Z"}]))
}

async fn requests(server: &MockServer) -> Vec<Request> {
    server.received_requests().await.unwrap()
}

async fn posts(server: &MockServer) -> usize {
    requests(server).await.iter().filter(|request| request.method.as_str() == "POST").count()
}

/// What comes of an answer to the sending.
async fn error_of(answer: ResponseTemplate) -> PortError {
    let (_server, mailer) = answering(nothing(), answer).await;
    mailer.send(&email()).await.unwrap_err()
}

fn refused(error: &PortError) -> &NotifyRefusal {
    error.source().unwrap().downcast_ref().unwrap()
}

fn silence(error: &PortError) -> NotifySilence {
    *error.source().unwrap().downcast_ref().unwrap()
}

#[tokio::test]
async fn a_request_has_all_that_notify_asks_for() {
    let server = MockServer::start().await;
    Mock::given(method("GET")).respond_with(nothing()).mount(&server).await;
    Mock::given(method("POST")).respond_with(taken()).mount(&server).await;
    let reply_to = Uuid::from_u128(77);
    let settings = settings(&format!("{}/some/path", server.uri())).replies_to(reply_to);
    let mailer = NotifyMailer::new(settings, clock()).unwrap();
    let email = email();
    mailer.send(&email).await.unwrap();
    let requests = requests(&server).await;
    let [look_up, post] = requests.as_slice() else { panic!("two requests: {requests:?}") };
    assert_eq!(
        (look_up.method.as_str(), look_up.url.path()),
        ("GET", "/some/path/v2/notifications")
    );
    let query: Vec<_> = look_up.url.query_pairs().into_owned().collect();
    let expected = [("template_type", "email"), ("reference", email.key.as_str())];
    assert_eq!(query, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!(post.url.path(), "/some/path/v2/notifications/email");
    assert_eq!(post.headers["content-type"], "application/json");
    let personalisation: serde_json::Map<_, _> =
        email.fields.iter().map(|field| (field.name.to_string(), json!(field.value))).collect();
    let body: Value = serde_json::from_slice(&post.body).unwrap();
    let expected = json!({
        "email_address": "zoe@nhs.net",
        "template_id": template_id(email.notice),
        "personalisation": personalisation,
        "reference": email.key.as_str(),
        "sanitise_content_for": ["greeting", "organisation"],
        "email_reply_to_id": reply_to,
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn a_token_is_of_the_service_and_of_the_moment() {
    let (server, mailer) = answering(nothing(), taken()).await;
    mailer.send(&email()).await.unwrap();
    for request in requests(&server).await {
        let expected = Claims { iss: SERVICE.into(), iat: now().timestamp() };
        assert_eq!(claims(&request), Some(expected), "signed with the secret, and no more claims");
        let bearer = request.headers["authorization"].to_str().unwrap().to_owned();
        let header = jsonwebtoken::decode_header(bearer.trim_start_matches("Bearer ")).unwrap();
        assert_eq!(header.alg, jsonwebtoken::Algorithm::HS256);
        assert_eq!(header.typ.as_deref(), Some("JWT"));
    }
}

#[tokio::test]
async fn templates_say_what_the_emails_say() {
    let notify = FakeNotify::start().await;
    let mailer = notify.mailer();
    for email in emails() {
        mailer.send(&email).await.unwrap();
        let body = notify.sent().pop().unwrap();
        assert_eq!(filled_in(&body), Some((email.subject, email.text)));
        assert!(body.get("email_reply_to_id").is_none());
    }
}

#[tokio::test]
async fn what_is_there_already_is_not_sent_again() {
    let email = email();
    for status in [
        "created",
        "sending",
        "pending",
        "delivered",
        "permanent-failure",
        "temporary-failure",
        "a-status-of-tomorrow",
    ] {
        let (server, mailer) = answering(listed(&email, status), taken()).await;
        mailer.send(&email).await.unwrap();
        assert_eq!(posts(&server).await, 0, "{status}");
    }
}

#[tokio::test]
async fn what_never_left_notify_is_sent_again() {
    let email = email();
    let (server, mailer) = answering(listed(&email, "technical-failure"), taken()).await;
    mailer.send(&email).await.unwrap();
    assert_eq!(posts(&server).await, 1);
    let one = |status: &str| json!({"id": Uuid::from_u128(9), "reference": email.key.as_str(), "status": status});
    let both = list(&json!([one("technical-failure"), one("delivered")]));
    let (server, mailer) = answering(both, taken()).await;
    mailer.send(&email).await.unwrap();
    assert_eq!(posts(&server).await, 0, "another of it has gone");
}

#[tokio::test]
async fn emails_of_other_references_are_not_taken_for_this_one() {
    let others = list(&json!([
        {"id": Uuid::from_u128(1), "reference": "another", "status": "delivered"},
        {"id": Uuid::from_u128(2), "reference": null, "status": "delivered"},
    ]));
    let (server, mailer) = answering(others, taken()).await;
    mailer.send(&email()).await.unwrap();
    assert_eq!(posts(&server).await, 1);
    assert_eq!(mailer.delivery(&email().key).await.unwrap(), None);
}

#[tokio::test]
async fn two_who_send_the_same_email_at_once_send_it_once() {
    // A Notify that knows of no email yet, as in the moment after it took one.
    let (server, mailer) = answering(nothing(), taken()).await;
    let email = email();
    let (first, second) = tokio::join!(mailer.send(&email), mailer.send(&email));
    first.unwrap();
    assert_eq!(*second.unwrap_err().kind(), PortErrorKind::Unavailable);
    assert_eq!(posts(&server).await, 1);
    // Who asks afterwards, asks Notify.
    mailer.send(&email).await.unwrap();
    assert_eq!(posts(&server).await, 2);
}

#[tokio::test]
async fn nothing_is_sent_where_the_look_up_fails() {
    for answer in [
        ResponseTemplate::new(500),
        ResponseTemplate::new(200).set_body_string("<html>hello</html>"),
        ResponseTemplate::new(200).set_body_string("{\"notifications\": [{"),
        ResponseTemplate::new(200).set_body_json(json!({})),
        refusal(429, "RateLimitError", "Exceeded rate limit"),
    ] {
        let (server, mailer) = answering(answer, taken()).await;
        let error = mailer.send(&email()).await.unwrap_err();
        assert!(error.is_retryable(), "{error:?}");
        assert_eq!(posts(&server).await, 0);
    }
}

#[tokio::test]
async fn the_rate_limit_asks_for_a_minute() {
    let error = error_of(refusal(429, "RateLimitError", "3000 requests per 60 seconds")).await;
    let retry_after = Some(Duration::from_secs(60));
    assert_eq!(*error.kind(), PortErrorKind::Throttled { retry_after });
    // So does one of a name that is not known, or of none.
    for answer in [refusal(429, "NewError", ""), ResponseTemplate::new(429)] {
        let error = error_of(answer).await;
        assert_eq!(*error.kind(), PortErrorKind::Throttled { retry_after });
    }
}

#[tokio::test]
async fn the_daily_limit_asks_for_midnight_utc() {
    let error = error_of(refusal(429, "TooManyRequestsError", "(250,000) for today")).await;
    // It is 10:02:51 UTC.
    let retry_after = Some(Duration::from_secs(86_400 - (10 * 3600 + 2 * 60 + 51)));
    assert_eq!(*error.kind(), PortErrorKind::Throttled { retry_after });
}

fn dated(seconds: i64) -> ResponseTemplate {
    let theirs: DateTime<Utc> = now() + chrono::TimeDelta::seconds(seconds);
    let date = theirs.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    refusal(403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds")
        .insert_header("date", date.as_str())
}

#[tokio::test]
async fn a_clock_that_is_off_is_told_by_how_much() {
    for (theirs, said) in [(95, "95 seconds behind"), (-3600, "3600 seconds ahead of")] {
        let error = error_of(dated(theirs)).await;
        assert_eq!(*error.kind(), PortErrorKind::Unavailable, "a clock can be set");
        assert!(error.to_string().contains(said), "{error}");
        assert!(error.to_string().contains("set the clock"), "{error}");
    }
}

#[tokio::test]
async fn a_key_that_is_refused_with_the_clock_right_can_be_put_right() {
    for theirs in [0, 29, -29] {
        let error = error_of(dated(theirs)).await;
        assert_eq!(*error.kind(), PortErrorKind::Unavailable);
        assert!(error.to_string().contains("API key"), "{error}");
        assert_eq!((refused(&error).status(), refused(&error).error()), (403, Some("AuthError")));
    }
}

#[tokio::test]
async fn what_notify_refuses_for_good_is_rejected() {
    for (status, name) in [
        (400, Some("BadRequestError")),
        (400, Some("ValidationError")),
        (400, Some("AnErrorOfTomorrow")),
        (404, Some("NoResultFound")),
        (405, None),
        (413, None),
        (418, Some("a name? no: zoe@nhs.net")),
    ] {
        let answer = refusal(status, name.unwrap_or_default(), "zoe@nhs.net is no address");
        let error = error_of(answer).await;
        assert_eq!(*error.kind(), PortErrorKind::Rejected, "{status}");
        assert_eq!(refused(&error).status(), status);
        let shown = format!("{error} {error:?} {}", refused(&error));
        assert!(!shown.contains("zoe"), "{shown}");
    }
}

#[tokio::test]
async fn what_may_pass_may_be_tried_again() {
    for status in [408, 500, 502, 503, 504] {
        let html = ResponseTemplate::new(status).set_body_string("<html>zoe@nhs.net</html>");
        let error = error_of(html).await;
        assert_eq!(*error.kind(), PortErrorKind::Unavailable, "{status}");
        assert!(!format!("{error:?}").contains("zoe"));
    }
}

#[tokio::test]
async fn it_is_decided_by_status_and_name_and_never_by_words() {
    let words = ["", "Exceeded rate limit", "Your system clock", "send limits", "Invalid token"];
    for (status, name) in [(400, "BadRequestError"), (429, "RateLimitError"), (500, "Exception")] {
        let mut said = Vec::new();
        for words in words {
            let error = error_of(refusal(status, name, words)).await;
            said.push(format!("{error} {:?}", error.kind()));
        }
        said.dedup();
        assert_eq!(said.len(), 1, "{said:?}");
    }
}

#[tokio::test]
async fn nobody_is_followed_elsewhere() {
    let elsewhere = MockServer::start().await;
    let answer = ResponseTemplate::new(302).insert_header("location", elsewhere.uri().as_str());
    let error = error_of(answer).await;
    assert_eq!(*error.kind(), PortErrorKind::Rejected);
    assert!(requests(&elsewhere).await.is_empty(), "no token goes there");
}

#[tokio::test]
async fn accepted_is_accepted_whatever_it_says_beside() {
    for body in ["", "<html>", "{\"id\":"] {
        let answer = ResponseTemplate::new(201).set_body_string(body);
        let (_server, mailer) = answering(nothing(), answer).await;
        mailer.send(&email()).await.unwrap();
    }
}

#[tokio::test]
async fn an_answer_without_end_is_not_read() {
    let long = ResponseTemplate::new(200).set_body_bytes(vec![b' '; 5 * 1024 * 1024]);
    let (_server, mailer) = answering(long, taken()).await;
    let error = mailer.send(&email()).await.unwrap_err();
    assert_eq!(*error.kind(), PortErrorKind::Unavailable);
    assert_eq!(silence(&error), NotifySilence::TooLong);
}

#[tokio::test]
async fn no_answer_may_be_tried_again() {
    let late = nothing().set_delay(Duration::from_secs(30));
    let server = MockServer::start().await;
    Mock::given(method("GET")).respond_with(late).mount(&server).await;
    let settings_of = |url: &str| settings(url).timeout(Duration::from_millis(200));
    let mailer = NotifyMailer::new(settings_of(&server.uri()), clock()).unwrap();
    let error = mailer.send(&email()).await.unwrap_err();
    assert_eq!((error.kind(), silence(&error)), (&PortErrorKind::Unavailable, NotifySilence::Late));

    // A port on which nobody listens.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mailer = NotifyMailer::new(settings_of(&format!("http://{free}")), clock()).unwrap();
    let error = mailer.send(&email()).await.unwrap_err();
    let no_connection = (&PortErrorKind::Unavailable, NotifySilence::NoConnection);
    assert_eq!((error.kind(), silence(&error)), no_connection);

    // One on which somebody listens, and hangs up.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let hanging_up = tokio::spawn(async move {
        loop {
            drop(listener.accept().await.unwrap());
        }
    });
    let mailer = NotifyMailer::new(settings_of(&url), clock()).unwrap();
    let error = mailer.send(&email()).await.unwrap_err();
    let broken_off = (&PortErrorKind::Unavailable, NotifySilence::BrokenOff);
    assert_eq!((error.kind(), silence(&error)), broken_off);
    hanging_up.abort();
}

#[tokio::test]
async fn a_delivery_can_be_read_back() {
    let email = email();
    for (status, state) in [
        ("created", DeliveryState::Created),
        ("sending", DeliveryState::Sending),
        ("delivered", DeliveryState::Delivered),
        ("permanent-failure", DeliveryState::PermanentFailure),
        ("temporary-failure", DeliveryState::TemporaryFailure),
        ("technical-failure", DeliveryState::TechnicalFailure),
        ("a-status-of-tomorrow", DeliveryState::Unknown),
    ] {
        let (_server, mailer) = answering(listed(&email, status), taken()).await;
        let delivery = mailer.delivery(&email.key).await.unwrap().unwrap();
        assert_eq!((delivery.state(), delivery.id()), (state, Uuid::from_u128(9)));
        assert_eq!(delivery.created_at(), Some(now()));
        assert_eq!(delivery.completed_at(), Some("2025-08-10T10:03:00Z".parse().unwrap()));
    }
    let (_server, mailer) = answering(nothing(), taken()).await;
    assert_eq!(mailer.delivery(&email.key).await.unwrap(), None);
}

#[tokio::test]
async fn what_cannot_be_sent_is_not_asked_for() {
    let (server, mailer) = answering(nothing(), taken()).await;
    let (mut incomplete, mut personal) = (email(), email());
    incomplete.fields.pop();
    personal.key = EffectKey::from_stored("zoe@nhs.net".into());
    for email in [incomplete, personal] {
        let error = mailer.send(&email).await.unwrap_err();
        assert_eq!(*error.kind(), PortErrorKind::Rejected);
        assert!(!format!("{error} {error:?}").contains("zoe"));
    }
    assert!(requests(&server).await.is_empty());
}

#[test]
fn every_fault_of_the_settings_is_named() {
    let settings = settings("http://notify.example").timeout(Duration::ZERO);
    let error = NotifyMailer::new(settings, clock()).unwrap_err();
    let named: Vec<_> = error.faults().iter().map(|fault| fault.setting()).collect();
    assert_eq!(named, ["base_url", "timeout"]);
}
