//! R-S1: the address that Okta vouches for is the login, which access was granted to.

use ravs_adapters_okta::{EmailVouching, Unvouched};
use ravs_core::EmailAddress;
use serde_json::{Value, json};

use crate::scene::{Scene, scene, scene_with};
use crate::tenant::{EMAIL, PERSON};

/// The next tokens claim this of somebody's login, email, and whether that is verified.
fn claim(scene: &Scene, login: &Value, email: &Value, verified: &Value) {
    let claims = [("preferred_username", login), ("email", email), ("email_verified", verified)];
    let claims = claims.map(|(name, value)| (name, value.clone()));
    scene.tenant.edit(move |token| {
        let all = token.claims.as_object_mut().unwrap();
        for (name, value) in &claims {
            if value.is_null() {
                all.remove(*name);
            } else {
                all.insert((*name).into(), value.clone());
            }
        }
    });
}

/// Which address Okta vouches for; or why for none. Whoever they are, they are signed in.
async fn address(scene: &Scene) -> Result<EmailAddress, Unvouched> {
    let signed_in = scene.sign_in().await.unwrap();
    assert_eq!(signed_in.identity.subject.as_str(), PERSON);
    match (signed_in.identity.email, signed_in.unvouched) {
        (Some(email), None) => Ok(email),
        (None, Some(unvouched)) => Err(unvouched),
        both => panic!("one of the two: {both:?}"),
    }
}

async fn scenes() -> [Scene; 3] {
    [
        scene().await,
        scene_with(|set| set.email_vouching(EmailVouching::Tenant)).await,
        scene_with(|set| set.email_vouching(EmailVouching::Claim)).await,
    ]
}

#[tokio::test]
async fn an_email_that_its_owner_has_changed_is_not_theirs() {
    let lead = "lead@nhs.example";
    let scene = scene().await;
    for verified in [Value::Null, json!(true), json!(false)] {
        claim(&scene, &json!(EMAIL), &json!(lead), &verified);
        assert_eq!(address(&scene).await, Ok(EMAIL.parse().unwrap()), "{verified}");
    }
    claim(&scene, &Value::Null, &json!(lead), &json!(true));
    assert_eq!(address(&scene).await, Err(Unvouched::NoLogin));
}

#[tokio::test]
async fn each_setting_has_its_own_address_or_refusal() {
    let (null, other) = (Value::Null, json!("other@nhs.example"));
    let (login, same) = (json!(EMAIL), json!(EMAIL.to_uppercase()));
    let (yes, no) = (json!(true), json!(false));
    let here: Result<&str, Unvouched> = Ok(EMAIL);
    let there: Result<&str, Unvouched> = Ok("other@nhs.example");
    let unverified = Err(Unvouched::NotVerified);
    let scenes = scenes().await;
    for (claims, expected) in [
        ([&login, &same, &null], [here, here, unverified]),
        ([&login, &same, &yes], [here, here, here]),
        ([&login, &same, &no], [unverified; 3]),
        ([&login, &null, &null], [here, here, unverified]),
        ([&login, &null, &no], [unverified; 3]),
        ([&login, &other, &null], [here, here, unverified]),
        ([&login, &other, &yes], [here, here, unverified]),
        ([&login, &other, &no], [here, here, unverified]),
        ([&null, &other, &null], [Err(Unvouched::NoLogin), there, unverified]),
        ([&null, &other, &yes], [Err(Unvouched::NoLogin), there, there]),
        ([&null, &other, &no], [Err(Unvouched::NoLogin), unverified, unverified]),
        ([&json!("jsmith"), &other, &yes], [Err(Unvouched::NoLogin), there, there]),
        (
            [&null, &null, &yes],
            [Err(Unvouched::NoLogin), Err(Unvouched::NoEmail), Err(Unvouched::NoEmail)],
        ),
        (
            [&null, &json!("jo@nhs"), &yes],
            [Err(Unvouched::NoLogin), Err(Unvouched::Invalid), Err(Unvouched::Invalid)],
        ),
        (
            [&null, &json!("jo@nhs.example, mallory@evil.example"), &yes],
            [Err(Unvouched::NoLogin), Err(Unvouched::Invalid), Err(Unvouched::Invalid)],
        ),
    ] {
        for (scene, expected) in scenes.iter().zip(expected) {
            claim(scene, claims[0], claims[1], claims[2]);
            let expected = expected.map(|text| text.parse::<EmailAddress>().unwrap());
            assert_eq!(address(scene).await, expected, "{claims:?} {scene:?}", scene = scene.okta);
        }
    }
}
