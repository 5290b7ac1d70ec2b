//! What each status and code means.

use ravs_adapters_okta::OktaErrorKind;
use ravs_core::port::{IdentityProvider as _, PortError};
use wiremock::ResponseTemplate;

use crate::support::people::jo;
use crate::support::script::{CHECK, Script};

#[tokio::test]
async fn a_status_and_a_code_have_one_meaning() {
    let rejected = |code: &'static str| OktaErrorKind::Rejected { codes: vec![code.into()] };
    for (status, code, kind) in [
        (400, "E0000001", rejected("E0000001")),
        (400, "E0000003", rejected("E0000003")),
        (400, "E0000093", rejected("E0000093")),
        (400, "jo@nhs.net", rejected("http_400")),
        (401, "E0000004", OktaErrorKind::AuthFailed),
        (401, "E0000011", OktaErrorKind::AuthFailed),
        (403, "E0000005", OktaErrorKind::Forbidden),
        (403, "E0000006", OktaErrorKind::Forbidden),
        (403, "E0000016", OktaErrorKind::Conflict),
        (403, "E0000038", OktaErrorKind::Conflict),
        (403, "E0000117", OktaErrorKind::AccountDeactivated),
        (404, "E0000008", OktaErrorKind::Config),
        (404, "", OktaErrorKind::Protocol),
        (405, "E0000022", OktaErrorKind::Protocol),
        (409, "E0000062", OktaErrorKind::Conflict),
        (409, "E0000112", OktaErrorKind::NotYet),
        (411, "", OktaErrorKind::Protocol),
        (501, "E0000060", OktaErrorKind::Protocol),
    ] {
        let play = Script::new().error(CHECK, status, code).play().await;
        let error = play.okta.check().await.unwrap_err();
        assert_eq!(error.kind(), &kind, "{status} {code}");
        assert_eq!(error.status(), Some(status));
        play.over();
    }
}

#[tokio::test]
async fn a_no_without_oktas_words_is_somebody_elses() {
    for status in [400, 401, 403, 404, 407, 409, 413, 431] {
        for body in ["<html>no</html>", "", "{\"message\":\"Forbidden\"}"] {
            let kind = if body.starts_with('{') { "application/json" } else { "text/html" };
            let answer = ResponseTemplate::new(status).set_body_raw(body, kind);
            let play = Script::new().then(CHECK, answer).play().await;
            let error = play.okta.check().await.unwrap_err();
            assert_eq!(error.kind(), &OktaErrorKind::Protocol, "{status} {body}");
            assert!(PortError::from(error).is_retryable(), "{status}");
            play.over();
        }
    }
}

#[tokio::test]
async fn a_key_that_has_lapsed_or_a_role_that_is_gone_is_waited_for() {
    for (status, code) in [(401, "E0000011"), (403, "E0000006"), (404, "E0000008")] {
        let path = "GET /api/v1/users/jo%40nhs.net";
        let play = Script::new().error(path, status, code).play().await;
        let error = play.okta.grant_access(&jo()).await.unwrap_err();
        assert!(error.is_retryable() && error.to_string().contains(code), "{error}");
        play.over();
    }
}
