//! Emails by GOV.UK Notify.

mod answer;
mod api_key;
mod client;
mod delivery;
mod refusal;
mod settings;
mod template;
mod token;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use ravs_core::port::{Clock, Mailer, PortError};
use ravs_core::{EffectKey, Email};
use serde::Serialize;
use uuid::Uuid;

use crate::configuration::InvalidConfiguration;
use crate::key::Key;
use crate::under_way::UnderWay;
use answer::Page;
use client::Client;

pub use api_key::{ApiKey, InvalidApiKey};
pub use delivery::{Delivery, DeliveryState};
pub use refusal::{NotifyRefusal, NotifySilence};
pub use settings::NotifySettings;
pub use template::{Template, TemplateIds};

/// Has GOV.UK Notify send emails, from templates that are kept there.
///
/// Every send asks first whether an email with this effect's key is there already: whether an
/// earlier try had an unclear outcome may be known to another process only. That is one request
/// more for each email, and what makes a repeat go once. While an email is being sent, another send
/// of it by the same mailer is unavailable.
pub struct NotifyMailer {
    client: Client,
    templates: TemplateIds,
    reply_to: Option<Uuid>,
    under_way: UnderWay,
}

impl NotifyMailer {
    /// With these settings; nothing is connected yet.
    ///
    /// # Errors
    /// [`InvalidConfiguration`] with every fault.
    pub fn new(
        settings: NotifySettings,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, InvalidConfiguration> {
        let client = settings.client(clock)?;
        let NotifySettings { templates, reply_to, .. } = settings;
        Ok(Self { client, templates, reply_to, under_way: UnderWay::default() })
    }

    /// What has become of the email with this key; nothing where Notify has none, or none any
    /// more: it forgets emails after a week, unless it is told otherwise.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn delivery(&self, key: &EffectKey) -> Result<Option<Delivery>, PortError> {
        self.look_up(Key::of(key)?).await
    }

    async fn look_up(&self, key: Key<'_>) -> Result<Option<Delivery>, PortError> {
        let query = [("template_type", "email"), ("reference", key.as_str())];
        let page: Page = self.client.get("v2/notifications", &query).await?;
        Ok(page.delivery(key.as_str()))
    }
}

#[async_trait]
impl Mailer for NotifyMailer {
    async fn send(&self, email: &Email) -> Result<(), PortError> {
        let key = Key::of(&email.key)?;
        let body = Request::of(email, key, &self.templates, self.reply_to)?;
        // Between the question and the sending nobody else of this process asks.
        let _claim = self.under_way.claim(&email.key)?;
        let earlier = self.look_up(key).await?;
        if earlier.is_some_and(|delivery| delivery.state().has_gone()) {
            return Ok(());
        }
        self.client.post("v2/notifications/email", &body).await
    }
}

/// What Notify is asked to send.
#[derive(Serialize)]
struct Request<'a> {
    email_address: &'a str,
    template_id: Uuid,
    personalisation: BTreeMap<&'static str, &'a str>,
    reference: &'a str,
    sanitise_content_for: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email_reply_to_id: Option<Uuid>,
}

impl<'a> Request<'a> {
    fn of(
        email: &'a Email,
        key: Key<'a>,
        templates: &TemplateIds,
        reply_to: Option<Uuid>,
    ) -> Result<Self, PortError> {
        let names = email.fields.iter().map(|field| field.name);
        if !email.notice.fields().iter().all(|name| names.clone().any(|other| other == *name)) {
            return Err(PortError::rejected("the email has not every field of its template"));
        }
        let fields = email.fields.iter();
        Ok(Self {
            email_address: email.to.as_str(),
            template_id: templates.of(email.notice),
            personalisation: fields
                .map(|field| (field.name.as_str(), field.value.as_str()))
                .collect(),
            reference: key.as_str(),
            sanitise_content_for: names
                .filter(|name| name.is_typed())
                .map(|name| name.as_str())
                .collect(),
            email_reply_to_id: reply_to,
        })
    }
}

impl fmt::Debug for NotifyMailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NotifyMailer").field("client", &self.client).finish_non_exhaustive()
    }
}
