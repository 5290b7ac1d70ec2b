//! A connection to a mail server.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use lettre::Message;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use tokio::time::timeout;

use super::failure::{SmtpFailure, Step};

/// How long a server may take to say good-bye.
const GOODBYE: Duration = Duration::from_secs(2);

/// How to reach a mail server.
pub(super) struct Server {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) tls: Tls,
    pub(super) client: ClientId,
    pub(super) credentials: Option<Credentials>,
    pub(super) connect: Duration,
}

/// How a connection is protected.
pub(super) enum Tls {
    /// From its first byte on.
    AtOnce(TlsParameters),
    /// From `STARTTLS` on, or not used at all.
    AfterStart(TlsParameters),
    /// Not at all; on this machine only.
    None,
}

/// A connection over which an email can be sent.
pub(super) struct Connection(AsyncSmtpConnection);

impl Connection {
    /// Connects, protects the connection and logs in.
    pub(super) async fn open(server: &Server) -> Result<Self, SmtpFailure> {
        let (at_once, after_start) = match &server.tls {
            Tls::AtOnce(tls) => (Some(tls.clone()), None),
            Tls::AfterStart(tls) => (None, Some(tls.clone())),
            Tls::None => (None, None),
        };
        let address = (server.host.as_str(), server.port);
        let mut connection = AsyncSmtpConnection::connect_tokio1(
            address,
            Some(server.connect),
            &server.client,
            at_once,
            None,
        )
        .await
        .map_err(|error| SmtpFailure::at(Step::Connect, &error))?;
        if let Some(tls) = after_start {
            connection
                .starttls(tls, &server.client)
                .await
                .map_err(|error| SmtpFailure::at(Step::StartTls, &error))?;
        }
        if let Some(credentials) = &server.credentials {
            connection
                .auth(DEFAULT_MECHANISMS, credentials)
                .await
                .map_err(|error| SmtpFailure::at(Step::LogIn, &error))?;
        }
        Ok(Self(connection))
    }

    /// Whether it still answers.
    pub(super) async fn answers(&mut self) -> bool {
        self.0.test_connected().await
    }

    /// Sends a message. `handed` is true from the moment on when the server may have the whole of
    /// it.
    pub(super) async fn send(
        &mut self,
        message: &Message,
        handed: &AtomicBool,
    ) -> Result<(), SmtpFailure> {
        let envelope = message.envelope();
        let from = Mail::new(envelope.from().cloned(), Vec::new());
        let at = |step| move |error| SmtpFailure::at(step, &error);
        self.0.command(from).await.map_err(at(Step::Sender))?;
        for recipient in envelope.to() {
            let recipient = Rcpt::new(recipient.clone(), Vec::new());
            self.0.command(recipient).await.map_err(at(Step::Recipient))?;
        }
        self.0.command(Data).await.map_err(at(Step::Content))?;
        handed.store(true, Ordering::Relaxed);
        self.0.message(&message.formatted()).await.map_err(at(Step::Content))?;
        Ok(())
    }

    /// Says good-bye, and waits a little for the answer; nobody waits for that.
    pub(super) fn say_goodbye(mut self) {
        tokio::spawn(async move { timeout(GOODBYE, self.0.abort()).await });
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("host", &self.host)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}
