//! Seeing to an account and to access.

use std::time::Duration;

use ravs_adapters_okta::{Ensured, Need, OktaErrorKind};
use ravs_core::PersonName;
use ravs_core::port::{AccountState, IdentityProvider as _, Person};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::support::people::{GROUP, ID, error, jo, okta, person, settings, user};
use crate::support::script::{ACTIVATE, BY_ID, CREATE, JOIN, Play, REACTIVATE, Script};
use crate::support::time::FakeTime;
use crate::support::wire::{Act, Wire};

/// What comes of it for somebody, with everything asked that was expected.
async fn ensured(script: Script) -> (Ensured, Play) {
    let play = script.play().await;
    let (account, ensured) = play.okta.ensure_access(&jo()).await.unwrap();
    play.over();
    assert_eq!(account.id().as_str(), ID);
    (ensured, play)
}

async fn failed(script: Script) -> (OktaErrorKind, Play) {
    let play = script.play().await;
    let error = play.okta.ensure_access(&jo()).await.unwrap_err();
    play.over();
    assert!(!format!("{error} {error:?}").contains("jo@"), "{error:?}");
    (error.kind().clone(), play)
}

#[tokio::test]
async fn an_unknown_email_gets_an_account_by_one_post_and_no_password() {
    let script = Script::new().not_found().json(CREATE, 200, user("jo@nhs.net", "PROVISIONED"));
    let (ensured, play) = ensured(script.joined()).await;
    assert_eq!(ensured, Ensured::Created);
    let requests = play.requests().await;
    let body: Value = serde_json::from_slice(&requests[1].body).unwrap();
    let profile = json!({
        "firstName": "Zoë", "lastName": "O'Neil", "email": "jo@nhs.net", "login": "jo@nhs.net",
    });
    assert_eq!(body, json!({ "profile": profile, "groupIds": [GROUP] }));
}

#[tokio::test]
async fn an_account_that_says_staged_when_made_is_created_all_the_same() {
    let script = Script::new().not_found().json(CREATE, 200, user("jo@nhs.net", "STAGED"));
    assert_eq!(ensured(script.joined()).await.0, Ensured::Created);
}

#[tokio::test]
async fn an_active_account_is_let_in_without_a_post() {
    let (ensured, _) = ensured(Script::new().found("ACTIVE").joined()).await;
    assert_eq!(ensured, Ensured::Existing { needs: None });
}

#[tokio::test]
async fn a_second_time_is_as_the_first() {
    let play = Script::new().found("ACTIVE").joined().found("ACTIVE").joined().play().await;
    for _ in 0..2 {
        let (_, ensured) = play.okta.ensure_access(&jo()).await.unwrap();
        assert_eq!(ensured, Ensured::Existing { needs: None });
    }
    play.over();
}

#[tokio::test]
async fn a_provisioned_account_is_let_in_and_emailed() {
    let answer = json!({ "activationUrl": "https://x/welcome/token", "activationToken": "token" });
    let script = Script::new().found("PROVISIONED").joined().json(REACTIVATE, 200, answer);
    assert_eq!(ensured(script).await.0, Ensured::PendingActivation);
}

#[tokio::test]
async fn a_staged_account_is_let_in_and_invited() {
    let script = Script::new().found("STAGED").joined().json(ACTIVATE, 200, json!({}));
    assert_eq!(ensured(script).await.0, Ensured::Invited);
}

#[tokio::test]
async fn a_suspended_account_is_let_in_and_stays_suspended() {
    let (ensured, _) = ensured(Script::new().found("SUSPENDED").joined()).await;
    assert_eq!(ensured, Ensured::Existing { needs: Some(Need::Support) });
}

#[tokio::test]
async fn a_deprovisioned_account_is_an_error_and_nothing_is_written() {
    let (kind, _) = failed(Script::new().found("DEPROVISIONED")).await;
    assert_eq!(kind, OktaErrorKind::AccountDeactivated);
}

#[tokio::test]
async fn a_locked_expired_or_recovering_account_is_let_in_without_a_lifecycle_call() {
    for (status, needs) in [
        ("LOCKED_OUT", Some(Need::Unlock)),
        ("PASSWORD_EXPIRED", None),
        ("RECOVERY", Some(Need::Reset)),
    ] {
        let (ensured, _) = ensured(Script::new().found(status).joined()).await;
        assert_eq!(ensured, Ensured::Existing { needs }, "{status}");
    }
}

#[tokio::test]
async fn an_unknown_status_or_one_on_its_way_is_pending() {
    for status in ["ACTIVATING", "FOO", ""] {
        let (ensured, _) = ensured(Script::new().found(status).joined()).await;
        assert_eq!(ensured, Ensured::PendingActivation, "{status}");
    }
    let mut on_its_way = user("jo@nhs.net", "STAGED");
    on_its_way["transitioningToStatus"] = "ACTIVE".into();
    let script = Script::new().json("GET /api/v1/users/jo%40nhs.net", 200, on_its_way).joined();
    assert_eq!(ensured(script).await.0, Ensured::PendingActivation);
}

#[tokio::test]
async fn a_race_that_is_lost_is_settled_by_looking() {
    let script = Script::new().not_found().error(CREATE, 400, "E0000001").found("ACTIVE").joined();
    assert_eq!(ensured(script).await.0, Ensured::Existing { needs: None });
    let script = Script::new().not_found().error(CREATE, 400, "E0000001").found("PROVISIONED");
    // Whoever was faster has had the email sent.
    assert_eq!(ensured(script.joined()).await.0, Ensured::PendingActivation);
}

#[tokio::test]
async fn what_okta_will_not_have_is_rejected_after_looking_everywhere() {
    let script = Script::new()
        .not_found()
        .error(CREATE, 400, "E0000001")
        .not_found()
        .filtered("profile.login", &[])
        .filtered("profile.email", &[]);
    let (kind, _) = failed(script).await;
    assert_eq!(kind, OktaErrorKind::Rejected { codes: vec!["E0000001".into()] });
}

#[tokio::test]
async fn an_address_under_another_login_is_ambiguous_and_not_let_in() {
    let script = Script::new()
        .not_found()
        .error(CREATE, 400, "E0000001")
        .not_found()
        .filtered("profile.login", &[])
        .filtered("profile.email", &["other@nhs.net"]);
    assert_eq!(failed(script).await.0, OktaErrorKind::AmbiguousAccount);
    // A login that is found by its short form, or without its diacritics, is another one.
    for other in ["jo@other.example", "jö@nhs.net", "jo"] {
        let path = "GET /api/v1/users/jo%40nhs.net";
        let script = Script::new().json(path, 200, user(other, "ACTIVE"));
        assert_eq!(failed(script).await.0, OktaErrorKind::AmbiguousAccount, "{other}");
    }
}

#[tokio::test]
async fn a_deactivated_account_that_only_a_filter_finds_is_not_made_again() {
    let mut gone = user("jo@nhs.net", "DEPROVISIONED");
    gone["profile"]["login"] = "JO@nhs.net".into();
    let script = Script::new().not_found().error(CREATE, 400, "E0000001").not_found().json(
        "GET /api/v1/users?filter=profile.login+eq+%22jo%40nhs.net%22&limit=2",
        200,
        json!([gone]),
    );
    assert_eq!(failed(script).await.0, OktaErrorKind::AccountDeactivated);
}

#[tokio::test]
async fn a_post_without_an_answer_is_settled_by_looking_and_never_sent_again() {
    let nobody = Act::Answer(404, error("E0000007").to_string());
    for unclear in [Act::Silence, Act::HangUp, Act::Trickle] {
        let there = Act::Answer(200, user("jo@nhs.net", "PROVISIONED").to_string());
        let joined = Act::Answer(204, String::new());
        let wire = Wire::start(vec![nobody.clone(), unclear.clone(), there, joined]).await;
        let time = FakeTime::default();
        let settings = settings(&wire.uri, &time).attempt_limit(Duration::from_millis(1500));
        let okta = ravs_adapters_okta::Okta::new(settings).unwrap();
        let (_, ensured) = okta.ensure_access(&jo()).await.unwrap();
        assert_eq!(ensured, Ensured::Created, "{unclear:?}");
        let heads = wire.heads();
        let methods: Vec<_> = heads.iter().map(|head| head.split(' ').next().unwrap()).collect();
        assert_eq!(methods, ["GET", "POST", "GET", "PUT"], "{unclear:?}");
    }
}

#[tokio::test]
async fn a_post_that_failed_at_okta_and_left_nothing_is_unavailable_after_one_post() {
    let script = Script::new()
        .not_found()
        .error(CREATE, 500, "E0000009")
        .not_found()
        .filtered("profile.login", &[])
        .filtered("profile.email", &[]);
    assert_eq!(failed(script).await.0, OktaErrorKind::Unavailable);
}

#[tokio::test]
async fn a_post_answered_with_no_json_is_settled_by_looking() {
    let broken = ResponseTemplate::new(200).set_body_raw("{\"id\":", "application/json");
    let script = Script::new().not_found().then(CREATE, broken).found("PROVISIONED").joined();
    assert_eq!(ensured(script).await.0, Ensured::Created);
}

#[tokio::test]
async fn a_limited_post_is_repeated_once_and_makes_one_account() {
    let limited = ResponseTemplate::new(429)
        .insert_header("date", "Sun, 09 Sep 2001 01:46:40 GMT")
        .insert_header("x-rate-limit-reset", "1000000003");
    let script = Script::new().not_found().then(CREATE, limited);
    let script = script.json(CREATE, 200, user("jo@nhs.net", "PROVISIONED")).joined();
    let (ensured, play) = ensured(script).await;
    assert_eq!(ensured, Ensured::Created);
    assert_eq!(play.time.waits(), [Duration::from_secs(4)]);
}

#[tokio::test]
async fn a_put_after_a_post_is_repeated() {
    let made = |script: Script| script.not_found().json(CREATE, 200, user("jo@nhs.net", "ACTIVE"));
    let script = made(Script::new()).error(JOIN, 500, "E0000009").joined();
    assert_eq!(ensured(script).await.0, Ensured::Created);
    // Okta may not find at once what it has just made.
    let group = json!({ "id": GROUP, "type": "OKTA_GROUP" });
    let script = made(Script::new())
        .error(JOIN, 404, "E0000007")
        .json(crate::support::script::CHECK, 200, group)
        .joined();
    assert_eq!(ensured(script).await.0, Ensured::Created);
}

#[tokio::test]
async fn an_account_that_changed_before_its_email_is_read_again() {
    let script = Script::new().found("PROVISIONED").joined().error(REACTIVATE, 403, "E0000038");
    let script = script.json(BY_ID, 200, user("jo@nhs.net", "ACTIVE"));
    assert_eq!(ensured(script).await.0, Ensured::Existing { needs: None });
}

#[tokio::test]
async fn an_email_that_okta_refuses_keeps_nobody_out() {
    for (status, code) in [(403, "E0000038"), (400, "E0000001"), (403, "E0000016")] {
        for (now, expected) in [
            ("PROVISIONED", Ensured::PendingActivation),
            ("ACTIVE", Ensured::Existing { needs: None }),
            ("SUSPENDED", Ensured::Existing { needs: Some(Need::Support) }),
        ] {
            let script =
                Script::new().found("PROVISIONED").joined().error(REACTIVATE, status, code);
            let script = script.json(BY_ID, 200, user("jo@nhs.net", now));
            assert_eq!(ensured(script).await.0, expected, "{code} {now}");
        }
    }
    let script = Script::new().found("STAGED").joined().error(ACTIVATE, 409, "E0000112");
    assert_eq!(ensured(script).await.0, Ensured::PendingActivation);
}

#[tokio::test]
async fn an_email_that_may_have_been_sent_is_done_and_not_sent_again() {
    for (status, post) in [("PROVISIONED", REACTIVATE), ("STAGED", ACTIVATE)] {
        let script = Script::new().found(status).joined().error(post, 500, "E0000009");
        assert_eq!(ensured(script).await.0, Ensured::PendingActivation, "{status}");
        let play = Script::new().found(status).error(post, 504, "").play().await;
        let state = play.okta.ensure_account(&jo()).await.unwrap();
        assert_eq!(state, AccountState::PendingActivation);
        play.over();
    }
}

#[tokio::test]
async fn the_case_of_a_login_is_no_difference() {
    let play = Script::new()
        .json("GET /api/v1/users/A%40NHS.Example", 200, user("a@nhs.example", "ACTIVE"))
        .joined()
        .play()
        .await;
    play.okta.ensure_access(&person("A@NHS.Example")).await.unwrap();
    play.over();
}

#[tokio::test]
async fn what_cannot_be_a_login_is_refused_before_any_request() {
    let play = Script::new().play().await;
    for text in ["..", ".", "me", "a", "", "a\n@b.uk"] {
        assert!(text.parse::<ravs_core::EmailAddress>().is_err(), "{text:?}");
    }
    let long = format!("{}@nhs.net", "a".repeat(93));
    assert_eq!(long.len(), 101);
    let error = play.okta.ensure_access(&person(&long)).await.unwrap_err();
    let codes = vec!["email_not_allowed".into()];
    assert_eq!(error.kind(), &OktaErrorKind::Rejected { codes });
    play.over();
}

#[tokio::test]
async fn a_name_that_okta_cannot_hold_is_rejected_before_it_is_sent() {
    let play = Script::new().not_found().play().await;
    let name = PersonName::new("Jo 😀", "𝔸").unwrap();
    let error = play.okta.ensure_access(&Person { name, ..jo() }).await.unwrap_err();
    let codes = vec!["first_name_not_allowed".into(), "last_name_not_allowed".into()];
    assert_eq!(error.kind(), &OktaErrorKind::Rejected { codes });
    play.over();
    // A name of 51 characters is none in RAVS either.
    assert!(PersonName::new(&"a".repeat(51), "Ng").is_err());
}

#[tokio::test]
async fn an_address_is_one_part_of_a_path_or_goes_by_filter() {
    for (email, path) in [
        ("a+b@x.uk", "/api/v1/users/a%2Bb%40x.uk"),
        ("o'brien@x.uk", "/api/v1/users/o%27brien%40x.uk"),
        ("a%2fb@x.uk", "/api/v1/users/a%252fb%40x.uk"),
        ("a?b#c@x.uk", "/api/v1/users/a%3Fb%23c%40x.uk"),
    ] {
        let found = user(email, "ACTIVE");
        let play = Script::new().json(&format!("GET {path}"), 200, found).joined().play().await;
        play.okta.ensure_access(&person(email)).await.unwrap();
        play.over();
    }
    let asked = "GET /api/v1/users?filter=profile.login+eq+%22a%2Fb%40x.uk%22&limit=2";
    let found = json!([user("a/b@x.uk", "ACTIVE")]);
    let play = Script::new().json(asked, 200, found).joined().play().await;
    play.okta.ensure_access(&person("a/b@x.uk")).await.unwrap();
    play.over();
}

#[tokio::test]
async fn a_person_who_has_signed_in_is_known_by_id_whatever_the_login() {
    let known = Person { subject: ravs_core::Subject::new(ID).ok(), ..jo() };
    let renamed = user("jo.new@nhs.net", "ACTIVE");
    let play = Script::new().json(BY_ID, 200, renamed).joined().play().await;
    play.okta.ensure_access(&known).await.unwrap();
    play.over();
    // Whoever has the address by now is somebody else.
    let play = Script::new().error(BY_ID, 404, "E0000007").play().await;
    let error = play.okta.ensure_access(&known).await.unwrap_err();
    assert_eq!(error.kind(), &OktaErrorKind::NotFound);
    play.over();
    let play = Script::new().error(BY_ID, 404, "E0000007").play().await;
    assert_eq!(play.okta.grant(&known).await.unwrap_err().kind(), &OktaErrorKind::NotFound);
    play.over();
    // `me` would be this service itself.
    let odd = Person { subject: ravs_core::Subject::new("me").ok(), ..jo() };
    let play = Script::new().found("ACTIVE").joined().play().await;
    play.okta.ensure_access(&odd).await.unwrap();
    play.over();
}

#[tokio::test]
async fn nobody_listening_is_unavailable() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let okta = okta(&format!("http://127.0.0.1:{port}"), &FakeTime::default());
    let error = okta.ensure_access(&jo()).await.unwrap_err();
    assert_eq!(error.kind(), &OktaErrorKind::Unavailable);
    assert!(!error.is_unclear());
}
