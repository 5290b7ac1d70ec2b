//! Access at Okta: every case that is known of, against stand-ins.

#![expect(clippy::unwrap_used, reason = "a test says what it relies on")]

#[path = "../support/mod.rs"]
mod support;

mod check;
mod conformance;
mod credential;
mod ensure;
mod grant;
mod housekeeping;
mod lag;
mod leak;
mod members;
mod refused;
mod resend;
mod sequences;
mod traces;
mod trouble;
mod withdraw;
