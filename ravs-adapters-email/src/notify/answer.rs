//! What Notify answers.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::delivery::{Delivery, DeliveryState};

/// A list of emails, the newest first.
#[derive(Deserialize)]
pub(super) struct Page {
    notifications: Vec<Notification>,
}

#[derive(Deserialize)]
struct Notification {
    id: Uuid,
    reference: Option<String>,
    status: String,
    created_at: Option<DateTime<Utc>>,
    completed_at: Option<DateTime<Utc>>,
}

impl Page {
    /// Of the emails with that reference the newest that has gone, else the newest. Others are
    /// passed over, should they be in the list.
    pub(super) fn delivery(self, reference: &str) -> Option<Delivery> {
        let ours = |one: &Notification| one.reference.as_deref() == Some(reference);
        let mut found = self.notifications.into_iter().filter(ours).map(Delivery::from).peekable();
        let newest = found.peek().cloned();
        found.find(|delivery| delivery.state.has_gone()).or(newest)
    }
}

impl From<Notification> for Delivery {
    fn from(one: Notification) -> Self {
        let Notification { id, status, created_at, completed_at, .. } = one;
        Self { id, state: DeliveryState::of(&status), created_at, completed_at }
    }
}

/// Why Notify refuses. What it says in words is not read: it can hold an address, and is not
/// promised to stay as it is.
#[derive(Deserialize)]
pub(super) struct Refused {
    errors: Vec<OneError>,
}

#[derive(Deserialize)]
struct OneError {
    error: String,
}

impl Refused {
    /// The name of the first error, where it is a name.
    pub(super) fn name(self) -> Option<String> {
        let name = self.errors.into_iter().next()?.error;
        let is_name = name.len() <= 40 && name.bytes().all(|b| b.is_ascii_alphabetic());
        is_name.then_some(name)
    }
}
