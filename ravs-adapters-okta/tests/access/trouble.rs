//! Trouble on the way.

use std::time::Duration;

use ravs_adapters_okta::{Okta, OktaErrorKind};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use wiremock::ResponseTemplate;

use crate::support::people::{TOKEN, jo, settings, user};
use crate::support::script::{CHECK, JOIN, Script};
use crate::support::time::FakeTime;
use crate::support::wire::{Act, Wire};

fn limited(seconds: u64) -> ResponseTemplate {
    ResponseTemplate::new(429)
        .insert_header("date", "Sun, 09 Sep 2001 01:46:40 GMT")
        .insert_header("x-rate-limit-limit", "600")
        .insert_header("x-rate-limit-remaining", "0")
        .insert_header("x-rate-limit-reset", (1_000_000_000 + seconds).to_string())
}

#[tokio::test]
async fn a_limit_is_waited_for_by_oktas_clock_whatever_the_local_one() {
    for ahead in [0, 600] {
        let script = Script::new().then(CHECK, limited(3));
        let play =
            script.json(CHECK, 200, serde_json::json!({ "type": "OKTA_GROUP" })).play().await;
        play.time.run_ahead(Duration::from_secs(ahead));
        play.okta.check().await.unwrap();
        assert_eq!(play.time.waits(), [Duration::from_secs(4)]);
        play.over();
    }
}

#[tokio::test]
async fn a_limit_beyond_the_deadline_is_told_at_once() {
    let play = Script::new().then(CHECK, limited(40)).play().await;
    let error = play.okta.check().await.unwrap_err();
    let retry_after = Some(Duration::from_secs(41));
    assert_eq!(error.kind(), &OktaErrorKind::RateLimited { retry_after });
    assert!(play.time.waits().is_empty());
    play.over();
}

#[tokio::test]
async fn no_permission_is_forbidden_and_not_repeated() {
    let play = Script::new().found("ACTIVE").error(JOIN, 403, "E0000006").play().await;
    let error = play.okta.grant(&jo()).await.unwrap_err();
    assert_eq!(error.kind(), &OktaErrorKind::Forbidden);
    assert_eq!(error.error_code(), Some("E0000006"));
    assert_eq!(error.error_id(), Some("oae1234567890"));
    play.over();
}

#[tokio::test]
async fn answers_that_are_none_of_oktas_are_errors_that_do_not_repeat_them() {
    let raw = |status: u16, body: &str, kind: &str| {
        ResponseTemplate::new(status)
            .set_body_raw(body.as_bytes().to_vec(), kind)
            .insert_header("x-okta-request-id", "Zx1")
    };
    let secret = "jo@nhs.net";
    for (answer, kind, tries) in [
        (raw(503, "<html>jo@nhs.net", "text/html"), OktaErrorKind::Unavailable, 4),
        (raw(500, "", "application/json"), OktaErrorKind::Unavailable, 4),
        (raw(200, "{\"type\":\"jo@nhs.net", "application/json"), OktaErrorKind::Protocol, 1),
        (raw(200, "{\"type\":[\"jo@nhs.net\"]}", "application/json"), OktaErrorKind::Protocol, 1),
        (raw(200, "<html>jo@nhs.net", "text/html"), OktaErrorKind::Protocol, 1),
        (raw(200, "", "text/plain"), OktaErrorKind::Protocol, 1),
    ] {
        let mut script = Script::new();
        for _ in 0..tries {
            script = script.then(CHECK, answer.clone());
        }
        let play = script.play().await;
        let error = play.okta.check().await.unwrap_err();
        assert_eq!(error.kind(), &kind);
        assert_eq!(error.request_id(), Some("Zx1"));
        assert!(!format!("{error} {error:?}").contains(secret), "{error:?}");
        play.over();
    }
}

#[tokio::test]
async fn okta_that_only_reads_is_tried_again_within_the_time_there_is() {
    let script = Script::new().found("ACTIVE").error(JOIN, 503, "E0000010").joined();
    let play = script.play().await;
    play.okta.grant(&jo()).await.unwrap();
    play.over();
    let mut script = Script::new().found("ACTIVE");
    for _ in 0..4 {
        script = script.error(JOIN, 503, "E0000010");
    }
    let play = script.play().await;
    let error = play.okta.grant(&jo()).await.unwrap_err();
    assert_eq!(error.kind(), &OktaErrorKind::Unavailable);
    play.over();
}

#[tokio::test]
async fn an_answer_that_trickles_is_given_up_by_the_limit_of_one_try() {
    let wire = Wire::start(vec![Act::Trickle; 4]).await;
    let settings = settings(&wire.uri, &FakeTime::default());
    let okta = Okta::new(settings.attempt_limit(Duration::from_millis(100))).unwrap();
    let error = okta.check().await.unwrap_err();
    assert_eq!(error.kind(), &OktaErrorKind::Timeout);
    assert_eq!(wire.heads().len(), 4, "reading is safe to repeat");
}

#[tokio::test]
async fn a_connection_that_breaks_is_tried_again_for_what_is_safe() {
    let found = Act::Answer(200, user("jo@nhs.net", "ACTIVE").to_string());
    let joined = Act::Answer(204, String::new());
    let acts = vec![Act::HangUp, found, Act::HangUp, Act::Silence, joined];
    let wire = Wire::start(acts).await;
    let settings = settings(&wire.uri, &FakeTime::default());
    let okta = Okta::new(settings.attempt_limit(Duration::from_millis(1500))).unwrap();
    okta.grant(&jo()).await.unwrap();
    assert_eq!(wire.heads().len(), 5);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    for status in [301, 302, 307, 308] {
        let away = ResponseTemplate::new(status).insert_header("location", "/api/v1/users/me");
        let play = Script::new().then(CHECK, away).play().await;
        let error = play.okta.check().await.unwrap_err();
        assert_eq!(error.kind(), &OktaErrorKind::Protocol, "{status}");
        play.over();
    }
}

#[tokio::test]
async fn a_put_and_a_post_without_a_body_say_that_it_is_empty() {
    let found = Act::Answer(200, user("jo@nhs.net", "PROVISIONED").to_string());
    let joined = Act::Answer(204, String::new());
    let wire = Wire::start(vec![found, joined, Act::Answer(200, "{}".to_owned())]).await;
    let okta = crate::support::people::okta(&wire.uri, &FakeTime::default());
    okta.ensure_access(&jo()).await.unwrap();
    let heads = wire.heads();
    assert!(heads[1].starts_with("PUT ") && heads[2].starts_with("POST "));
    for head in &heads[1..] {
        assert!(head.to_ascii_lowercase().contains("content-length: 0"), "{head}");
    }
}

#[tokio::test]
async fn no_time_left_is_a_timeout_without_a_request() {
    let play = Script::new().play().await;
    let time = FakeTime::default();
    let settings = settings(&play.server.uri(), &time).command_limit(Duration::ZERO);
    let error = Okta::new(settings).unwrap().check().await.unwrap_err();
    assert_eq!(error.kind(), &OktaErrorKind::Timeout);
    play.over();
}

#[tokio::test]
async fn where_tls_cannot_be_spoken_nothing_is_sent_in_the_clear() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = tokio::spawn(async move {
        let mut seen = Vec::new();
        // Every try, and no more.
        for _ in 0..4 {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut buffer = [0; 4096];
            let count = stream.read(&mut buffer).await.unwrap();
            seen.extend_from_slice(&buffer[..count]);
            let plain = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
            stream.write_all(plain).await.unwrap();
        }
        seen
    });
    let okta = Okta::new(settings(&format!("https://127.0.0.1:{port}"), &FakeTime::default()));
    let error = okta.unwrap().check().await.unwrap_err();
    assert_eq!(error.kind(), &OktaErrorKind::Unavailable);
    let seen = server.await.unwrap();
    // A greeting of TLS, in which there is nothing to read.
    assert_eq!(seen.first(), Some(&22));
    for secret in [TOKEN, "SSWS", "/api/v1"] {
        assert!(!seen.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret}");
    }
}
