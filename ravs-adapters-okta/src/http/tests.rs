//! What is repeated and what is not, class by class. Time is a list of what was waited.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::error::OktaErrorKind;

/// A time that passes only by sleeping, and chance that is always the same.
#[derive(Default)]
struct Waits(Mutex<Vec<Duration>>);

#[async_trait]
impl Pace for Waits {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }

    fn elapsed(&self) -> Duration {
        self.0.lock().unwrap().iter().sum()
    }

    async fn sleep(&self, time: Duration) {
        self.0.lock().unwrap().push(time);
    }

    fn jitter(&self, _: Duration) -> Duration {
        Duration::ZERO
    }
}

struct Scene {
    server: MockServer,
    pace: Arc<Waits>,
    http: Http,
}

/// A server that gives these answers one after the other.
async fn scene(answers: impl IntoIterator<Item = ResponseTemplate>) -> Scene {
    let server = MockServer::start().await;
    for answer in answers {
        Mock::given(any()).respond_with(answer).up_to_n_times(1).mount(&server).await;
    }
    let pace = Arc::new(Waits::default());
    let org = server.uri().parse().unwrap();
    let http = Http::new(org, Arc::clone(&pace) as Arc<dyn Pace>, Limits::default()).unwrap();
    Scene { server, pace, http }
}

impl Scene {
    async fn send(&self, class: Class) -> Result<Answer, OktaError> {
        let call = Call::post("a call", self.http.url("a call", "/x").unwrap(), class);
        self.http.send(&call, &Anonymous, self.http.deadline()).await
    }

    async fn requests(&self) -> usize {
        self.server.received_requests().await.unwrap().len()
    }

    fn waited(&self) -> Vec<u128> {
        self.pace.0.lock().unwrap().iter().map(Duration::as_millis).collect()
    }
}

fn answer(status: u16) -> ResponseTemplate {
    ResponseTemplate::new(status)
}

/// 429 that asks for some seconds by the server's own clock, which is years behind.
fn limited(seconds: u64) -> ResponseTemplate {
    answer(429)
        .insert_header("date", "Sun, 09 Sep 2001 01:46:40 GMT")
        .insert_header("x-rate-limit-limit", "600")
        .insert_header("x-rate-limit-reset", (1_000_000_000 + seconds).to_string())
        .insert_header("x-okta-request-id", "first")
}

#[tokio::test]
async fn safe_and_token_calls_are_repeated_three_times() {
    for class in [Class::Safe, Class::Token] {
        let scene = scene([500, 502, 503, 200].map(answer)).await;
        scene.send(class).await.unwrap();
        assert_eq!(scene.waited(), [125, 250, 500], "half of the wait is chance");
        let scene = self::scene([500, 502, 503, 504, 200].map(answer)).await;
        let error = scene.send(class).await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (&OktaErrorKind::Unavailable, Some(504)));
        assert!(!error.is_unclear());
        assert_eq!(scene.requests().await, 4);
    }
}

#[tokio::test]
async fn guarded_and_mail_calls_are_not_repeated_when_they_may_have_happened() {
    for class in [Class::Guarded, Class::Mail] {
        let scene = scene([500, 200].map(answer)).await;
        assert!(scene.send(class).await.unwrap_err().is_unclear());
        assert_eq!((scene.requests().await, scene.waited().len()), (1, 0));
    }
}

#[tokio::test]
async fn a_limit_is_waited_for_by_every_class_and_by_the_servers_clock() {
    for class in [Class::Safe, Class::Guarded, Class::Mail, Class::Token] {
        let scene = scene([limited(3), answer(200)]).await;
        scene.send(class).await.unwrap();
        assert_eq!(scene.waited(), [4000]);
        let requests = scene.server.received_requests().await.unwrap();
        assert_eq!(requests[1].headers.get("x-okta-retry-for").unwrap(), "first");
        assert_eq!(requests[1].headers.get("x-okta-retry-count").unwrap(), "1");
    }
}

#[tokio::test]
async fn a_once_call_is_not_repeated_whatever_happens() {
    for first in [answer(500), answer(503), limited(1)] {
        let scene = scene([first, answer(200)]).await;
        scene.send(Class::Once).await.unwrap_err();
        assert_eq!((scene.requests().await, scene.waited().len()), (1, 0));
    }
}

#[tokio::test]
async fn a_limit_beyond_the_deadline_is_an_error_at_once() {
    let scene = scene([limited(40), answer(200)]).await;
    let error = scene.send(Class::Safe).await.unwrap_err();
    let retry_after = Some(Duration::from_secs(41));
    assert_eq!(error.kind(), &OktaErrorKind::RateLimited { retry_after });
    assert_eq!((scene.requests().await, scene.waited().len()), (1, 0));
}

#[tokio::test]
async fn what_never_left_is_repeated_by_every_class() {
    for class in [Class::Safe, Class::Guarded, Class::Mail, Class::Token] {
        let mut scene = scene([]).await;
        // Bound and let go of again: nobody listens there.
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let org = format!("http://127.0.0.1:{port}").parse().unwrap();
        let pace = Arc::clone(&scene.pace) as Arc<dyn Pace>;
        scene.http = Http::new(org, pace, Limits::default()).unwrap();
        let error = scene.send(class).await.unwrap_err();
        assert_eq!((error.kind(), error.is_unclear()), (&OktaErrorKind::Unavailable, false));
        assert_eq!(scene.waited().len(), 3, "{class:?}");
    }
}

#[tokio::test]
async fn a_no_and_a_redirect_are_not_repeated() {
    for (status, kind) in [
        (302, OktaErrorKind::Protocol),
        (401, OktaErrorKind::Protocol),
        (403, OktaErrorKind::Protocol),
        (411, OktaErrorKind::Protocol),
        (501, OktaErrorKind::Protocol),
        (422, OktaErrorKind::Protocol),
    ] {
        let scene = scene([answer(status).insert_header("location", "/y"), answer(200)]).await;
        assert_eq!(scene.send(Class::Safe).await.unwrap_err().kind(), &kind);
        assert_eq!(scene.requests().await, 1, "{status}");
    }
}

#[tokio::test]
async fn an_answer_without_end_is_not_read_to_its_end() {
    let mut scene = scene([answer(200).set_body_bytes(vec![b' '; 5000])]).await;
    scene.http.limits.body = 4999;
    let error = scene.send(Class::Safe).await.unwrap_err();
    assert_eq!(error.kind(), &OktaErrorKind::Protocol);
}

#[tokio::test]
async fn a_post_without_a_body_says_so() {
    let scene = scene([answer(200)]).await;
    scene.send(Class::Guarded).await.unwrap();
    let requests = scene.server.received_requests().await.unwrap();
    assert_eq!(requests[0].headers.get("content-length").unwrap(), "0");
    assert!(requests[0].headers.get("user-agent").unwrap().to_str().unwrap().contains("okta"));
    assert_eq!(requests[0].headers.get("accept").unwrap(), "application/json");
}

#[tokio::test]
async fn urls_lead_nowhere_else() {
    let scene = scene([]).await;
    for path in ["/api/v1/users/..", "/api/v1/users/.", "/a/../b", "/a/%2e%2e/b", "@evil.example/"]
    {
        assert!(scene.http.url("a call", path).is_err(), "{path}");
    }
    let good = format!("/api/v1/users/{}?x=y", segment("a+b@x.uk"));
    let url = scene.http.url("a call", &good).unwrap();
    assert_eq!(url.path(), "/api/v1/users/a%2Bb%40x.uk");
    assert!(scene.http.pinned("a call", "https://evil.example/api/v1/users").is_err());
    assert!(scene.http.pinned("a call", url.as_str()).is_ok());
}
