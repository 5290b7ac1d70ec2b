//! The activation email, sent again.

use ravs_core::port::{AccountState, IdentityProvider, Resent};

use super::{Backstage, Capability, people_in_every_state, person};
use crate::conformance::promise::Promise as _;

/// Without an account there is no email, and none is made.
pub async fn no_account_no_email(provider: &dyn IdentityProvider, backstage: &dyn Backstage) {
    let ada = person("ada@nhs.net");
    assert_eq!(provider.resend_activation(&ada).await.kept(), Resent::NoAccount);
    assert_eq!(provider.account(&ada).await.kept(), None, "an account was made");
    if backstage.can(Capability::CountActivationEmails) {
        assert_eq!(backstage.activation_emails(&ada).await, 0);
    }
}

/// An account that waits for activation gets its email again, each time it is asked for.
pub async fn a_waiting_account_gets_its_email(
    provider: &dyn IdentityProvider,
    backstage: &dyn Backstage,
) {
    let ada = person("ada@nhs.net");
    let state = provider.ensure_account(&ada).await.kept();
    let counts = backstage.can(Capability::CountActivationEmails);
    for _ in 0..2 {
        let before = if counts { backstage.activation_emails(&ada).await } else { 0 };
        assert_eq!(provider.resend_activation(&ada).await.kept(), Resent::Sent);
        if counts {
            assert_eq!(backstage.activation_emails(&ada).await, before + 1);
        }
    }
    assert_eq!(provider.account(&ada).await.kept(), Some(state));
    if backstage.can(Capability::SeeAccess) {
        assert!(!backstage.has_access(&ada).await, "an email lets nobody in");
    }
}

/// Any other account has nothing to activate: it gets no email, and stays as it is.
pub async fn any_other_account_has_nothing_to_activate(
    provider: &dyn IdentityProvider,
    backstage: &dyn Backstage,
) {
    for (person, state) in people_in_every_state(provider, backstage).await.kept() {
        let waits = state == AccountState::PendingActivation;
        let counts = backstage.can(Capability::CountActivationEmails);
        let before = if counts { backstage.activation_emails(&person).await } else { 0 };
        let expected = if waits { Resent::Sent } else { Resent::NothingToActivate };
        assert_eq!(provider.resend_activation(&person).await.kept(), expected, "{state:?}");
        assert_eq!(provider.account(&person).await.kept(), Some(state));
        if counts {
            let sent = backstage.activation_emails(&person).await - before;
            assert_eq!(sent, usize::from(waits), "{state:?}");
        }
    }
}
