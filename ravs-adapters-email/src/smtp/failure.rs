//! What a failure on the way to a mail server means.

use std::error::Error;
use std::fmt;
use std::io;

use lettre::transport::smtp::Error as SmtpError;
use ravs_core::port::PortError;

/// What went wrong on the way to a mail server: at which step, and how. What the server said is
/// left out, since that can hold people's addresses.
#[derive(Clone, Debug)]
pub struct SmtpFailure {
    step: Step,
    code: Option<u16>,
    how: How,
}

#[derive(Clone, Debug)]
enum How {
    Refused,
    /// The server has not announced what is needed.
    Unable,
    /// Its answer makes no sense, or broke off.
    Unread,
    Tls(rustls::Error),
    Io(io::ErrorKind),
    Lost,
    Late,
}

/// A step on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// Connecting, with TLS where that comes first, and greeting.
    Connect,
    /// Beginning TLS on a connection.
    StartTls,
    /// Logging in.
    LogIn,
    /// Naming the sender.
    Sender,
    /// Naming the recipient.
    Recipient,
    /// Handing over what it says.
    Content,
    /// Any: it took too long.
    Deadline,
}

impl SmtpFailure {
    pub(super) fn at(step: Step, error: &SmtpError) -> Self {
        Self { step, code: error.status().map(u16::from), how: How::of(error) }
    }

    pub(super) fn late() -> Self {
        Self { step: Step::Deadline, code: None, how: How::Late }
    }

    /// At which step.
    #[must_use]
    pub fn step(&self) -> Step {
        self.step
    }

    /// The three digits of the server's answer, where it refused.
    #[must_use]
    pub fn code(&self) -> Option<u16> {
        self.code
    }

    /// What a caller may do about it. `handed` where the server may have the whole email. What
    /// stands against every email can be put right, and they wait for it.
    pub(super) fn into_port_error(self, handed: bool) -> PortError {
        let error = match (self.code, self.step) {
            (Some(500..), Step::Connect | Step::StartTls) => {
                PortError::unavailable("the mail server does not serve this client")
            }
            (Some(500..), Step::LogIn) => {
                PortError::unavailable("the mail server does not let these credentials in")
            }
            // 552: too long, which is this email's affair; else it is about the sender of them all.
            (Some(500..=551 | 553..), Step::Sender) => {
                PortError::unavailable("the mail server does not take this sender")
            }
            (Some(500..), Step::Recipient) => {
                PortError::rejected("the mail server does not take this recipient")
            }
            (Some(500..), _) => PortError::rejected("the mail server refuses this email"),
            (Some(_), _) => PortError::unavailable("the mail server is not ready for this email"),
            (None, Step::StartTls) if matches!(self.how, How::Unable) => PortError::unavailable(
                "the mail server offers no `STARTTLS`; use TLS from the start",
            ),
            (None, Step::LogIn) if matches!(self.how, How::Unable) => PortError::unavailable(
                "the mail server offers no way of logging in that is known here",
            ),
            (None, _) if handed => PortError::unavailable(
                "the mail server did not say whether it took the email: it goes again, under the \
                 same `Message-ID`",
            ),
            (None, _) => PortError::unavailable("the mail server cannot be reached"),
        };
        error.caused_by(self)
    }
}

impl How {
    fn of(error: &SmtpError) -> Self {
        if error.status().is_some() {
            return Self::Refused;
        }
        if error.is_client() {
            return Self::Unable;
        }
        if error.is_response() {
            return Self::Unread;
        }
        let mut cause: Option<&(dyn Error + 'static)> = error.source();
        while let Some(error) = cause {
            if let Some(tls) = error.downcast_ref::<rustls::Error>() {
                return Self::Tls(tls.clone());
            }
            if let Some(io) = error.downcast_ref::<io::Error>() {
                let tls = io.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
                return tls.map_or(Self::Io(io.kind()), |tls| Self::Tls(tls.clone()));
            }
            cause = error.source();
        }
        Self::Lost
    }
}

impl fmt::Display for How {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused => f.write_str("the server refused"),
            Self::Unable => f.write_str("the server cannot do this"),
            Self::Unread => f.write_str("the server's answer makes no sense, or broke off"),
            Self::Tls(error) => error.fmt(f),
            Self::Io(kind) => kind.fmt(f),
            Self::Lost => f.write_str("the connection failed"),
            Self::Late => f.write_str("it took too long"),
        }
    }
}

impl fmt::Display for SmtpFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let step = match self.step {
            Step::Connect => "connecting",
            Step::StartTls => "beginning TLS",
            Step::LogIn => "logging in",
            Step::Sender => "naming the sender",
            Step::Recipient => "naming the recipient",
            Step::Content => "handing over the email",
            Step::Deadline => "sending",
        };
        write!(f, "{step}: {}", self.how)?;
        match self.code {
            Some(code) => write!(f, " with {code}"),
            None => Ok(()),
        }
    }
}

impl Error for SmtpFailure {}
