//! What every identity provider keeps.

use async_trait::async_trait;
use ravs_core::port::{AccountState, Person};
use ravs_testkit::conformance::identity_provider::{Backstage, Capability};
use wiremock::MockServer;

use crate::support::people::okta;
use crate::support::tenant::Tenant;
use crate::support::time::FakeTime;

/// Behind the tenant's back: everything can be done and seen.
struct Behind {
    tenant: Tenant,
    _server: MockServer,
}

#[async_trait]
impl Backstage for Behind {
    fn can(&self, _: Capability) -> bool {
        true
    }

    async fn put_account(&self, person: &Person, state: AccountState) {
        let status = match state {
            AccountState::PendingActivation => "PROVISIONED",
            AccountState::Active => "ACTIVE",
            AccountState::Suspended => "SUSPENDED",
            AccountState::Deactivated => "DEPROVISIONED",
        };
        self.tenant.put(person.email.as_str(), status);
    }

    async fn has_access(&self, person: &Person) -> bool {
        self.tenant.account(person.email.as_str()).is_some_and(|held| held.member)
    }

    async fn activation_emails(&self, person: &Person) -> usize {
        self.tenant.account(person.email.as_str()).map_or(0, |held| held.emails)
    }

    async fn set_down(&self, down: bool) {
        self.tenant.set_down(down);
    }
}

ravs_testkit::identity_provider_conformance! {{
    let tenant = Tenant::default();
    let server = tenant.serve().await;
    let okta = okta(&server.uri(), &FakeTime::default());
    (okta, Behind { tenant, _server: server })
}}
