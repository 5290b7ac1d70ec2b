//! Emails as they are written on the wire.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart, SinglePart};
use ravs_core::port::PortError;
use ravs_core::{Email, EmailAddress};

use crate::configuration::ConfigurationFault;
use crate::key::Key;

/// From whom emails come, where this crate writes them itself.
///
/// ```
/// use ravs_adapters_email::Sender;
///
/// let sender = Sender::new("no-reply@ravs.example".parse()?)
///     .named("Record a vaccination service")
///     .replies_to("help@ravs.example".parse()?);
/// # Ok::<(), ravs_core::InvalidEmail>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Sender {
    address: EmailAddress,
    name: Option<String>,
    replies_to: Option<EmailAddress>,
}

impl Sender {
    /// From that address, and without a name.
    pub fn new(address: EmailAddress) -> Self {
        Self { address, name: None, replies_to: None }
    }

    /// With that name, one line.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// With answers to another address.
    pub fn replies_to(mut self, address: EmailAddress) -> Self {
        self.replies_to = Some(address);
        self
    }
}

/// What is the same on every email: from whom it is.
#[derive(Clone, Debug)]
pub(crate) struct Letterhead {
    from: Mailbox,
    reply_to: Option<Mailbox>,
}

impl Letterhead {
    /// A letterhead of that sender, or what is wrong with it.
    pub(crate) fn of(sender: &Sender) -> Result<Self, Vec<ConfigurationFault>> {
        let mut faults = Vec::new();
        let from = address(&sender.address);
        if let Err(what) = from {
            faults.push(ConfigurationFault::new("sender", what));
        }
        let reply_to = sender.replies_to.as_ref().map(address).transpose();
        if let Err(what) = reply_to {
            faults.push(ConfigurationFault::new("sender.replies_to", what));
        }
        if sender.name.as_ref().is_some_and(|name| name.chars().any(char::is_control)) {
            faults.push(ConfigurationFault::new("sender.name", "it is not one line of text"));
        }
        match (from, reply_to) {
            (Ok(from), Ok(reply_to)) if faults.is_empty() => Ok(Self {
                from: Mailbox::new(sender.name.clone(), from),
                reply_to: reply_to.map(|reply_to| Mailbox::new(None, reply_to)),
            }),
            _ => Err(faults),
        }
    }

    /// The domain that emails come from.
    pub(crate) fn domain(&self) -> &str {
        self.from.email.domain()
    }

    /// The email as a message: text and HTML, the same every time but for its date.
    pub(crate) fn write(&self, email: &Email, at: DateTime<Utc>) -> Result<Message, PortError> {
        let key = Key::of(&email.key)?;
        if email.subject.chars().any(char::is_control) {
            return Err(PortError::rejected("the email's subject is not one line of text"));
        }
        let to = address(&email.to).map_err(PortError::rejected)?;
        let mut message = Message::builder()
            .date(at.into())
            .message_id(Some(format!("<{}@{}>", key.as_str(), self.domain())))
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .raw_header(subject(&email.subject))
            .header(AutoSubmitted);
        if let Some(reply_to) = &self.reply_to {
            message = message.reply_to(reply_to.clone());
        }
        // Half of the hash is as good as all of it, and a boundary has at most 70 characters.
        let boundary: String = key.hash().chars().take(32).collect();
        let parts = MultiPart::alternative()
            .boundary(boundary)
            .singlepart(SinglePart::plain(email.text.clone()))
            .singlepart(SinglePart::html(email.html.clone()));
        message
            .multipart(parts)
            .map_err(|error| PortError::rejected("the email cannot be written").caused_by(error))
    }
}

/// The longest line that every mail server takes, with room to spare.
const LONGEST_LINE: usize = 900;

/// The subject's header. What looks as if it were encoded is encoded itself, or a mail program
/// would show what it stands for; so is what is not ASCII, or too long for a line.
fn subject(text: &str) -> HeaderValue {
    let name = || HeaderName::new_from_ascii_str("Subject");
    if text.is_ascii() && text.len() < LONGEST_LINE && !text.contains("=?") {
        return HeaderValue::new(name(), text.into());
    }
    let mut words = Vec::new();
    let mut word = String::new();
    for c in text.chars() {
        // 39 bytes are 52 characters in base64, so that no line is longer than it should be.
        if word.len() + c.len_utf8() > 39 {
            words.push(std::mem::take(&mut word));
        }
        word.push(c);
    }
    words.push(word);
    let encoded = words.iter().map(|word| format!("=?utf-8?b?{}?=", STANDARD.encode(word)));
    let encoded = encoded.collect::<Vec<_>>().join("\r\n ");
    HeaderValue::dangerous_new_pre_encoded(name(), text.into(), encoded)
}

/// The most characters before the `@` that mail servers have to take (RFC 5321, 4.5.3.1.1). The
/// core allows more, since an address is first of all what somebody logs in with.
const LONGEST_LOCAL_PART: usize = 64;

/// The address as it is written, or why no mail server takes it.
fn address(address: &EmailAddress) -> Result<lettre::Address, &'static str> {
    let (local, domain) = address.as_str().rsplit_once('@').unwrap_or_default();
    if local.len() > LONGEST_LOCAL_PART {
        return Err("the address has more than 64 characters before its `@`, \
                    which no mail server has to take");
    }
    lettre::Address::new(local, domain)
        .map_err(|_| "no email can be sent by an address of this form")
}

/// Says that no person has written it, so that no machine answers (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_with_64_characters_or_fewer_before_its_at_is_written_as_it_is() {
        let longest_domain = format!("{}abcde", "abcdefg.".repeat(31));
        for text in [
            &format!("{}@nhs.net", "a".repeat(64)),
            &format!("{}@{longest_domain}", "a".repeat(64)),
            &format!("a@{}.uk", "b".repeat(63)),
            "zoe@nhs.net",
            "o'neil+ravs@trust.nhs.uk",
            "a!#$%&'*+/=?^_{|}~-`b@xn--bcher-kva.example",
            "A.B.C@NHS.NET",
        ] {
            let written = address(&text.parse().unwrap()).unwrap();
            assert_eq!(written.to_string(), text);
        }
    }

    #[test]
    fn an_address_that_is_too_long_before_its_at_is_refused_in_clear_words() {
        let long: EmailAddress = format!("{}@nhs.net", "a".repeat(65)).parse().unwrap();
        let faults = Letterhead::of(&Sender::new(long.clone()).replies_to(long)).unwrap_err();
        let named: Vec<_> = faults.iter().map(ConfigurationFault::setting).collect();
        assert_eq!(named, ["sender", "sender.replies_to"]);
        let said = faults[0].to_string();
        assert!(said.contains("more than 64 characters before its `@`"), "{said}");
        assert!(!said.contains("aaa"), "{said}");
    }

    #[test]
    fn what_looks_encoded_is_encoded() {
        let hostile = format!("=?utf-8?q?x?= {}", "é".repeat(40));
        let message = Message::builder()
            .from("a@nhs.net".parse().unwrap())
            .to("b@nhs.net".parse().unwrap())
            .raw_header(subject(&hostile))
            .body(String::new())
            .unwrap();
        let written = String::from_utf8(message.formatted()).unwrap();
        assert!(!written.contains("=?utf-8?q?"), "{written}");
        assert!(written.lines().all(|line| line.len() <= 78), "{written}");
        let read = mail_parser::MessageParser::default().parse(written.as_bytes()).unwrap();
        assert_eq!(read.subject(), Some(hostile.as_str()));
    }

    #[test]
    fn a_name_of_two_lines_is_a_fault() {
        let sender = Sender::new("a@nhs.net".parse().unwrap()).named("A\r\nBcc: b@nhs.net");
        let faults = Letterhead::of(&sender).unwrap_err();
        assert_eq!(faults.len(), 1);
        assert_eq!(faults[0].to_string(), "`sender.name`: it is not one line of text");
    }
}
