//! No address, name, key or token in anything that is shown or logged.

use std::sync::{Mutex, OnceLock, PoisonError};

use log::{LevelFilter, Log, Metadata, Record};
use ravs_adapters_email::notify::ApiKey;
use ravs_adapters_email::smtp::SmtpSettings;
use ravs_adapters_email::{FileMailer, NotifyMailer, SmtpMailer};
use ravs_core::Email;
use ravs_core::port::{Mailer, PortError};

use crate::fake_notify::{FakeNotify, SECRET, SERVICE};
use crate::smtp_server::{Instead, Moment, PASSWORD, Protection, SmtpServer};
use crate::support::{clock, email, sender};
use crate::{fake_notify, smtp};

/// Keeps what the libraries log, at every level.
#[derive(Default)]
struct Kept(Mutex<Vec<String>>);

impl Log for Kept {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        // These are on the other side.
        if ["wiremock", "mailin"].iter().any(|other| record.target().starts_with(other)) {
            return;
        }
        let line = format!("{} {}", record.target(), record.args());
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }

    fn flush(&self) {}
}

fn log() -> &'static Kept {
    static KEPT: OnceLock<&'static Kept> = OnceLock::new();
    KEPT.get_or_init(|| {
        let kept: &'static Kept = Box::leak(Box::default());
        log::set_logger(kept).unwrap();
        log::set_max_level(LevelFilter::Trace);
        kept
    })
}

/// Everything that an error shows, down to its last source.
fn shown(error: &PortError) -> String {
    let mut shown = format!("{error} {error:?}");
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        shown.push_str(&format!(" {error} {error:?}"));
        source = error.source();
    }
    shown
}

/// An email to somebody whose name is like no other.
fn unmistakable() -> Email {
    let mut email = email();
    email.to = "Xylophone.Quux@nhs.net".parse().unwrap();
    email.text.push_str("Xylophone\n");
    email
}

#[tokio::test]
async fn nothing_personal_or_secret_is_shown() {
    let kept = log();
    let email = unmistakable();
    let mut all = format!("{email:?} {:?}", email.fields);

    let server = SmtpServer::asking_for_a_login(Protection::Tls).await;
    let settings = smtp::settings(&server, Protection::Tls).credentials("ravs", PASSWORD.into());
    let mailer = SmtpMailer::new(&settings, clock()).unwrap();
    all.push_str(&format!("{settings:?} {mailer:?}"));
    for moment in [Moment::Hello, Moment::Sender, Moment::Recipient, Moment::Content] {
        for instead in [Instead::Answer(451), Instead::Answer(550), Instead::Close] {
            server.do_instead(moment, instead, 1);
            // Another connection each time, so that every moment is reached.
            let mailer = SmtpMailer::new(&settings, clock()).unwrap();
            all.push_str(&shown(&mailer.send(&email).await.unwrap_err()));
        }
    }
    server.state().refused.insert(email.to.as_str().to_owned());
    all.push_str(&shown(&mailer.send(&email).await.unwrap_err()));
    let wrong = settings.credentials("ravs", "wrong-S3CRET".into());
    let mailer = SmtpMailer::new(&wrong, clock()).unwrap();
    all.push_str(&shown(&mailer.send(&email).await.unwrap_err()));

    let notify = FakeNotify::start().await;
    let mailer = notify.mailer();
    let key: ApiKey = format!("a-name-{SERVICE}-{SECRET}").parse().unwrap();
    all.push_str(&format!(
        "{mailer:?} {key:?} {:?}",
        fake_notify::settings("https://u:S3CRET@x.example")
    ));
    mailer.send(&email).await.unwrap();
    all.push_str(&format!("{:?}", mailer.delivery(&email.key).await.unwrap()));
    let other = Email { key: ravs_core::EffectKey::from_stored("k.1".into()), ..email.clone() };
    for down in [false, true] {
        use ravs_testkit::conformance::mailer::Backstage as _;
        notify.refuse(&email.to).await;
        notify.set_down(down).await;
        all.push_str(&shown(&mailer.send(&other).await.unwrap_err()));
    }
    let nowhere = fake_notify::settings("http://127.0.0.1:1");
    let nowhere = NotifyMailer::new(nowhere, clock()).unwrap();
    all.push_str(&shown(&nowhere.send(&email).await.unwrap_err()));
    for url in [
        "https://ravs:s3cret@x.example",
        "https://s3cret@x.example",
        "http://ravs:s3cret@x.example",
        "https://x.example/?key=s3cret",
        "https://x.example/#s3cret",
        "ravs:s3cret@x.example",
        "https://ravs:s3cret@",
    ] {
        let settings = fake_notify::settings(url);
        all.push_str(&format!("{settings:?}"));
        let error = NotifyMailer::new(settings, clock()).unwrap_err();
        all.push_str(&format!("{error} {error:?}"));
    }
    let settings = SmtpSettings::new("smtp://ravs:s3cret@x.example", sender());
    let error = SmtpMailer::new(&settings, clock()).unwrap_err();
    all.push_str(&format!("{settings:?} {error} {error:?}"));
    let bad = format!("a-name-{SERVICE}-{SECRET}x").parse::<ApiKey>().unwrap_err();
    all.push_str(&format!("{bad} {bad:?}"));

    let folder = tempfile::tempdir().unwrap();
    let mailer = FileMailer::new(folder.path().join("x"), &sender(), clock()).unwrap();
    std::fs::remove_dir(folder.path().join("x")).unwrap();
    all.push_str(&format!("{mailer:?} {}", shown(&mailer.send(&email).await.unwrap_err())));

    let logged = kept.0.lock().unwrap().clone();
    assert!(!logged.is_empty(), "the libraries log something");
    all.push_str(&logged.join("\n"));
    let lower = all.to_lowercase();
    let secret = SECRET.to_lowercase();
    for hidden in ["xylophone", "quux", "s3cret", secret.as_str(), "bearer ey", "eyj0", "zoe"] {
        let at = lower
            .find(hidden)
            .map(|at| all.chars().skip(at.saturating_sub(200)).take(400).collect::<String>());
        assert_eq!(at, None, "{hidden}");
    }
}
