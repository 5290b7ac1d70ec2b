//! What is kept while somebody signs in.

use std::time::Duration;

use ravs_adapters_okta::{PendingSignIn, SignInError};
use serde_json::json;

use crate::scene::{scene, scene_with};

#[tokio::test]
async fn it_is_good_for_as_long_as_is_set_and_no_longer() {
    let minutes = |n: u64| Duration::from_secs(60 * n);
    let usual = scene().await;
    let short = scene_with(|settings| settings.complete_within(minutes(2))).await;
    for (scene, good_for) in [(usual, minutes(15)), (short, minutes(2))] {
        for (passes, good) in [(good_for - Duration::from_secs(1), true), (good_for, false)] {
            let begun = scene.okta.begin().await.unwrap();
            let callback = scene.tenant.person_signs_in(&begun.url);
            scene.time.pass(passes);
            let before = scene.tenant.asked("/token").await;
            match scene.okta.finish(begun.pending, &callback).await {
                Ok(_) => assert!(good),
                Err(SignInError::TooLate) => {
                    assert!(!good);
                    assert_eq!(scene.tenant.asked("/token").await, before);
                }
                Err(other) => panic!("{other:?}"),
            }
        }
    }
}

#[tokio::test]
async fn one_that_began_with_another_issuer_is_refused() {
    let (one, other) = (scene().await, scene().await);
    let begun = one.okta.begin().await.unwrap();
    let callback = one.tenant.person_signs_in(&begun.url);
    let error = other.okta.finish(begun.pending, &callback).await.unwrap_err();
    assert!(matches!(error, SignInError::AnotherIssuer), "{error:?}");
    assert_eq!(other.tenant.asked("/token").await, 0);
}

#[tokio::test]
async fn what_was_not_kept_by_this_crate_is_none() {
    let begun = scene().await.okta.begin().await.unwrap();
    let kept = serde_json::to_value(&begun.pending).unwrap();
    for name in ["state", "nonce", "verifier"] {
        for bad in [json!(""), json!("c2hvcnQ"), json!("é"), json!("!".repeat(43)), json!(null)] {
            let mut spoilt = kept.clone();
            spoilt[name] = bad.clone();
            let read = serde_json::from_value::<PendingSignIn>(spoilt);
            assert!(read.is_err(), "{name}: {bad}");
        }
    }
    assert!(serde_json::from_value::<PendingSignIn>(kept).is_ok());
}
