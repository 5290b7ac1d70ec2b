//! What can be wrong with a mailer.

use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use ravs_core::port::{Mailer, PortError, PortErrorKind};
use ravs_core::{EffectKey, Email, EmailAddress};
use ravs_testkit::MemoryMailer;
use ravs_testkit::conformance::mailer::{Arrived, Backstage, Capability};

/// One thing that is wrong with a mailer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MailerFault {
    SendsNothing,
    AltersWords,
    CutsSubjects,
    SendsToLowerCase,
    MarksAllAlike,
    TakesOneReaderForOneEmail,
    SendsRepeats,
    RefusesRepeats,
    SendsRepeatsOfOtherWords,
    ARefusalMayPass,
    ARefusalIsSilent,
    ARefusalNamesItsReader,
    SendsInSpiteOfARefusal,
    ARefusalIsForAll,
    AnOutageIsForEver,
    AnOutageIsSilent,
    AnOutageNamesItsReader,
    AnOutageSends,
    ALostAnswerSendsAgain,
    ALostAnswerIsForEver,
}

impl MailerFault {
    /// Every fault, and a case that catches it.
    pub(crate) const ALL: &[(Self, &str)] = &[
        (Self::SendsNothing, "sending::every_email_arrives_as_it_was_written"),
        (Self::SendsNothing, "outages::an_outage_can_be_waited_out"),
        (Self::AltersWords, "sending::every_email_arrives_as_it_was_written"),
        (Self::CutsSubjects, "sending::every_email_arrives_as_it_was_written"),
        (Self::SendsToLowerCase, "sending::every_email_arrives_as_it_was_written"),
        (Self::MarksAllAlike, "sending::every_email_arrives_as_it_was_written"),
        (Self::TakesOneReaderForOneEmail, "sending::a_key_is_an_email"),
        (Self::SendsRepeats, "repeats::a_repeat_does_not_go_again"),
        (Self::RefusesRepeats, "repeats::a_repeat_does_not_go_again"),
        (Self::SendsRepeatsOfOtherWords, "repeats::a_repeat_of_other_words_does_not_go_again"),
        (Self::ARefusalMayPass, "refusals::a_refused_address_is_rejected"),
        (Self::ARefusalIsSilent, "refusals::a_refused_address_is_rejected"),
        (Self::ARefusalNamesItsReader, "refusals::a_refused_address_is_rejected"),
        (Self::SendsInSpiteOfARefusal, "refusals::a_refused_address_is_rejected"),
        (Self::ARefusalIsForAll, "refusals::a_refusal_stops_nobody_else"),
        (Self::AnOutageIsForEver, "outages::an_outage_can_be_waited_out"),
        (Self::AnOutageIsSilent, "outages::an_outage_can_be_waited_out"),
        (Self::AnOutageNamesItsReader, "outages::an_outage_can_be_waited_out"),
        (Self::AnOutageSends, "outages::an_outage_can_be_waited_out"),
        (Self::ALostAnswerSendsAgain, "outages::a_lost_answer_is_no_second_email"),
        (Self::ALostAnswerIsForEver, "outages::a_lost_answer_is_no_second_email"),
    ];
}

/// A mailer with one fault, or none.
pub(crate) struct MailerUnderSuspicion {
    inner: MemoryMailer,
    fault: Option<MailerFault>,
    /// Numbers the emails that go under a key of their own.
    number: AtomicUsize,
}

impl MailerUnderSuspicion {
    pub(crate) fn with(fault: Option<MailerFault>) -> Self {
        Self { inner: MemoryMailer::new(), fault, number: AtomicUsize::new(0) }
    }

    fn has(&self, fault: MailerFault) -> bool {
        self.fault == Some(fault)
    }

    /// The email under a key that it has never gone under.
    fn anew(&self, email: &Email) -> Email {
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        let key = EffectKey::from_stored(format!("{}.{number}", email.key));
        Email { key, ..email.clone() }
    }

    /// The email as this mailer sends it.
    fn as_sent(&self, email: &Email) -> Email {
        let mut sent = email.clone();
        let earlier = self.inner.sent();
        match self.fault {
            Some(MailerFault::AltersWords) => sent.text = sent.text.replace('\'', "’"),
            Some(MailerFault::CutsSubjects) => sent.subject.truncate(40),
            Some(MailerFault::SendsToLowerCase) => sent.to = email.to.folded().parse().unwrap(),
            Some(MailerFault::TakesOneReaderForOneEmail) => {
                sent.key = EffectKey::from_stored(email.to.folded().to_owned());
            }
            Some(MailerFault::SendsRepeats) => return self.anew(email),
            Some(MailerFault::SendsRepeatsOfOtherWords)
                if earlier.iter().all(|other| other.text != email.text) =>
            {
                return self.anew(email);
            }
            _ => {}
        }
        sent
    }

    /// What it says of a failure.
    fn told(&self, email: &Email, error: PortError) -> Result<(), PortError> {
        let refused = *error.kind() == PortErrorKind::Rejected;
        let name = email.to.as_str().to_owned();
        match self.fault {
            Some(MailerFault::ARefusalMayPass) if refused => Err(PortError::unavailable("no")),
            Some(MailerFault::ARefusalIsSilent) if refused => Ok(()),
            Some(MailerFault::ARefusalNamesItsReader) if refused => Err(PortError::rejected(name)),
            Some(MailerFault::AnOutageIsForEver) if !refused => Err(PortError::rejected("no")),
            Some(MailerFault::AnOutageIsSilent) if !refused => Ok(()),
            Some(MailerFault::AnOutageNamesItsReader) if !refused => {
                Err(PortError::unavailable(name))
            }
            _ => Err(error),
        }
    }
}

#[async_trait]
impl Mailer for MailerUnderSuspicion {
    async fn send(&self, email: &Email) -> Result<(), PortError> {
        if self.has(MailerFault::SendsNothing) {
            return Ok(());
        }
        let there = self.inner.sent().iter().any(|sent| sent.key == email.key);
        if there && self.has(MailerFault::RefusesRepeats) {
            return Err(PortError::rejected("it has gone"));
        }
        let sent = self.as_sent(email);
        let Err(error) = self.inner.send(&sent).await else { return Ok(()) };
        let gone = self.inner.sent().iter().any(|other| other.key == sent.key);
        match self.fault {
            Some(MailerFault::SendsInSpiteOfARefusal) => {
                let to: EmailAddress = "somebody@nhs.net".parse().unwrap();
                self.inner.send(&Email { to, ..sent }).await?;
            }
            Some(MailerFault::ALostAnswerSendsAgain) if gone => {
                self.inner.send(&self.anew(email)).await?;
            }
            Some(MailerFault::ALostAnswerIsForEver) if gone => {
                return Err(PortError::rejected("it did not answer"));
            }
            Some(MailerFault::AnOutageSends) if !gone => {
                self.inner.set_down(false);
                self.inner.send(&self.anew(email)).await?;
                self.inner.set_down(true);
            }
            _ => {}
        }
        self.told(email, error)
    }
}

#[async_trait]
impl Backstage for MailerUnderSuspicion {
    fn can(&self, capability: Capability) -> bool {
        self.inner.can(capability)
    }

    async fn arrived(&self) -> Vec<Arrived> {
        let mut arrived = self.inner.arrived().await;
        if self.has(MailerFault::MarksAllAlike) {
            arrived.iter_mut().for_each(|one| one.mark = "RAVS".into());
        }
        arrived
    }

    async fn set_down(&self, down: bool) {
        self.inner.set_down(down);
    }

    async fn refuse(&self, address: &EmailAddress) {
        self.inner.refuse(address);
        if self.has(MailerFault::ARefusalIsForAll) {
            self.inner.refuse(&"ada@nhs.net".parse().unwrap());
        }
    }

    async fn lose_answer(&self) {
        self.inner.lose_answer();
    }
}
