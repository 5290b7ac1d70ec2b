//! Emails by SMTP, to a mail server that the test runs.

use std::time::Duration;

use ravs_adapters_email::SmtpMailer;
use ravs_adapters_email::smtp::{Security, SmtpFailure, SmtpSettings, Step};
use ravs_core::port::{Mailer, PortError, PortErrorKind};
use ravs_core::{EffectKey, Email};

use crate::smtp_server::{Instead, Moment, PASSWORD, Protection, SmtpServer};
use crate::support::{arrived, clock, email, emails, page, parsed, sender};

/// Settings for that server, over TLS where it speaks it.
pub(crate) fn settings(server: &SmtpServer, protection: Protection) -> SmtpSettings {
    let settings = SmtpSettings::new("localhost", sender())
        .port(server.address.port())
        .authority(server.certificate.clone());
    match protection {
        Protection::None => settings.security(Security::Plain),
        Protection::StartTls => settings.security(Security::StartTls),
        Protection::Tls => settings,
    }
}

fn mailer(settings: &SmtpSettings) -> SmtpMailer {
    SmtpMailer::new(settings, clock()).unwrap()
}

fn failure(error: &PortError) -> &SmtpFailure {
    let source = std::error::Error::source(error).unwrap();
    source.downcast_ref().unwrap()
}

/// An email with that key.
fn keyed(key: &str) -> Email {
    Email { key: EffectKey::from_stored(key.into()), ..email() }
}

async fn plain() -> (SmtpServer, SmtpMailer) {
    let server = SmtpServer::start(Protection::None).await;
    let mailer = mailer(&settings(&server, Protection::None));
    (server, mailer)
}

#[tokio::test]
async fn what_arrives_is_what_was_sent() {
    let (server, mailer) = plain().await;
    for email in emails() {
        mailer.send(&email).await.unwrap();
        let taken = server.state().taken.pop().unwrap();
        assert_eq!(
            (taken.from.as_str(), taken.to),
            ("no-reply@ravs.example", vec!["zoe@nhs.net".into()])
        );
        let read = arrived(&taken.message);
        assert_eq!((read.subject, read.text), (email.subject, email.text));
        assert_eq!(read.to.as_str(), "zoe@nhs.net");
        assert_eq!(page(&taken.message), email.html);
        let message = parsed(&taken.message);
        let from = message.from().unwrap().first().unwrap();
        assert_eq!(from.name(), Some("Record a “vaccination”, RAVS"));
        assert_eq!(from.address(), Some("no-reply@ravs.example"));
        assert_eq!(message.date().unwrap().to_rfc3339(), "2025-08-10T10:02:51Z");
        assert_eq!(message.message_id(), Some(format!("{}@ravs.example", email.key).as_str()));
        assert_eq!(message.attachment_count(), 0);
    }
}

#[tokio::test]
async fn lines_that_mail_servers_trip_over_arrive_as_they_are() {
    let (server, mailer) = plain().await;
    let mut email = email();
    email.text = format!(
        ".\n..\n.leading\nFrom here\n\n{}\ntrailing space \n=3D\n水 é 🙂\n.\n",
        "long ".repeat(500)
    );
    email.subject = format!("é {} 🙂", "long ".repeat(100)).trim_end().to_owned();
    mailer.send(&email).await.unwrap();
    let read = arrived(&server.state().taken[0].message);
    assert_eq!(read.text, email.text);
    assert_eq!(read.subject, email.subject);
}

#[tokio::test]
async fn emails_go_over_tls_from_the_start() {
    let server = SmtpServer::asking_for_a_login(Protection::Tls).await;
    let settings = settings(&server, Protection::Tls).credentials("ravs", PASSWORD.into());
    mailer(&settings).send(&email()).await.unwrap();
    let state = server.state();
    assert!(state.taken[0].over_tls);
    assert_eq!(state.logged_in, 1);
}

#[tokio::test]
async fn emails_go_over_tls_that_is_started() {
    let server = SmtpServer::asking_for_a_login(Protection::StartTls).await;
    let settings = settings(&server, Protection::StartTls).credentials("ravs", PASSWORD.into());
    mailer(&settings).send(&email()).await.unwrap();
    let state = server.state();
    assert_eq!((state.logged_in, state.taken.len()), (1, 1));
}

#[tokio::test]
async fn nothing_goes_where_tls_does_not_start() {
    let server = SmtpServer::start(Protection::None).await;
    let error = mailer(&settings(&server, Protection::StartTls)).send(&email()).await.unwrap_err();
    assert_eq!(*error.kind(), PortErrorKind::Unavailable);
    assert!(error.to_string().contains("offers no `STARTTLS`"), "{error}");
    assert_eq!(failure(&error).step(), Step::StartTls);
    assert!(server.state().taken.is_empty());
}

#[tokio::test]
async fn nothing_goes_to_a_server_whose_certificate_is_not_trusted() {
    for protection in [Protection::Tls, Protection::StartTls] {
        let server = SmtpServer::start(protection).await;
        let security = match protection {
            Protection::Tls => Security::Tls,
            _ => Security::StartTls,
        };
        let settings =
            SmtpSettings::new("localhost", sender()).port(server.address.port()).security(security);
        let error = mailer(&settings).send(&email()).await.unwrap_err();
        assert!(error.is_retryable(), "a certificate can be renewed");
        let said = failure(&error).to_string();
        assert!(said.contains("certificate"), "{said}");
        assert!(server.state().taken.is_empty());
    }
}

#[tokio::test]
async fn credentials_that_are_not_let_in_can_be_put_right() {
    let server = SmtpServer::asking_for_a_login(Protection::Tls).await;
    let settings = settings(&server, Protection::Tls).credentials("ravs", "another".into());
    let error = mailer(&settings).send(&email()).await.unwrap_err();
    assert_eq!(*error.kind(), PortErrorKind::Unavailable);
    assert!(error.to_string().contains("credentials"), "{error}");
    assert_eq!((failure(&error).step(), failure(&error).code()), (Step::LogIn, Some(535)));
}

#[tokio::test]
async fn a_dead_server_may_come_back() {
    let server = SmtpServer::start(Protection::None).await;
    let settings = settings(&server, Protection::None);
    server.state().down = true;
    let error = mailer(&settings).send(&email()).await.unwrap_err();
    assert_eq!(*error.kind(), PortErrorKind::Unavailable);
    assert_eq!(failure(&error).step(), Step::Connect);
    // A port on which nobody listens.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let error = mailer(&settings.port(free)).send(&email()).await.unwrap_err();
    assert_eq!(*error.kind(), PortErrorKind::Unavailable);
    assert!(failure(&error).to_string().contains("refused"), "{}", failure(&error));
}

#[tokio::test]
async fn what_a_server_refuses_for_now_may_be_taken_later() {
    for moment in [Moment::Hello, Moment::Sender, Moment::Recipient, Moment::Content] {
        for code in [421, 450, 451, 452] {
            let (server, mailer) = plain().await;
            server.do_instead(moment, Instead::Answer(code), 1);
            let error = mailer.send(&email()).await.unwrap_err();
            assert_eq!(*error.kind(), PortErrorKind::Unavailable, "{moment:?} {code}");
            assert_eq!(failure(&error).code(), Some(code), "{moment:?}");
            assert!(!error.to_string().contains("goes again"), "it is clear that it did not go");
            mailer.send(&email()).await.unwrap();
            assert_eq!(server.state().taken.len(), 1);
        }
    }
}

#[tokio::test]
async fn what_stands_against_every_email_can_be_put_right() {
    let table = [
        (Moment::Hello, Step::Connect, "does not serve this client"),
        (Moment::Sender, Step::Sender, "does not take this sender"),
    ];
    for (moment, step, said) in table {
        for code in [500, 530, 550, 553, 554] {
            let (server, mailer) = plain().await;
            server.do_instead(moment, Instead::Answer(code), 1);
            let error = mailer.send(&email()).await.unwrap_err();
            assert_eq!(*error.kind(), PortErrorKind::Unavailable, "{moment:?} {code}");
            assert!(error.to_string().contains(said), "{error}");
            assert_eq!((failure(&error).step(), failure(&error).code()), (step, Some(code)));
            let shown = format!("{error} {error:?} {}", failure(&error));
            assert!(!shown.contains("zoe"), "{shown}");
            mailer.send(&email()).await.unwrap();
        }
    }
}

#[tokio::test]
async fn an_email_that_is_too_long_for_the_server_is_rejected() {
    let (server, mailer) = plain().await;
    server.do_instead(Moment::Sender, Instead::Answer(552), 1);
    assert_eq!(*mailer.send(&email()).await.unwrap_err().kind(), PortErrorKind::Rejected);
}

#[tokio::test]
async fn what_a_server_refuses_for_good_is_rejected() {
    let table = [
        (Moment::Recipient, Step::Recipient, "does not take this recipient"),
        (Moment::Content, Step::Content, "refuses this email"),
    ];
    for (moment, step, said) in table {
        for code in [500, 550, 554] {
            let (server, mailer) = plain().await;
            server.do_instead(moment, Instead::Answer(code), 1);
            let error = mailer.send(&email()).await.unwrap_err();
            assert_eq!(*error.kind(), PortErrorKind::Rejected, "{moment:?} {code}");
            assert!(error.to_string().contains(said), "{error}");
            assert_eq!((failure(&error).step(), failure(&error).code()), (step, Some(code)));
            let shown = format!("{error} {error:?} {}", failure(&error));
            assert!(!shown.contains("zoe"), "{shown}");
            assert!(server.state().taken.is_empty());
        }
    }
}

#[tokio::test]
async fn a_server_that_goes_before_the_end_has_not_had_the_email() {
    for moment in [Moment::Sender, Moment::Recipient] {
        let (server, mailer) = plain().await;
        server.do_instead(moment, Instead::Close, 1);
        let error = mailer.send(&email()).await.unwrap_err();
        assert_eq!(*error.kind(), PortErrorKind::Unavailable);
        assert!(error.to_string().contains("cannot be reached"), "{error}");
    }
}

#[tokio::test]
async fn a_server_that_goes_after_the_end_may_have_had_the_email() {
    let (server, mailer) = plain().await;
    server.do_instead(Moment::Content, Instead::Close, 1);
    let error = mailer.send(&email()).await.unwrap_err();
    assert_eq!(*error.kind(), PortErrorKind::Unavailable);
    assert!(error.to_string().contains("it goes again, under the same `Message-ID`"), "{error}");
    mailer.send(&email()).await.unwrap();
    let taken = server.state().taken.clone();
    assert_eq!(taken.len(), 2, "twice is better than never");
    assert_eq!(taken[0].message, taken[1].message, "and the same to the letter");
}

#[tokio::test]
async fn a_server_that_says_nothing_is_given_up_on() {
    for (moment, unclear) in [(Moment::Sender, false), (Moment::Content, true)] {
        let server = SmtpServer::start(Protection::None).await;
        server.do_instead(moment, Instead::Nothing, 1);
        let settings =
            settings(&server, Protection::None).deadline(Duration::from_millis(300)).connections(1);
        let mailer = mailer(&settings);
        let error = mailer.send(&email()).await.unwrap_err();
        assert_eq!(*error.kind(), PortErrorKind::Unavailable);
        assert_eq!(failure(&error).step(), Step::Deadline);
        assert_eq!(error.to_string().contains("goes again"), unclear, "{error}");
        // What was in the middle of something is not used again, and its turn is over.
        mailer.send(&email()).await.unwrap();
        assert_eq!(server.state().connections, 2);
    }
}

#[tokio::test]
async fn emails_one_after_the_other_share_a_connection() {
    let (server, mailer) = plain().await;
    for email in emails() {
        mailer.send(&email).await.unwrap();
    }
    assert_eq!(server.state().connections, 1);
}

#[tokio::test]
async fn a_connection_that_the_server_has_closed_is_replaced() {
    let (server, mailer) = plain().await;
    let emails = emails();
    mailer.send(&emails[0]).await.unwrap();
    server.hang_up();
    mailer.send(&emails[1]).await.unwrap();
    let state = server.state();
    assert_eq!((state.connections, state.taken.len()), (2, 2));
}

#[tokio::test]
async fn a_connection_that_the_server_ends_for_its_idleness_is_replaced() {
    let (server, mailer) = plain().await;
    let emails = emails();
    mailer.send(&emails[0]).await.unwrap();
    server.do_instead(Moment::Question, Instead::Answer(421), 1);
    mailer.send(&emails[1]).await.unwrap();
    let state = server.state();
    assert_eq!((state.connections, state.taken.len()), (2, 2));
}

#[tokio::test]
async fn a_connection_that_says_nothing_any_more_is_replaced_within_the_deadline() {
    let server = SmtpServer::start(Protection::None).await;
    let settings = settings(&server, Protection::None).deadline(Duration::from_secs(2));
    let mailer = mailer(&settings);
    // Two wait.
    let [one, other, next] = ["k.1", "k.2", "k.3"].map(keyed);
    let (first, second) = tokio::join!(mailer.send(&one), mailer.send(&other));
    first.and(second).unwrap();
    assert_eq!(server.state().connections, 2);
    server.do_instead(Moment::Question, Instead::Nothing, 2);
    mailer.send(&next).await.unwrap();
    let state = server.state();
    assert_eq!((state.connections, state.taken.len()), (3, 3));
    let (_, _, left) = state.instead.unwrap();
    assert_eq!(left, 1, "one is asked, and its silence speaks for the other");
}

#[tokio::test]
async fn two_who_send_the_same_email_at_once_send_it_once() {
    let (server, mailer) = plain().await;
    let email = email();
    let (first, second) = tokio::join!(mailer.send(&email), mailer.send(&email));
    first.unwrap();
    let error = second.unwrap_err();
    assert_eq!(*error.kind(), PortErrorKind::Unavailable);
    assert!(error.to_string().contains("being sent already"), "{error}");
    mailer.send(&email).await.unwrap();
    assert_eq!(server.state().taken.len(), 1, "the second finds that it went");
}

#[tokio::test]
async fn whoever_stops_sending_an_email_stands_in_nobodys_way() {
    let (server, mailer) = plain().await;
    server.do_instead(Moment::Sender, Instead::Nothing, 1);
    let email = email();
    tokio::select! {
        sent = mailer.send(&email) => panic!("nothing was answered: {sent:?}"),
        () = server.was_told() => {}
    }
    mailer.send(&email).await.unwrap();
    assert_eq!(server.state().taken.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn there_are_no_more_connections_than_asked_for() {
    let server = SmtpServer::start(Protection::None).await;
    let settings = settings(&server, Protection::None).connections(2);
    let mailer = std::sync::Arc::new(mailer(&settings));
    let tasks: Vec<_> = (0..40)
        .map(|number| {
            let (mailer, email) = (mailer.clone(), keyed(&format!("k.{number}")));
            tokio::spawn(async move { mailer.send(&email).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    let state = server.state();
    assert_eq!(state.taken.len(), 40);
    assert!(state.connections <= 2, "{} connections", state.connections);
}

#[tokio::test]
async fn what_no_mail_server_has_to_take_goes_nowhere() {
    let (server, mailer) = plain().await;
    let to = format!("{}@nhs.net", "q".repeat(65)).parse().unwrap();
    let error = mailer.send(&Email { to, ..email() }).await.unwrap_err();
    assert_eq!(*error.kind(), PortErrorKind::Rejected);
    assert!(error.to_string().contains("more than 64 characters before its `@`"), "{error}");
    assert!(!format!("{error:?} {error}").contains("qqq"));
    assert_eq!(server.state().connections, 0);
    let to = format!("{}@nhs.net", "q".repeat(64)).parse().unwrap();
    mailer.send(&Email { to, ..email() }).await.unwrap();
    assert_eq!(server.state().taken.len(), 1);
}

#[tokio::test]
async fn what_is_no_line_or_no_id_goes_nowhere() {
    let (server, mailer) = plain().await;
    let (mut two_lines, mut no_ids) = (email(), email());
    two_lines.subject.push_str("\r\nBcc: all@evil.example");
    no_ids.key = EffectKey::from_stored("zoe@nhs.net".into());
    for email in [two_lines, no_ids] {
        let error = mailer.send(&email).await.unwrap_err();
        assert_eq!(*error.kind(), PortErrorKind::Rejected);
    }
    assert_eq!(server.state().connections, 0);
}
