//! Sending: what goes is what was written, to whom it was written.

use std::collections::BTreeSet;

use ravs_core::EffectKey;
use ravs_core::port::Mailer;

use super::{Backstage, Capability, email, emails};
use crate::conformance::promise::Promise as _;

/// Every email there is arrives as it was written.
pub async fn every_email_arrives_as_it_was_written(mailer: &dyn Mailer, backstage: &dyn Backstage) {
    let emails = emails("Zoe.Ng+ravs@nhs.net");
    for email in &emails {
        mailer.send(email).await.kept();
    }
    if !backstage.can(Capability::SeeArrived) {
        return;
    }
    let arrived = backstage.arrived().await;
    assert_eq!(arrived.len(), emails.len());
    for (arrived, email) in arrived.iter().zip(&emails) {
        assert_eq!(arrived.to.as_str(), email.to.as_str());
        assert_eq!(arrived.subject, email.subject);
        assert_eq!(arrived.text.trim_end(), email.text.trim_end());
    }
    let marks: BTreeSet<_> = arrived.iter().map(|arrived| &arrived.mark).collect();
    assert_eq!(marks.len(), emails.len(), "each has a mark of its own");
}

/// Two emails of the same words to the same person are two, under two keys.
pub async fn a_key_is_an_email(mailer: &dyn Mailer, backstage: &dyn Backstage) {
    let one = email("ada@nhs.net");
    let mut other = one.clone();
    other.key = EffectKey::from_stored(format!("{}-2", one.key));
    mailer.send(&one).await.kept();
    mailer.send(&other).await.kept();
    if backstage.can(Capability::SeeArrived) {
        assert_eq!(backstage.arrived().await.len(), 2);
    }
}
