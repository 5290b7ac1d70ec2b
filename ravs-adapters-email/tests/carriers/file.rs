//! The folder of emails.

use std::fs;

use ravs_adapters_email::{FileMailer, Sender};
use ravs_core::port::{Mailer, PortErrorKind};

use crate::support::{arrived, clock, email, emails, page, parsed, sender};

#[tokio::test]
async fn an_email_is_a_file_that_a_mail_program_reads() {
    let folder = tempfile::tempdir().unwrap();
    let mailer = FileMailer::new(folder.path().join("to/be/made"), &sender(), clock()).unwrap();
    for email in emails() {
        mailer.send(&email).await.unwrap();
        let file = fs::read(mailer.file(&email).unwrap()).unwrap();
        let read = arrived(&file);
        assert_eq!((read.subject, read.text), (email.subject, email.text));
        assert_eq!(page(&file), email.html);
        assert_eq!(read.mark, format!("{}@ravs.example", email.key));
        let message = parsed(&file);
        let from = message.from().unwrap().first().unwrap();
        assert_eq!(from.name(), Some("Record a “vaccination”, RAVS"));
        assert_eq!(from.address(), Some("no-reply@ravs.example"));
        let reply_to = message.reply_to().unwrap().first().unwrap();
        assert_eq!(reply_to.address(), Some("help@ravs.example"));
        assert_eq!(message.date().unwrap().to_rfc3339(), "2025-08-10T10:02:51Z");
        let automatic = message.header("Auto-Submitted").unwrap().as_text();
        assert_eq!(automatic, Some("auto-generated"));
        assert!(file.is_ascii(), "every mail server takes it as it is");
        assert!(file.split(|b| *b == b'\n').all(|line| line.len() < 1000), "no line is too long");
    }
}

#[tokio::test]
async fn an_email_that_is_there_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let (clock, email) = (clock(), email());
    let mailer = FileMailer::new(folder.path(), &sender(), clock.clone()).unwrap();
    mailer.send(&email).await.unwrap();
    let before = fs::read(mailer.file(&email).unwrap()).unwrap();
    clock.advance(chrono::TimeDelta::hours(1));
    let other = Sender::new("other@ravs.example".parse().unwrap());
    let another_process = FileMailer::new(folder.path(), &other, clock).unwrap();
    another_process.send(&email).await.unwrap();
    assert_eq!(fs::read(mailer.file(&email).unwrap()).unwrap(), before);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "and nothing lies beside it");
}

#[tokio::test]
async fn many_that_write_the_same_email_write_one() {
    let folder = tempfile::tempdir().unwrap();
    let email = email();
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let mailer = FileMailer::new(folder.path(), &sender(), clock()).unwrap();
            let email = email.clone();
            tokio::spawn(async move { mailer.send(&email).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_folder_that_is_gone_may_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("emails");
    let mailer = FileMailer::new(&path, &sender(), clock()).unwrap();
    fs::remove_dir(&path).unwrap();
    let error = mailer.send(&email()).await.unwrap_err();
    assert_eq!(*error.kind(), PortErrorKind::Unavailable);
    fs::create_dir(&path).unwrap();
    mailer.send(&email()).await.unwrap();
}

#[test]
fn every_fault_of_a_folder_is_named() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let sender = sender().named("A\nB");
    let error = FileMailer::new(file.path().join("x"), &sender, clock()).unwrap_err();
    let named: Vec<_> = error.faults().iter().map(|fault| fault.setting()).collect();
    assert_eq!(named, ["sender.name", "folder"]);
}
