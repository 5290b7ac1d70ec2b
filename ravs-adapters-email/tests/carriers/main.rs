//! The three mailers against what they talk to: a Notify and a mail server that the tests run,
//! and a folder.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod conformance;
mod fake_notify;
mod file;
mod hostile;
mod leaks;
mod notify;
mod smtp;
mod smtp_server;
mod support;
