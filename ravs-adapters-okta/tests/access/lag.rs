//! Okta does not show at once an account that it has just made.

use std::time::Duration;

use ravs_adapters_okta::{Ensured, Okta, OktaErrorKind, Resending};
use ravs_core::port::{AccountState, IdentityProvider, PortErrorKind};
use serde_json::json;
use wiremock::MockServer;

use crate::support::people::{error, jo, okta, settings};
use crate::support::script::{CHECK, CREATE, LEAVE, Script};
use crate::support::tenant::{Fault, Tenant};
use crate::support::time::FakeTime;
use crate::support::wire::{Act, Wire};

/// A tenant which shows nothing the first so many times, and who asks it.
async fn lagging(lag: usize) -> (Tenant, MockServer, FakeTime, Okta) {
    let (tenant, time) = (Tenant::default(), FakeTime::default());
    tenant.set_lag(lag);
    let server = tenant.serve().await;
    let okta = okta(&server.uri(), &time);
    (tenant, server, time, okta)
}

#[tokio::test]
async fn an_account_that_was_just_made_is_let_in_however_soon() {
    for lag in 0..6 {
        let (tenant, _server, _, okta) = lagging(lag).await;
        let state = okta.ensure_account(&jo()).await.unwrap();
        assert_eq!(state, AccountState::PendingActivation);
        okta.grant_access(&jo()).await.unwrap_or_else(|error| panic!("{lag}: {error}"));
        let held = tenant.account("jo@nhs.net").unwrap();
        assert!(held.member && held.emails == 1, "{lag}: {held:?}");
    }
}

#[tokio::test]
async fn one_that_stays_unseen_is_tried_again_and_not_given_up() {
    let (tenant, _server, time, okta) = lagging(6).await;
    okta.ensure_account(&jo()).await.unwrap();
    let error = okta.grant_access(&jo()).await.unwrap_err();
    assert!(matches!(error.kind(), PortErrorKind::Throttled { retry_after: Some(_) }), "{error}");
    okta.grant_access(&jo()).await.unwrap();
    assert!(tenant.account("jo@nhs.net").unwrap().member);
    // What is not there after minutes is not there.
    let (_tenant, _server, later, okta) = lagging(usize::MAX).await;
    okta.ensure_account(&jo()).await.unwrap();
    later.pass(Duration::from_secs(120));
    let error = okta.grant_access(&jo()).await.unwrap_err();
    assert_eq!(error.kind(), &PortErrorKind::Rejected);
    assert!(!time.waits().is_empty());
}

#[tokio::test]
async fn one_that_was_just_let_in_is_withdrawn_and_not_taken_for_absent() {
    for lag in 0..12 {
        let (tenant, _server, _, okta) = lagging(lag).await;
        // It was made with access, whether Okta finds it afterwards or not.
        if let Err(error) = okta.ensure_access(&jo()).await {
            assert_eq!(error.kind(), &OktaErrorKind::NotYet, "{lag}");
        }
        let mut withdrawn = okta.withdraw_access(&jo()).await;
        if let Err(error) = &withdrawn {
            assert!(error.is_retryable(), "{lag}: {error}");
            assert!(tenant.account("jo@nhs.net").unwrap().member, "{lag}");
            withdrawn = okta.withdraw_access(&jo()).await;
        }
        withdrawn.unwrap();
        assert!(!tenant.account("jo@nhs.net").unwrap().member, "{lag}");
    }
}

#[tokio::test]
async fn one_that_was_just_made_is_neither_made_nor_emailed_again() {
    let (tenant, _server, _, okta) = lagging(8).await;
    okta.ensure_account(&jo()).await.unwrap();
    let state = IdentityProvider::account(&okta, &jo()).await.unwrap();
    assert_eq!(state, Some(AccountState::PendingActivation));
    assert_eq!(okta.resend(&jo()).await.unwrap(), Resending::TryLater);
    let (_, ensured) = okta.ensure_access(&jo()).await.unwrap();
    assert_eq!(ensured, Ensured::PendingActivation);
    assert_eq!(tenant.account("jo@nhs.net").unwrap().emails, 1);
    let made = tenant.calls().iter().filter(|call| *call == "POST api/v1/users").count();
    assert_eq!(made, 1);
}

#[tokio::test]
async fn one_that_may_have_been_made_is_neither_there_nor_absent() {
    let (tenant, _server, time, okta) = lagging(7).await;
    tenant.fail_next([Fault::None, Fault::After(500)]);
    okta.ensure_access(&jo()).await.unwrap_err();
    assert!(tenant.account("jo@nhs.net").unwrap().member, "it was made with access");
    let error = okta.withdraw(&jo()).await.unwrap_err();
    assert_eq!(error.kind(), &OktaErrorKind::NotYet);
    time.pass(Duration::from_secs(120));
    tenant.set_lag(0);
    while okta.withdraw(&jo()).await.unwrap().is_none() {}
    assert!(!tenant.account("jo@nhs.net").unwrap().member);
}

#[tokio::test]
async fn one_that_okta_has_refused_to_make_is_absent() {
    let script = Script::new().not_found().error(CREATE, 403, "E0000006");
    let play = script.not_found().filtered("profile.login", &[]).play().await;
    let error = play.okta.ensure_access(&jo()).await.unwrap_err();
    assert_eq!(error.kind(), &OktaErrorKind::Forbidden);
    assert_eq!(play.okta.withdraw(&jo()).await.unwrap(), None);
    play.over();
}

#[tokio::test]
async fn one_that_was_being_made_when_nobody_waited_any_more_may_be_there() {
    let nobody = Act::Answer(404, error("E0000007").to_string());
    let empty = Act::Answer(200, "[]".to_owned());
    let wire = Wire::start(vec![nobody.clone(), Act::Silence, nobody, empty]).await;
    let okta = Okta::new(settings(&wire.uri, &FakeTime::default())).unwrap();
    let asking = tokio::spawn({
        let okta = okta.clone();
        async move { okta.ensure_access(&jo()).await.map(drop) }
    });
    while wire.heads().len() < 2 {
        tokio::task::yield_now().await;
    }
    asking.abort();
    assert!(asking.await.unwrap_err().is_cancelled());
    let error = okta.withdraw(&jo()).await.unwrap_err();
    assert_eq!(error.kind(), &OktaErrorKind::NotYet);
}

#[tokio::test]
async fn one_that_was_there_long_ago_and_is_gone_has_no_access() {
    let play = Script::new()
        .found("ACTIVE")
        .error(LEAVE, 404, "E0000007")
        .json(CHECK, 200, json!({ "type": "OKTA_GROUP" }))
        .play()
        .await;
    assert!(play.okta.withdraw(&jo()).await.unwrap().is_some());
    assert!(play.time.waits().is_empty());
    play.over();
}
