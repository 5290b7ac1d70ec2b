//! Whatever is changed of a good token or a good callback, nobody is signed in; with an address
//! that does not stand, nobody has one.

use proptest::prelude::*;
use ravs_adapters_okta::{SignInError, SignedIn};
use ravs_core::EmailAddress;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::scene::{Scene, scene};
use crate::tenant::CLIENT;

/// One scene for all cases of a property, as servers are not free.
struct Stage {
    runtime: Runtime,
    scene: Scene,
}

impl Stage {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let scene = runtime.block_on(scene());
        Self { runtime, scene }
    }

    fn sign_in(&self) -> Result<SignedIn, SignInError> {
        self.runtime.block_on(self.scene.sign_in())
    }
}

thread_local! {
    // For each property, whose cases run on one thread. It ends with the program.
    static STAGE: &'static Stage = Box::leak(Box::new(Stage::new()));
}

fn on_stage<T>(act: impl FnOnce(&Stage) -> T) -> T {
    STAGE.with(|stage| act(stage))
}

/// A text with one of its characters another one, or gone, or with one more.
fn changed(text: &str, at: usize, change: Change) -> String {
    let mut characters: Vec<_> = text.chars().collect();
    let at = at % characters.len();
    match change {
        Change::Into(other) if characters[at] == other => {
            characters[at] = if other == 'A' { 'B' } else { 'A' };
        }
        Change::Into(other) => characters[at] = other,
        Change::Gone => drop(characters.remove(at)),
        Change::More(other) => characters.insert(at, other),
    }
    characters.into_iter().collect()
}

#[derive(Clone, Copy, Debug)]
enum Change {
    Into(char),
    Gone,
    More(char),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        8 => "[A-Za-z0-9_.=&%+~-]".prop_map(|text| Change::Into(text.chars().next().unwrap())),
        1 => Just(Change::Gone),
        1 => "[A-Za-z0-9_.-]".prop_map(|text| Change::More(text.chars().next().unwrap())),
    ]
}

/// Values that a claim may not have, each claim's own.
fn false_claim(now: u64) -> impl Strategy<Value = (&'static str, Value)> {
    let other_text = || "[a-z0-9:/.-]{0,40}".prop_map(Value::from);
    let no_text = || {
        prop_oneof![
            Just(Value::Null),
            any::<i32>().prop_map(Value::from),
            any::<bool>().prop_map(Value::from),
            Just(json!({})),
        ]
    };
    let no_time = || {
        prop_oneof![
            Just(Value::Null),
            (-1_000_000_i64..0).prop_map(Value::from),
            "[0-9]{0,12}".prop_map(Value::from),
            Just(json!([])),
            Just(json!(0.5)),
        ]
    };
    let others = proptest::collection::vec("[a-z0-9]{1,10}", 0..3).prop_map(Value::from);
    prop_oneof![
        prop_oneof![other_text(), no_text(), Just(json!([]))].prop_map(|value| ("iss", value)),
        prop_oneof![other_text(), no_text(), others].prop_map(|value| ("aud", value)),
        other_text().prop_map(|value| ("azp", value)),
        prop_oneof![other_text(), no_text()].prop_map(|value| ("nonce", value)),
        prop_oneof![no_text(), Just(json!("")), Just(json!("x".repeat(256)))]
            .prop_map(|value| ("sub", value)),
        prop_oneof![(0..now - 60).prop_map(Value::from), no_time()]
            .prop_map(|value| ("exp", value)),
        prop_oneof![(now + 61..u64::MAX).prop_map(Value::from), no_time()]
            .prop_map(|value| ("iat", value)),
        no_text()
            .prop_filter("as if it were not there", |value| !value.is_null())
            .prop_map(|value| ("preferred_username", value)),
    ]
}

/// Values of claims by which an address does not stand, each claim's own.
fn doubtful_claim() -> impl Strategy<Value = (&'static str, Value)> {
    prop_oneof![
        "[a-z.@]{0,20}"
            .prop_filter("an address", |text| text.parse::<EmailAddress>().is_err())
            .prop_map(|text| ("preferred_username", Value::from(text))),
        Just(("preferred_username", Value::Null)),
        Just(("email_verified", json!(false))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn a_token_with_any_character_changed_is_refused(at in any::<usize>(), change in change()) {
        on_stage(|stage| {
            stage.scene.tenant.edit(|_| {});
            stage.scene.tenant.set().spoil = Box::new(move |token| changed(&token, at, change));
            let outcome = stage.sign_in();
            prop_assert!(matches!(outcome, Err(SignInError::Token(_))), "{outcome:?}");
            stage.scene.tenant.set().spoil = Box::new(|token| token);
            prop_assert!(stage.sign_in().is_ok());
            Ok(())
        })?;
    }

    #[test]
    fn a_token_with_any_claim_false_is_refused_however_well_it_is_signed(
        (name, value) in on_stage(|stage| false_claim(stage.scene.tenant.seconds()))
    ) {
        on_stage(|stage| {
            prop_assume!(value != json!(CLIENT) && value != json!([CLIENT]));
            stage.scene.tenant.claim(name, value);
            let outcome = stage.sign_in();
            prop_assert!(outcome.is_err(), "{outcome:?}");
            stage.scene.tenant.edit(|_| {});
            prop_assert!(stage.sign_in().is_ok());
            Ok(())
        })?;
    }

    #[test]
    fn with_an_address_that_does_not_stand_somebody_is_known_by_the_subject_alone(
        (name, value) in doubtful_claim()
    ) {
        on_stage(|stage| {
            stage.scene.tenant.edit(|_| {});
            let good = stage.sign_in().unwrap();
            prop_assert!(good.identity.email.is_some() && good.unvouched.is_none());
            stage.scene.tenant.claim(name, value);
            let doubtful = stage.sign_in().unwrap();
            prop_assert_eq!(doubtful.identity.email, None);
            prop_assert!(doubtful.unvouched.is_some());
            prop_assert_eq!(doubtful.identity.subject, good.identity.subject);
            Ok(())
        })?;
    }

    #[test]
    fn a_callback_with_any_character_changed_is_refused(at in any::<usize>(), change in change()) {
        on_stage(|stage| {
            stage.scene.tenant.edit(|_| {});
            stage.runtime.block_on(async {
                let begun = stage.scene.okta.begin().await.unwrap();
                let callback = stage.scene.tenant.person_signs_in(&begun.url);
                // What the host put there itself says nothing.
                let callback = callback.strip_prefix("from=okta&").unwrap();
                let spoilt = changed(callback, at, change);
                let outcome = stage.scene.okta.finish(begun.pending, &spoilt).await;
                prop_assert!(outcome.is_err(), "{spoilt}: {outcome:?}");
                Ok(())
            })
        })?;
    }
}
