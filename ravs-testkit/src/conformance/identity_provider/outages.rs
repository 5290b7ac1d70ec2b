//! Outages: a provider out of reach is an error that may be tried again.

use ravs_core::port::{AccountState, IdentityProvider, PortError};

use super::{Backstage, Capability, person};
use crate::conformance::promise::Promise as _;

/// While the provider is out of reach every method fails, and says that trying again may help;
/// none of it has happened once it is back.
pub async fn an_outage_can_be_waited_out(
    provider: &dyn IdentityProvider,
    backstage: &dyn Backstage,
) {
    if !backstage.can(Capability::Outage) {
        return;
    }
    let (ada, ben) = (person("ada@nhs.net"), person("ben@nhs.net"));
    provider.ensure_account(&ada).await.kept();
    backstage.set_down(true).await;
    may_be_tried_again(provider.account(&ada).await);
    may_be_tried_again(provider.ensure_account(&ben).await);
    may_be_tried_again(provider.grant_access(&ada).await);
    may_be_tried_again(provider.withdraw_access(&ada).await);
    may_be_tried_again(provider.resend_activation(&ada).await);
    backstage.set_down(false).await;
    assert_eq!(provider.account(&ada).await.kept(), Some(AccountState::PendingActivation));
    assert_eq!(provider.account(&ben).await.kept(), None, "it was out of reach");
    provider.grant_access(&ada).await.kept();
}

#[track_caller]
fn may_be_tried_again<T: std::fmt::Debug>(outcome: Result<T, PortError>) {
    match outcome {
        Err(error) if error.is_retryable() && !error.is_conflict() => {
            assert!(!error.to_string().contains('@'), "an error names a person: {error}");
        }
        other => panic!("the provider is out of reach: {other:?}"),
    }
}
