//! A host, and the tenant that its people sign in to.

use std::sync::Arc;

use ravs_adapters_okta::{
    ClientAuthentication, OktaSignIn, Pace, SignInError, SignInSettings, SignedIn,
};

use crate::tenant::{CLIENT, REDIRECT, Tenant};
use crate::time::Time;

pub(crate) struct Scene {
    pub(crate) tenant: Tenant,
    pub(crate) time: Time,
    pub(crate) okta: OktaSignIn,
}

/// A public client of a tenant that does what Okta does.
pub(crate) async fn scene() -> Scene {
    scene_with(|settings| settings).await
}

pub(crate) async fn scene_with(set: impl FnOnce(SignInSettings) -> SignInSettings) -> Scene {
    let time = Time::default();
    let tenant = Tenant::start(&time).await;
    let settings = settings(&tenant, &time, ClientAuthentication::public());
    let okta = OktaSignIn::new(set(settings)).unwrap();
    Scene { tenant, time, okta }
}

pub(crate) fn settings(
    tenant: &Tenant,
    time: &Time,
    client: ClientAuthentication,
) -> SignInSettings {
    let pace = Arc::new(time.clone()) as Arc<dyn Pace>;
    SignInSettings::new(tenant.issuer(), CLIENT, REDIRECT, client).pace(pace)
}

impl Scene {
    /// Somebody signs in, from the first click to the last check.
    pub(crate) async fn sign_in(&self) -> Result<SignedIn, SignInError> {
        let begun = self.okta.begin().await?;
        let callback = self.tenant.person_signs_in(&begun.url);
        self.okta.finish(begun.pending, &callback).await
    }
}
