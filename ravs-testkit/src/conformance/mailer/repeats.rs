//! Repeats: a key names an email for ever.

use ravs_core::port::Mailer;

use super::{Backstage, Capability, email};
use crate::conformance::promise::Promise as _;

/// A repeat is no error, and goes no second time.
pub async fn a_repeat_does_not_go_again(mailer: &dyn Mailer, backstage: &dyn Backstage) {
    let (ada, ben) = (email("ada@nhs.net"), email_of_another_key("ben@nhs.net"));
    for email in [&ada, &ben, &ada, &ada, &ben] {
        mailer.send(email).await.kept();
    }
    if backstage.can(Capability::SeeArrived) {
        let arrived = backstage.arrived().await;
        let to: Vec<_> = arrived.iter().map(|arrived| arrived.to.as_str()).collect();
        assert_eq!(to, ["ada@nhs.net", "ben@nhs.net"]);
    }
}

/// So is one that would say something else by now.
pub async fn a_repeat_of_other_words_does_not_go_again(
    mailer: &dyn Mailer,
    backstage: &dyn Backstage,
) {
    let first = email("ada@nhs.net");
    let mut again = first.clone();
    again.subject.push_str(", again");
    again.text.push_str("And this.\n");
    mailer.send(&first).await.kept();
    mailer.send(&again).await.kept();
    if backstage.can(Capability::SeeArrived) {
        let arrived = backstage.arrived().await;
        let subjects: Vec<_> = arrived.iter().map(|arrived| arrived.subject.as_str()).collect();
        assert_eq!(subjects, [first.subject.as_str()]);
    }
}

#[track_caller]
fn email_of_another_key(to: &str) -> ravs_core::Email {
    match super::emails(to).into_iter().nth(1) {
        Some(email) => email,
        None => panic!("there are two"),
    }
}
