//! How Notify is reached.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ravs_core::port::Clock;
use url::{Host, Url};
use uuid::Uuid;

use super::api_key::ApiKey;
use super::client::{self, Client};
use super::template::TemplateIds;
use crate::configuration::{ConfigurationFault, InvalidConfiguration, unless_faulty};

/// Where Notify is.
const NOTIFY: &str = "https://api.notifications.service.gov.uk";

/// How Notify is reached, and what it sends. `Debug` shows no secret, also where one was put into
/// the URL, in which none is taken.
///
/// ```
/// use ravs_adapters_email::notify::{NotifySettings, TemplateIds};
///
/// # fn settings(id: impl Fn(&str) -> Option<String>) -> Result<NotifySettings, Box<dyn std::error::Error>> {
/// let key = std::env::var("NOTIFY_API_KEY")?.parse()?;
/// let templates = TemplateIds::find(|kind| id(kind.as_str()))?;
/// let settings = NotifySettings::new(key, templates);
/// # Ok(settings)
/// # }
/// ```
#[derive(Clone)]
#[must_use]
pub struct NotifySettings {
    key: ApiKey,
    pub(super) templates: TemplateIds,
    base_url: String,
    pub(super) reply_to: Option<Uuid>,
    timeout: Duration,
}

impl NotifySettings {
    /// At the real Notify; ten seconds for each request.
    pub fn new(key: ApiKey, templates: TemplateIds) -> Self {
        Self {
            key,
            templates,
            base_url: NOTIFY.into(),
            reply_to: None,
            timeout: Duration::from_secs(10),
        }
    }

    /// Somewhere else than at the real Notify: HTTPS, or HTTP on this machine.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// Answers go to the address that has this id at Notify, rather than to the usual one.
    pub fn replies_to(mut self, address: Uuid) -> Self {
        self.reply_to = Some(address);
        self
    }

    /// How long a request may take, with its answer. A send makes two.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    pub(super) fn client(&self, clock: Arc<dyn Clock>) -> Result<Client, InvalidConfiguration> {
        let mut faults = Vec::new();
        let base = base(&self.base_url);
        if let Err(what) = base {
            faults.push(ConfigurationFault::new("base_url", what));
        }
        if self.timeout.is_zero() {
            faults.push(ConfigurationFault::new("timeout", "some time is needed"));
        }
        let http = client::http(self.timeout);
        if http.is_err() {
            let what = "TLS cannot be set up: the operating system's certificates cannot be used";
            faults.push(ConfigurationFault::new("tls", what));
        }
        unless_faulty("Notify", faults, || {
            Some(Client::new(http.ok()?, base.ok()?, self.key.clone(), clock))
        })
    }
}

/// A URL to which paths can be added, and where a token may be sent.
fn base(text: &str) -> Result<Url, &'static str> {
    let mut url = Url::parse(text).map_err(|_| "this is no URL")?;
    let is_loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    match url.scheme() {
        "https" => {}
        "http" if is_loopback => {}
        _ => return Err("HTTPS is expected; HTTP only to this machine"),
    }
    let plain = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if !plain {
        return Err("a host and a path are expected, and no user, password, query or fragment");
    }
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Ok(url)
}

impl fmt::Debug for NotifySettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What is not taken can hold anything.
        let base_url = base(&self.base_url).map(String::from);
        f.debug_struct("NotifySettings")
            .field("key", &self.key)
            .field("templates", &self.templates)
            .field("base_url", &base_url.as_deref().unwrap_or("…"))
            .field("reply_to", &self.reply_to)
            .field("timeout", &self.timeout)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_goes_nowhere_without_https_but_to_this_machine() {
        for (text, url) in [
            (NOTIFY, "https://api.notifications.service.gov.uk/"),
            ("https://proxy.example/notify", "https://proxy.example/notify/"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080/"),
            ("http://localhost:8080/", "http://localhost:8080/"),
            ("http://[::1]:8080/a/", "http://[::1]:8080/a/"),
        ] {
            assert_eq!(base(text).map(String::from), Ok(url.to_owned()));
        }
        for text in [
            "",
            "notify",
            "http://api.notifications.service.gov.uk",
            "http://localhost.evil.example",
            "http://10.0.0.1",
            "ftp://localhost",
            "file:///etc",
            "https://user@proxy.example",
            "https://:secret@proxy.example",
            "https://proxy.example/?a=b",
            "https://proxy.example/#a",
        ] {
            assert!(base(text).is_err(), "{text}");
        }
    }
}
