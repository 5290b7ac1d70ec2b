//! Hostile names come out as text, by every carrier (R-N6).

use ravs_adapters_email::{FileMailer, SmtpMailer};
use ravs_core::port::Mailer;
use ravs_core::{Email, FieldName};

use crate::fake_notify::{FakeNotify, filled_in};
use crate::smtp::settings;
use crate::smtp_server::{Protection, SmtpServer};
use crate::support::{arrived, clock, emails_of, page, parsed, sender};

const HOSTILE: [&str; 12] = [
    "[click](https://evil.example)",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "Zoë\r\nBcc: all@evil.example\r\n\r\nBuy",
    "Zoë\u{202e}elpmaxe.live\u{202c}",
    "Zo\u{200b}\u{feff}ë\u{2028}evil.example",
    "((help_desk))",
    "A =?utf-8?q?Bcc:=20x=40evil.example?=",
    "\n.\nQUIT",
    "- item",
    "1. item",
    "evil\u{3002}example",
];

fn hostile() -> Vec<Email> {
    HOSTILE.iter().flat_map(|name| emails_of(name, name)).collect()
}

/// Nothing in it that a reader's program would make something of, but what is ours.
#[track_caller]
fn assert_harmless(email: &Email, shown: &str) {
    let ours = ["https://www.ravs.england.nhs.uk/", "https://guide.ravs.england.nhs.uk/"];
    let shown = ours.iter().fold(shown.to_owned(), |shown, own| shown.replace(own, ""));
    let shown = shown.replace("ravs.support@england.nhs.uk", "");
    for sign in ["://", "](", "<", ">", "@", "evil.", ".live", "\u{202e}", "\u{200b}", "\u{2028}"] {
        assert!(!shown.contains(sign), "{}: {sign:?} in {shown}", email.key);
    }
}

/// The tags of a page, which are the same for any name.
fn tags(page: &str) -> Vec<String> {
    page.split('<').skip(1).map(|rest| rest.split('>').next().unwrap().to_owned()).collect()
}

#[track_caller]
fn assert_harmless_message(email: &Email, usual: &Email, message: &[u8]) {
    let read = arrived(message);
    assert_eq!((&read.subject, &read.text), (&email.subject, &email.text));
    assert_harmless(email, &read.subject);
    assert_harmless(email, &read.text);
    assert_eq!(tags(&page(message)), tags(&usual.html));
    let message = parsed(message);
    let names: Vec<_> = message.headers().iter().map(|header| header.name()).collect();
    let expected = [
        "Date",
        "Message-ID",
        "From",
        "To",
        "Subject",
        "Auto-Submitted",
        "Reply-To",
        "MIME-Version",
        "Content-Type",
    ];
    assert!(names.iter().all(|name| expected.contains(name)), "{names:?}");
    assert_eq!(names.len(), expected.len(), "{names:?}");
}

/// The emails with a hostile name, each beside one of its kind with a usual name.
fn pairs() -> impl Iterator<Item = (Email, Email)> {
    let usual = emails_of("Zoë", "A TRUST");
    let usual: Vec<_> = HOSTILE.iter().flat_map(|_| usual.clone()).collect();
    hostile().into_iter().zip(usual)
}

#[tokio::test]
async fn in_a_file() {
    for (email, usual) in pairs() {
        let folder = tempfile::tempdir().unwrap();
        let mailer = FileMailer::new(folder.path(), &sender(), clock()).unwrap();
        mailer.send(&email).await.unwrap();
        let message = std::fs::read(mailer.file(&email).unwrap()).unwrap();
        assert_harmless_message(&email, &usual, &message);
    }
}

#[tokio::test]
async fn by_smtp() {
    let server = SmtpServer::start(Protection::None).await;
    for (email, usual) in pairs() {
        let settings = settings(&server, Protection::None);
        SmtpMailer::new(&settings, clock()).unwrap().send(&email).await.unwrap();
        let taken = server.state().taken.pop().unwrap();
        assert_eq!(taken.to, ["zoe@nhs.net"]);
        assert!(server.state().taken.is_empty());
        assert_harmless_message(&email, &usual, &taken.message);
    }
}

#[tokio::test]
async fn by_notify() {
    for email in hostile() {
        let notify = FakeNotify::start().await;
        notify.mailer().send(&email).await.unwrap();
        let body = notify.sent().pop().unwrap();
        let (subject, text) = filled_in(&body).unwrap();
        assert_eq!((&subject, &text), (&email.subject, &email.text));
        assert_harmless(&email, &subject);
        assert_harmless(&email, &text);
        let sanitised = body["sanitise_content_for"].as_array().unwrap();
        let typed = email.fields.iter().filter(|field| field.name.is_typed());
        for field in typed {
            assert!(sanitised.contains(&field.name.as_str().into()), "{}", field.name);
            assert!(!field.value.contains('\n'));
            // Some templates have it at the beginning of a line, where this would be a list.
            let begins_a_list = ["-", "1."].iter().any(|mark| field.value.starts_with(mark));
            assert!(!begins_a_list, "{}: {}", email.key, field.value);
        }
        assert!(sanitised.contains(&FieldName::Greeting.as_str().into()));
    }
}
