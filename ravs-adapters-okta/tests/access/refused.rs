//! What each status and code means.

use ravs_adapters_okta::OktaErrorKind;

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
