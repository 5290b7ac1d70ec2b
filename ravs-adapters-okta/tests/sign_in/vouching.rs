//! R-S1: the address that Okta vouches for is the login, which access was granted to.

use ravs_adapters_okta::{EmailVouching, Remedy, SignInError};
use ravs_core::EmailAddress;
use serde_json::{Value, json};

use crate::scene::{Scene, scene, scene_with};
use crate::tenant::EMAIL;

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

/// Which address somebody signs in with; or why not.
async fn address(scene: &Scene) -> Result<EmailAddress, &'static str> {
    match scene.sign_in().await {
        Ok(signed_in) => Ok(signed_in.identity.email),
        Err(error) => {
            assert_eq!(error.remedy(), Remedy::MendAccount, "{error:?}");
            Err(match error {
                SignInError::NoLogin => "no login",
                SignInError::NoEmail => "no email",
                SignInError::EmailNotVerified => "not verified",
                SignInError::EmailInvalid => "invalid",
                other => panic!("{other:?}"),
            })
        }
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
    assert_eq!(address(&scene).await, Err("no login"));
}

#[tokio::test]
async fn each_setting_has_its_own_address_or_refusal() {
    let (null, other) = (Value::Null, json!("other@nhs.example"));
    let (login, same) = (json!(EMAIL), json!(EMAIL.to_uppercase()));
    let (yes, no) = (json!(true), json!(false));
    let here: Result<&str, &'static str> = Ok(EMAIL);
    let there: Result<&str, &'static str> = Ok("other@nhs.example");
    let unverified = Err("not verified");
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
        ([&null, &other, &null], [Err("no login"), there, unverified]),
        ([&null, &other, &yes], [Err("no login"), there, there]),
        ([&null, &other, &no], [Err("no login"), unverified, unverified]),
        ([&json!("jsmith"), &other, &yes], [Err("no login"), there, there]),
        ([&null, &null, &yes], [Err("no login"), Err("no email"), Err("no email")]),
        ([&null, &json!("jo@nhs"), &yes], [Err("no login"), Err("invalid"), Err("invalid")]),
        (
            [&null, &json!("jo@nhs.example, mallory@evil.example"), &yes],
            [Err("no login"), Err("invalid"), Err("invalid")],
        ),
    ] {
        for (scene, expected) in scenes.iter().zip(expected) {
            claim(scene, claims[0], claims[1], claims[2]);
            let expected = expected.map(|text| text.parse::<EmailAddress>().unwrap());
            assert_eq!(address(scene).await, expected, "{claims:?} {scene:?}", scene = scene.okta);
        }
    }
}
