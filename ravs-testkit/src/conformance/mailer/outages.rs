//! Outages: a carrier out of reach, and an answer that does not come.

use ravs_core::port::{Mailer, PortError};

use super::{Backstage, Capability, email};
use crate::conformance::promise::Promise as _;

/// While the carrier is out of reach sending fails, and says that trying again may help. Once it
/// is back the email goes, once.
pub async fn an_outage_can_be_waited_out(mailer: &dyn Mailer, backstage: &dyn Backstage) {
    if !backstage.can(Capability::Outage) {
        return;
    }
    let email = email("ada@nhs.net");
    backstage.set_down(true).await;
    for _ in 0..2 {
        match mailer.send(&email).await {
            Err(error) => may_be_tried_again(&error),
            Ok(()) => panic!("the carrier is out of reach"),
        }
    }
    backstage.set_down(false).await;
    mailer.send(&email).await.kept();
    if backstage.can(Capability::SeeArrived) {
        assert_eq!(backstage.arrived().await.len(), 1);
    }
}

/// An email of which the answer was lost may be sent again; it goes once where the adapter can
/// find out, and otherwise under the same mark.
pub async fn a_lost_answer_is_no_second_email(mailer: &dyn Mailer, backstage: &dyn Backstage) {
    if !backstage.can(Capability::LoseAnswer) {
        return;
    }
    let email = email("ada@nhs.net");
    backstage.lose_answer().await;
    if let Err(error) = mailer.send(&email).await {
        may_be_tried_again(&error);
    }
    mailer.send(&email).await.kept();
    mailer.send(&email).await.kept();
    if !backstage.can(Capability::SeeArrived) {
        return;
    }
    let mut marks: Vec<_> = backstage.arrived().await.into_iter().map(|one| one.mark).collect();
    assert!(!marks.is_empty(), "it never went");
    if !backstage.can(Capability::FindOut) {
        marks.dedup();
    }
    assert_eq!(marks.len(), 1, "it went more than once: {marks:?}");
}

#[track_caller]
fn may_be_tried_again(error: &PortError) {
    assert!(error.is_retryable() && !error.is_conflict(), "it may pass: {error:?}");
    assert!(!format!("{error} {error:?}").contains('@'), "an error names a person: {error:?}");
}
