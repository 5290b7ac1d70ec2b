//! Who has access, in pages.

use ravs_adapters_okta::{Cursor, OktaErrorKind};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::people::{GROUP, okta, user};
use crate::support::script::asked;
use crate::support::time::FakeTime;

/// A page of these, with one `Link` line for itself and one for what follows.
fn page(ids: &[&str], next: Option<String>) -> ResponseTemplate {
    let users: Vec<Value> = ids
        .iter()
        .map(|id| {
            let mut user = user(&format!("{id}@nhs.net"), "ACTIVE");
            user["id"] = format!("00u1{id:a<16}").into();
            user
        })
        .collect();
    let answer = ResponseTemplate::new(200).set_body_json(users);
    let answer = answer.append_header("link", "<https://elsewhere.example/x>; rel=\"self\"");
    match next {
        Some(next) => answer.append_header("link", format!("<{next}>; rel=\"next\"")),
        None => answer,
    }
}

/// A server that gives these pages one after the other.
async fn pages(pages: Vec<ResponseTemplate>) -> MockServer {
    let server = MockServer::start().await;
    for page in pages {
        Mock::given(any()).respond_with(page).up_to_n_times(1).mount(&server).await;
    }
    server
}

#[tokio::test]
async fn everybody_is_listed_once_and_in_order_also_across_an_empty_page() {
    let server = MockServer::start().await;
    let path = format!("/api/v1/groups/{GROUP}/users");
    let next = |after: &str| Some(format!("{}{path}?after={after}&limit=200", server.uri()));
    for page in [page(&["a", "b"], next("2")), page(&[], next("3,x")), page(&["c"], None)] {
        Mock::given(any()).respond_with(page).up_to_n_times(1).mount(&server).await;
    }
    let okta = okta(&server.uri(), &FakeTime::default());
    let all = okta.all_members().await.unwrap();
    let logins: Vec<_> =
        all.iter().map(|account| account.login().unwrap().as_str().to_owned()).collect();
    assert_eq!(logins, ["a@nhs.net", "b@nhs.net", "c@nhs.net"]);
    let asked: Vec<_> = server.received_requests().await.unwrap().iter().map(asked).collect();
    let expected = ["limit=200", "after=2&limit=200", "after=3,x&limit=200"];
    assert_eq!(asked, expected.map(|query| format!("GET {path}?{query}")));
}

#[tokio::test]
async fn a_page_that_leads_away_is_refused_and_nothing_goes_there() {
    let trap = MockServer::start().await;
    for odd in [
        "TRAP/api/v1/groups/GROUP/users?after=2",
        "https://HERE/api/v1/groups/GROUP/users?after=2",
        "http://HERE1/api/v1/groups/GROUP/users?after=2",
        "http://jo@HERE/api/v1/groups/GROUP/users?after=2",
        "http://HERE/evil?after=2",
        "http://HERE/api/v1/groups/GROUP/users/../../../users",
        "http://HERE/api/v1/groups/GROUP/users?limit=200",
        "/api/v1/groups/GROUP/users?after=2",
        "",
    ] {
        let server = MockServer::start().await;
        let next = odd
            .replace("TRAP", &trap.uri())
            .replace("HERE", &server.address().to_string())
            .replace("GROUP", GROUP);
        let first = page(&["a"], Some(next));
        Mock::given(any()).respond_with(first).mount(&server).await;
        let okta = okta(&server.uri(), &FakeTime::default());
        let error = okta.all_members().await.unwrap_err();
        assert_eq!(error.kind(), &OktaErrorKind::Protocol, "{odd}");
        assert_eq!(server.received_requests().await.unwrap().len(), 1, "{odd}");
    }
    assert!(trap.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_link_that_is_not_text_is_not_the_end_of_the_list() {
    let link = b"<https://here.example/?after=\xff>; rel=\"next\"".as_slice();
    let odd = reqwest::header::HeaderValue::from_bytes(link).unwrap();
    let server = pages(vec![page(&["a"], None).append_header("link", odd)]).await;
    let error = okta(&server.uri(), &FakeTime::default()).all_members().await.unwrap_err();
    assert_eq!(error.kind(), &OktaErrorKind::Protocol);
}

#[tokio::test]
async fn a_list_without_end_ends_as_an_error() {
    let server = MockServer::start().await;
    let path = format!("{}/api/v1/groups/{GROUP}/users", server.uri());
    let [there, back] =
        ["after=1", "after=2"].map(|query| page(&["a"], Some(format!("{path}?{query}"))));
    Mock::given(wiremock::matchers::query_param("after", "1"))
        .respond_with(back)
        .mount(&server)
        .await;
    Mock::given(any()).respond_with(there).mount(&server).await;
    let okta = okta(&server.uri(), &FakeTime::default());
    let error = okta.all_members().await.unwrap_err();
    assert_eq!(error.kind(), &OktaErrorKind::Protocol);
    // First page, 1, 2, and then it is 1 again.
    assert_eq!(server.received_requests().await.unwrap().len(), 3);
}

#[tokio::test]
async fn a_cursor_is_checked_where_it_is_used() {
    let server = pages(vec![page(&["a"], None)]).await;
    let okta = okta(&server.uri(), &FakeTime::default());
    for odd in ["", "https://evil.example/", "http://127.0.0.1:1/api/v1/users"] {
        let error = okta.members(Some(&Cursor::new(odd))).await.unwrap_err();
        assert!(matches!(error.kind(), OktaErrorKind::Rejected { .. }), "{odd}");
    }
    let elsewhere = Cursor::new(format!("{}/api/v1/users?limit=1", server.uri()));
    assert!(okta.members(Some(&elsewhere)).await.is_err());
    assert!(server.received_requests().await.unwrap().is_empty());
    let good = format!("{}/api/v1/groups/{GROUP}/users?after=9", server.uri());
    assert_eq!(okta.members(Some(&Cursor::new(good))).await.unwrap().accounts.len(), 1);
}

#[tokio::test]
async fn an_account_without_an_id_like_oktas_is_no_account() {
    let mut odd = user("a@nhs.net", "ACTIVE");
    odd["id"] = "../me".into();
    let server = pages(vec![ResponseTemplate::new(200).set_body_json(json!([odd]))]).await;
    let error = okta(&server.uri(), &FakeTime::default()).members(None).await.unwrap_err();
    assert_eq!(error.kind(), &OktaErrorKind::Protocol);
}
