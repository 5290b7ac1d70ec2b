//! Emails by SMTP.

mod connection;
mod failure;
mod pool;
mod remembered;
mod settings;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use lettre::Message;
use ravs_core::Email;
use ravs_core::port::{Clock, Mailer, PortError};
use tokio::time::timeout;

use crate::configuration::InvalidConfiguration;
use crate::letterhead::Letterhead;
use crate::under_way::UnderWay;
use connection::{Connection, Server};
use pool::Pool;
use remembered::Remembered;

pub use failure::{SmtpFailure, Step};
pub use settings::{Security, SmtpSettings};

/// Hands emails to a mail server.
///
/// SMTP has no way to ask whether an email went. Its `Message-ID` is made of the effect's key, so
/// that a repeat can be recognised by whoever receives it; within one process a repeat does not go
/// again, nor at the same time: while an email is being sent, another send of it is unavailable. Where the server has had the whole email and its answer is lost, the email may have
/// gone: it is sent again when its effect is, since twice is better than never. The error says so.
pub struct SmtpMailer {
    server: Server,
    letterhead: Letterhead,
    deadline: Duration,
    pool: Pool,
    under_way: UnderWay,
    gone: Remembered,
    clock: Arc<dyn Clock>,
}

impl SmtpMailer {
    /// With these settings; nothing is connected yet.
    ///
    /// # Errors
    /// [`InvalidConfiguration`] with every fault.
    pub fn new(
        settings: &SmtpSettings,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, InvalidConfiguration> {
        let (server, letterhead) = settings.check()?;
        Ok(Self {
            server,
            letterhead,
            deadline: settings.deadline,
            pool: Pool::new(settings.connections, settings.deadline),
            under_way: UnderWay::default(),
            gone: Remembered::default(),
            clock,
        })
    }

    /// Sends a message on a connection that is free, or on a new one. Notes when the server may
    /// have the whole of it.
    async fn hand_over(&self, message: &Message, handed: &AtomicBool) -> Result<(), SmtpFailure> {
        let _turn = self.pool.turn().await;
        let mut connection = match self.pool.idle().await {
            Some(connection) => connection,
            None => Connection::open(&self.server).await?,
        };
        // A connection that is dropped on the way, here or by the deadline, is in the middle of
        // something and is not used again.
        let sent = connection.send(message, handed).await;
        match &sent {
            Ok(()) => self.pool.put_back(connection),
            Err(_) => connection.say_goodbye(),
        }
        sent
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, email: &Email) -> Result<(), PortError> {
        // Held until it is known, here, whether the email went.
        let _claim = self.under_way.claim(&email.key)?;
        if self.gone.holds(&email.key) {
            return Ok(());
        }
        let message = self.letterhead.write(email, self.clock.now())?;
        let handed = AtomicBool::new(false);
        let sent = timeout(self.deadline, self.hand_over(&message, &handed)).await;
        sent.unwrap_or_else(|_| Err(SmtpFailure::late()))
            .map_err(|failure| failure.into_port_error(handed.load(Ordering::Relaxed)))?;
        self.gone.add(email.key.clone());
        Ok(())
    }
}

impl fmt::Debug for SmtpMailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpMailer").field("server", &self.server).finish_non_exhaustive()
    }
}
