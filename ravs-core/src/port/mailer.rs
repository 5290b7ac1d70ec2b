//! Sending emails.

use alloc::boxed::Box;

use async_trait::async_trait;

use super::PortError;
use crate::notice::Email;

/// Sends emails.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Sends one email. Its key names it for ever: one that has gone under this key does not go
    /// again, and that is no error.
    ///
    /// # Errors
    /// [`PortError`]; after an unclear outcome the adapter finds out whether the email went
    /// before it sends again under the same key.
    async fn send(&self, email: &Email) -> Result<(), PortError>;
}
