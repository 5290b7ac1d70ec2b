//! Emails to send, and how they are read back.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use mail_parser::{Message, MessageParser};
use ravs_adapters_email::Sender;
use ravs_core::{Email, PersonName};
use ravs_testkit::conformance::mailer::Arrived;
use ravs_testkit::{ManualClock, letters};

/// The time in these tests: in summer, so that London is an hour ahead.
pub(crate) fn now() -> DateTime<Utc> {
    "2025-08-10T10:02:51Z".parse().unwrap()
}

pub(crate) fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at(now()))
}

pub(crate) fn sender() -> Sender {
    Sender::new("no-reply@ravs.example".parse().unwrap())
        .named("Record a “vaccination”, RAVS")
        .replies_to("help@ravs.example".parse().unwrap())
}

/// Every email there is, to Zoë.
pub(crate) fn emails() -> Vec<Email> {
    emails_of("Zoë", "ST. MARY'S HOSPITAL")
}

pub(crate) fn emails_of(first_name: &str, organisation: &str) -> Vec<Email> {
    let name = PersonName::new(first_name, "Ng").unwrap();
    letters(&name, &"zoe@nhs.net".parse().unwrap(), organisation).unwrap()
}

pub(crate) fn email() -> Email {
    emails().remove(0)
}

pub(crate) fn parsed(message: &[u8]) -> Message<'_> {
    MessageParser::default().parse(message).unwrap()
}

/// What a mail program shows of a message.
pub(crate) fn arrived(message: &[u8]) -> Arrived {
    let message = parsed(message);
    Arrived {
        to: message.to().unwrap().first().unwrap().address().unwrap().parse().unwrap(),
        mark: message.message_id().unwrap().to_owned(),
        subject: message.subject().unwrap().to_owned(),
        text: message.body_text(0).unwrap().replace("\r\n", "\n"),
    }
}

/// The page of a message.
pub(crate) fn page(message: &[u8]) -> String {
    parsed(message).body_html(0).unwrap().replace("\r\n", "\n")
}
