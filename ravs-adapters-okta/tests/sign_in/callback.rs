//! What comes back is believed only if it answers this sign-in.

use ravs_adapters_okta::{Remedy, SignInError};
use url::form_urlencoded;

use crate::scene::scene;

fn query(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

// callback state differs / missing / reused
#[tokio::test]
async fn a_state_that_differs_or_is_missing_is_refused_before_any_token_call() {
    let scene = scene().await;
    let other = scene.okta.begin().await.unwrap();
    let others = scene.tenant.person_signs_in(&other.url);
    for (callback, missing) in [
        (others, false),
        (query(&[("code", "a"), ("state", "")]), false),
        (query(&[("code", "a"), ("state", "b")]), false),
        (query(&[("code", "a")]), true),
        (query(&[("error", "access_denied")]), true),
        (String::new(), true),
    ] {
        let begun = scene.okta.begin().await.unwrap();
        let error = scene.okta.finish(begun.pending, &callback).await.unwrap_err();
        match error {
            SignInError::StateMissing => assert!(missing, "{callback}"),
            SignInError::StateDiffers => assert!(!missing, "{callback}"),
            other => panic!("{other:?}"),
        }
        assert_eq!(error.remedy(), Remedy::StartAgain);
    }
    assert_eq!(scene.tenant.asked("/token").await, 0);
}

// callback state reused: the compiler refuses it (see `finish`); a host that keeps a copy all the
// same finds that Okta does.
#[tokio::test]
async fn a_copy_of_what_was_kept_is_worth_nothing_once_it_was_used() {
    let scene = scene().await;
    let begun = scene.okta.begin().await.unwrap();
    let copy = serde_json::to_string(&begun.pending).unwrap();
    let callback = scene.tenant.person_signs_in(&begun.url);
    scene.okta.finish(begun.pending, &callback).await.unwrap();
    let again = serde_json::from_str(&copy).unwrap();
    let error = scene.okta.finish(again, &callback).await.unwrap_err();
    assert!(matches!(error, SignInError::SignInFailed { .. }), "{error:?}");
}

// callback `error=access_denied`
#[tokio::test]
async fn access_denied_is_not_assigned_and_its_description_is_escaped() {
    let scene = scene().await;
    let begun = scene.okta.begin().await.unwrap();
    let kept = serde_json::to_value(&begun.pending).unwrap();
    let callback = query(&[
        ("error", "access_denied"),
        ("error_description", "<script>alert(1)</script>\r\njo@nhs.net is not \u{202e}assigned."),
        ("state", kept["state"].as_str().unwrap()),
    ]);
    let error = scene.okta.finish(begun.pending, &callback).await.unwrap_err();
    let SignInError::NotAssigned { description } = &error else { panic!("{error:?}") };
    assert_eq!(description, "?script?alert(1)?/script? … is not ?assigned.");
    assert_eq!(error.remedy(), Remedy::AskForAccess);
    assert_eq!(scene.tenant.asked("/token").await, 0);
}

#[tokio::test]
async fn each_of_oktas_errors_has_its_remedy() {
    let scene = scene().await;
    for (error, remedy) in [
        ("access_denied", Remedy::AskForAccess),
        ("login_required", Remedy::StartAgain),
        ("interaction_required", Remedy::StartAgain),
        ("temporarily_unavailable", Remedy::TryLater),
        ("server_error", Remedy::TryLater),
        ("invalid_request", Remedy::TellOperator),
        ("invalid_scope", Remedy::TellOperator),
        ("unauthorized_client", Remedy::TellOperator),
        ("something<new>", Remedy::TellOperator),
    ] {
        let begun = scene.okta.begin().await.unwrap();
        let kept = serde_json::to_value(&begun.pending).unwrap();
        let state = kept["state"].as_str().unwrap();
        let callback = query(&[("state", state), ("error", error)]);
        let refused = scene.okta.finish(begun.pending, &callback).await.unwrap_err();
        assert_eq!(refused.remedy(), remedy, "{error}");
        assert!(!refused.to_string().contains('<'), "{refused}");
    }
}

#[tokio::test]
async fn what_says_two_things_or_nothing_is_refused() {
    let scene = scene().await;
    for more in [
        &[][..],
        &[("code", "")],
        &[("code", "a"), ("code", "b")],
        &[("code", "a"), ("code", "a")],
        &[("code", "a"), ("error", "server_error")],
        &[("code", "a"), ("state", "b")],
        &[("error", "access_denied"), ("error", "server_error")],
    ] {
        let begun = scene.okta.begin().await.unwrap();
        let kept = serde_json::to_value(&begun.pending).unwrap();
        let mut pairs = vec![("state", kept["state"].as_str().unwrap())];
        pairs.extend(more);
        let error = scene.okta.finish(begun.pending, &query(&pairs)).await.unwrap_err();
        assert!(matches!(error, SignInError::CallbackInvalid { .. }), "{more:?}: {error:?}");
    }
    let begun = scene.okta.begin().await.unwrap();
    let long = format!("code={}", "a".repeat(8 * 1024));
    let error = scene.okta.finish(begun.pending, &long).await.unwrap_err();
    assert!(matches!(error, SignInError::CallbackInvalid { .. }), "{error:?}");
    assert_eq!(scene.tenant.asked("/token").await, 0);
}

// RFC 9207: who answers says who it is, where it can.
#[tokio::test]
async fn an_answer_of_another_issuer_is_refused() {
    let scene = scene().await;
    let begun = scene.okta.begin().await.unwrap();
    let callback = scene.tenant.person_signs_in(&begun.url);
    let callback = format!("{callback}&iss=https%3A%2F%2Fevil.example");
    let error = scene.okta.finish(begun.pending, &callback).await.unwrap_err();
    assert!(matches!(error, SignInError::AnotherIssuer), "{error:?}");
    assert_eq!(scene.tenant.asked("/token").await, 0);

    let begun = scene.okta.begin().await.unwrap();
    let callback = scene.tenant.person_signs_in(&begun.url);
    let issuer: String =
        form_urlencoded::byte_serialize(scene.tenant.issuer().as_bytes()).collect();
    let callback = format!("{callback}&iss={issuer}");
    assert!(scene.okta.finish(begun.pending, &callback).await.is_ok());
}
