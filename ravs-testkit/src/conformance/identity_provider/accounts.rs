//! Accounts: asked for, and made where there are none.

use ravs_core::port::{AccountState, IdentityProvider};

use super::{Backstage, Capability, people_in_every_state, person};
use crate::conformance::promise::Promise as _;
use crate::conformance::race::{RIVALS, together};

/// Nobody has an account until one is made, and asking makes none.
pub async fn asking_makes_no_account(provider: &dyn IdentityProvider, _: &dyn Backstage) {
    let ada = person("ada@nhs.net");
    for _ in 0..2 {
        assert_eq!(provider.account(&ada).await.kept(), None);
    }
}

/// An account is made where there is none; it waits for activation, and its owner is told.
pub async fn an_account_is_made_where_there_is_none(
    provider: &dyn IdentityProvider,
    backstage: &dyn Backstage,
) {
    let (ada, ben) = (person("ada@nhs.net"), person("ben@nhs.net"));
    let made = provider.ensure_account(&ada).await.kept();
    assert_eq!(made, AccountState::PendingActivation);
    assert_eq!(provider.account(&ada).await.kept(), Some(made));
    assert_eq!(provider.account(&ben).await.kept(), None, "somebody else got an account too");
    if backstage.can(Capability::CountActivationEmails) {
        assert_eq!(backstage.activation_emails(&ada).await, 1);
        assert_eq!(backstage.activation_emails(&ben).await, 0);
    }
}

/// Seeing to an account again makes no second one, and nothing else of the first.
pub async fn seeing_to_an_account_may_be_repeated(
    provider: &dyn IdentityProvider,
    backstage: &dyn Backstage,
) {
    let ada = person("ada@nhs.net");
    let first = provider.ensure_account(&ada).await.kept();
    for _ in 0..3 {
        assert_eq!(provider.ensure_account(&ada).await.kept(), first);
        assert_eq!(provider.account(&ada).await.kept(), Some(first));
    }
    if backstage.can(Capability::CountActivationEmails) {
        assert!(backstage.activation_emails(&ada).await >= 1, "the first one is owed");
    }
}

/// An account that was there before is left in its state, whichever that is, and told of as it
/// is; one that has nothing to activate gets no activation email.
pub async fn an_account_that_exists_is_left_as_it_is(
    provider: &dyn IdentityProvider,
    backstage: &dyn Backstage,
) {
    for (person, state) in people_in_every_state(provider, backstage).await.kept() {
        assert_eq!(provider.account(&person).await.kept(), Some(state));
        assert_eq!(provider.ensure_account(&person).await.kept(), state);
        assert_eq!(provider.account(&person).await.kept(), Some(state));
        let activated = state != AccountState::PendingActivation;
        if activated && backstage.can(Capability::CountActivationEmails) {
            assert_eq!(backstage.activation_emails(&person).await, 0, "an email to {state:?}");
        }
    }
}

/// An account is found however its address is spelled.
pub async fn an_address_is_one_however_it_is_spelled(
    provider: &dyn IdentityProvider,
    _: &dyn Backstage,
) {
    let made = provider.ensure_account(&person("Ada.Lovelace@NHS.net")).await.kept();
    for spelled in ["ada.lovelace@nhs.net", "ADA.LOVELACE@NHS.NET"] {
        assert_eq!(provider.account(&person(spelled)).await.kept(), Some(made), "`{spelled}`");
        assert_eq!(provider.ensure_account(&person(spelled)).await.kept(), made);
    }
}

/// Many who see to one person's account at once get the same account.
pub async fn many_at_once_make_one_account(
    provider: &dyn IdentityProvider,
    backstage: &dyn Backstage,
) {
    let ada = person("ada@nhs.net");
    for state in together(RIVALS, |_| provider.ensure_account(&ada)) {
        assert_eq!(state.kept(), AccountState::PendingActivation);
    }
    assert_eq!(provider.account(&ada).await.kept(), Some(AccountState::PendingActivation));
    if backstage.can(Capability::CountActivationEmails) {
        assert!(backstage.activation_emails(&ada).await >= 1, "the first one is owed");
    }
}
