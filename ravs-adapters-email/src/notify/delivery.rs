//! What has become of an email at Notify.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// What Notify says of an email.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    pub(super) id: Uuid,
    pub(super) state: DeliveryState,
    pub(super) created_at: Option<DateTime<Utc>>,
    pub(super) completed_at: Option<DateTime<Utc>>,
}

/// How far an email has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DeliveryState {
    /// Notify has it, and has not passed it on yet.
    Created,
    /// It is on its way; Notify tries for up to three days.
    Sending,
    /// It is in its reader's mailbox.
    Delivered,
    /// There is no such mailbox. The address wants correcting.
    PermanentFailure,
    /// The mailbox took nothing for three days: it is full, or takes it for spam.
    TemporaryFailure,
    /// It failed between Notify and those who deliver for it: it never went.
    TechnicalFailure,
    /// Something that was not known when this was written.
    Unknown,
}

impl Delivery {
    /// Notify's own id of the email, for its support.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// How far it has come.
    #[must_use]
    pub fn state(&self) -> DeliveryState {
        self.state
    }

    /// When Notify took it (UTC).
    #[must_use]
    pub fn created_at(&self) -> Option<DateTime<Utc>> {
        self.created_at
    }

    /// When it was delivered, or given up on (UTC).
    #[must_use]
    pub fn completed_at(&self) -> Option<DateTime<Utc>> {
        self.completed_at
    }
}

impl DeliveryState {
    pub(super) fn of(status: &str) -> Self {
        match status {
            "created" => Self::Created,
            "sending" | "pending" => Self::Sending,
            "delivered" => Self::Delivered,
            "permanent-failure" => Self::PermanentFailure,
            "temporary-failure" => Self::TemporaryFailure,
            "technical-failure" => Self::TechnicalFailure,
            _ => Self::Unknown,
        }
    }

    /// Whether the email has gone, or is going: then it does not go again under its key. What its
    /// reader's mailbox refused has gone; what never left Notify has not.
    #[must_use]
    pub const fn has_gone(self) -> bool {
        !matches!(self, Self::TechnicalFailure)
    }
}
