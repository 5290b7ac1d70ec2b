//! Refusals: an address that the carrier does not take.

use ravs_core::port::{Mailer, PortErrorKind};

use super::{Backstage, Capability, email, emails};
use crate::conformance::promise::Promise as _;

/// An email to an address that is refused is rejected, names nobody, and does not go.
pub async fn a_refused_address_is_rejected(mailer: &dyn Mailer, backstage: &dyn Backstage) {
    if !backstage.can(Capability::RefuseAddress) {
        return;
    }
    let refused = email("nobody@nhs.net");
    backstage.refuse(&refused.to).await;
    match mailer.send(&refused).await {
        Err(error) => {
            assert_eq!(*error.kind(), PortErrorKind::Rejected, "{error:?}");
            let said = format!("{error} {error:?}");
            assert!(!said.contains("nobody"), "an error names a person: {said}");
        }
        Ok(()) => panic!("the address is refused"),
    }
    if backstage.can(Capability::SeeArrived) {
        assert_eq!(backstage.arrived().await, []);
    }
}

/// What is refused to one stops nobody else's email.
pub async fn a_refusal_stops_nobody_else(mailer: &dyn Mailer, backstage: &dyn Backstage) {
    if !backstage.can(Capability::RefuseAddress) {
        return;
    }
    let refused = email("nobody@nhs.net");
    backstage.refuse(&refused.to).await;
    assert!(mailer.send(&refused).await.is_err(), "the address is refused");
    let others: Vec<_> = emails("ada@nhs.net").into_iter().skip(1).collect();
    for other in &others {
        mailer.send(other).await.kept();
    }
    if backstage.can(Capability::SeeArrived) {
        assert_eq!(backstage.arrived().await.len(), others.len());
    }
}
