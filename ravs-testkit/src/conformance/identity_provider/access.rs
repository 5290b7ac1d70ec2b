//! Access to RAVS, which is apart from the account.

use std::collections::BTreeMap;

use ravs_core::Subject;
use ravs_core::port::{AccountState, IdentityProvider, PortErrorKind};

use super::{Backstage, Capability, people_in_every_state, person};
use crate::conformance::promise::{Promise as _, There as _};

/// Making an account lets nobody in; granting access does, and may be repeated.
pub async fn granting_lets_in(provider: &dyn IdentityProvider, backstage: &dyn Backstage) {
    let ada = person("ada@nhs.net");
    provider.ensure_account(&ada).await.kept();
    let sees = backstage.can(Capability::SeeAccess);
    if sees {
        assert!(!backstage.has_access(&ada).await, "an account alone lets nobody in");
    }
    for _ in 0..2 {
        provider.grant_access(&ada).await.kept();
        assert!(!sees || backstage.has_access(&ada).await, "access was granted");
    }
}

/// Withdrawing access shuts out, and may be repeated; the account stays as it is.
pub async fn withdrawing_shuts_out(provider: &dyn IdentityProvider, backstage: &dyn Backstage) {
    let ada = person("ada@nhs.net");
    let state = provider.ensure_account(&ada).await.kept();
    provider.grant_access(&ada).await.kept();
    let sees = backstage.can(Capability::SeeAccess);
    for _ in 0..2 {
        provider.withdraw_access(&ada).await.kept();
        assert!(!sees || !backstage.has_access(&ada).await, "access was withdrawn");
        assert_eq!(provider.account(&ada).await.kept(), Some(state), "its account is another");
    }
    provider.grant_access(&ada).await.kept();
    assert!(!sees || backstage.has_access(&ada).await, "access was granted again");
}

/// Seeing to an account again takes no access away.
pub async fn access_outlasts_seeing_to_an_account(
    provider: &dyn IdentityProvider,
    backstage: &dyn Backstage,
) {
    let ada = person("ada@nhs.net");
    provider.ensure_account(&ada).await.kept();
    provider.grant_access(&ada).await.kept();
    provider.ensure_account(&ada).await.kept();
    provider.account(&ada).await.kept();
    provider.resend_activation(&ada).await.kept();
    if backstage.can(Capability::SeeAccess) {
        assert!(backstage.has_access(&ada).await, "access was granted and never withdrawn");
    }
}

/// What is done to one person is done to nobody else.
pub async fn access_is_each_persons_own(
    provider: &dyn IdentityProvider,
    backstage: &dyn Backstage,
) {
    let people = ["ada@nhs.net", "ben@nhs.net", "cleo@nhs.net"].map(person);
    for person in &people {
        provider.ensure_account(person).await.kept();
    }
    provider.grant_access(&people[0]).await.kept();
    provider.grant_access(&people[1]).await.kept();
    provider.withdraw_access(&people[0]).await.kept();
    if backstage.can(Capability::SeeAccess) {
        for (person, expected) in people.iter().zip([false, true, false]) {
            assert_eq!(backstage.has_access(person).await, expected);
        }
    }
}

/// Nobody without an account can be let in, and none is made on the way.
pub async fn nobody_is_let_in_without_an_account(
    provider: &dyn IdentityProvider,
    _: &dyn Backstage,
) {
    let ada = person("ada@nhs.net");
    match provider.grant_access(&ada).await {
        Err(error) if *error.kind() == PortErrorKind::Rejected => {}
        other => panic!("there is no account to let in: that is rejected, not {other:?}"),
    }
    assert_eq!(provider.account(&ada).await.kept(), None);
}

/// Access that nobody has can be withdrawn, of an account or of none.
pub async fn withdrawing_what_was_never_granted_is_fine(
    provider: &dyn IdentityProvider,
    _: &dyn Backstage,
) {
    let (ada, ben) = (person("ada@nhs.net"), person("ben@nhs.net"));
    let state = provider.ensure_account(&ada).await.kept();
    provider.withdraw_access(&ada).await.kept();
    assert_eq!(provider.account(&ada).await.kept(), Some(state));
    provider.withdraw_access(&ben).await.kept();
    assert_eq!(provider.account(&ben).await.kept(), None, "an account was made");
}

/// Granting and withdrawing never change an account's state, whichever it is; one that the
/// provider has deactivated is not let in (R-N5).
pub async fn access_changes_no_account(provider: &dyn IdentityProvider, backstage: &dyn Backstage) {
    for (person, state) in people_in_every_state(provider, backstage).await.kept() {
        let granted = provider.grant_access(&person).await;
        assert_eq!(provider.account(&person).await.kept(), Some(state), "granted to {state:?}");
        if matches!(state, AccountState::PendingActivation | AccountState::Active) {
            granted.kept();
        } else if state == AccountState::Deactivated {
            let rejected = granted.is_err_and(|error| *error.kind() == PortErrorKind::Rejected);
            assert!(rejected, "there is no account that could be let in");
        }
        provider.withdraw_access(&person).await.kept();
        assert_eq!(provider.account(&person).await.kept(), Some(state), "withdrawn: {state:?}");
        if backstage.can(Capability::SeeAccess) {
            assert!(!backstage.has_access(&person).await, "access was withdrawn: {state:?}");
        }
    }
}

/// Everybody who may sign in is listed, in pages, each once; nobody else is.
pub async fn everybody_with_access_is_listed(provider: &dyn IdentityProvider, _: &dyn Backstage) {
    assert!(listed(provider).await.is_empty(), "nobody has access yet");
    let mut expected = Vec::new();
    for number in 10..22 {
        let person = person(&format!("number{number}@nhs.net"));
        provider.ensure_account(&person).await.kept();
        if number % 4 > 0 {
            provider.grant_access(&person).await.kept();
        }
        if number % 4 == 3 {
            provider.withdraw_access(&person).await.kept();
        } else if number % 4 > 0 {
            expected.push(person.email.folded().to_owned());
        }
    }
    assert_eq!(listed(provider).await.into_keys().collect::<Vec<_>>(), expected);
}

/// Access can be withdrawn by the subject that the list names, and may be again; the account
/// stays as it is.
pub async fn access_is_withdrawn_by_subject(provider: &dyn IdentityProvider, _: &dyn Backstage) {
    let [ada, ben] = ["ada@nhs.net", "ben@nhs.net"].map(person);
    for person in [&ada, &ben] {
        provider.ensure_account(person).await.kept();
        provider.grant_access(person).await.kept();
    }
    let state = provider.account(&ada).await.kept();
    let subject = listed(provider).await.remove("ada@nhs.net").there("one who was let in");
    for _ in 0..2 {
        provider.withdraw_access_of(&subject).await.kept();
        let left: Vec<_> = listed(provider).await.into_keys().collect();
        assert_eq!(left, ["ben@nhs.net"]);
    }
    assert_eq!(provider.account(&ada).await.kept(), state, "its account is another");
}

/// More pages than a test can come to.
const TOO_MANY: usize = 1_000;

/// Everybody on the list, by address.
async fn listed(provider: &dyn IdentityProvider) -> BTreeMap<String, Subject> {
    let mut listed = BTreeMap::new();
    let mut after = None;
    for _ in 0..TOO_MANY {
        let page = provider.accounts_with_access(after).await.kept();
        for account in page.accounts {
            let email = account.email.there("an address, as every account here has one");
            let before = listed.insert(email.folded().to_owned(), account.subject);
            assert!(before.is_none(), "{} is listed twice", email.folded());
        }
        if page.next.is_none() {
            return listed;
        }
        after = page.next;
    }
    panic!("the list does not end after {TOO_MANY} pages")
}
