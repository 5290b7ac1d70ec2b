//! Nothing that is shown holds an address, a name, a token or a key.

use std::error::Error;

use ravs_adapters_okta::{ClientKey, Credential, Cursor, Okta};
use ravs_core::port::PortError;
use secrecy::ExposeSecret as _;

use crate::support::keys::elliptic;
use crate::support::people::{TOKEN, jo, okta, settings};
use crate::support::script::{CREATE, JOIN, REACTIVATE, Script};
use crate::support::time::FakeTime;

/// An error and all that caused it, in every way that they can be shown.
fn shown(error: &(dyn Error + 'static)) -> String {
    let mut text = format!("{error} {error:?} {error:#?}");
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(&format!("{error} {error:?} {error:#?}"));
        source = error.source();
    }
    text
}

#[track_caller]
fn keeps_quiet(text: &str) {
    for secret in ["jo@", "jo%40", "nhs.net", "Zoë", "Neil", TOKEN, "LIVE", "PRIVATE"] {
        assert!(!text.contains(secret), "`{secret}` is in {text}");
    }
}

#[tokio::test]
async fn no_error_shows_it() {
    let wrong: [fn(Script) -> Script; 7] = [
        |script| script.error("GET /api/v1/users/jo%40nhs.net", 403, "E0000006"),
        |script| script.not_found().error(CREATE, 403, "E0000006"),
        |script| script.not_found().error(CREATE, 422, "jo@nhs.net"),
        |script| script.found("DEPROVISIONED"),
        |script| script.found("ACTIVE").error(JOIN, 409, "E0000062"),
        |script| script.found("PROVISIONED").joined().error(REACTIVATE, 403, "E0000006"),
        |script| {
            let odd = serde_json::json!({ "id": "jo@nhs.net", "status": { "jo@nhs.net": 1 } });
            script.json("GET /api/v1/users/jo%40nhs.net", 200, odd)
        },
    ];
    for script in wrong {
        let play = script(Script::new()).play().await;
        let error = play.okta.ensure_access(&jo()).await.unwrap_err();
        keeps_quiet(&shown(&error));
        keeps_quiet(&shown(&PortError::from(error)));
        play.over();
    }
}

#[tokio::test]
async fn no_failure_of_the_network_shows_the_url() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let okta = okta(&format!("http://127.0.0.1:{port}"), &FakeTime::default());
    let error = okta.ensure_access(&jo()).await.unwrap_err();
    assert!(error.source().is_some(), "the cause is kept");
    keeps_quiet(&shown(&error));
}

#[tokio::test]
async fn no_value_shows_it() {
    let key = elliptic();
    let client = ClientKey::from_pem("key-1", &key.pem).unwrap();
    let secret = key.pem.expose_secret().lines().nth(1).unwrap().to_owned();
    let app = Credential::service_app("0oa1", client.clone()).with_dpop();
    let token = Credential::api_token(TOKEN.into());
    let settings = settings("http://127.0.0.1:1", &FakeTime::default());
    let okta = Okta::new(settings.clone()).unwrap();
    let mut text = format!("{client:?} {app:?} {token:?} {settings:?} {okta:?} {:?}", key.pem);
    text.push_str(&format!("{:?}", Cursor::new("https://x/?after=jo@nhs.net")));
    let play = Script::new().found("ACTIVE").play().await;
    let account = play.okta.account(&jo().email).await.unwrap().unwrap();
    text.push_str(&format!("{account:?} {:?}", jo()));
    keeps_quiet(&text);
    assert!(!text.contains(&secret) && !text.contains(account.id().as_str()));
}
