//! How a mail server is reached.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use secrecy::{ExposeSecret as _, SecretString};

use super::connection::{Server, Tls};
use crate::configuration::{ConfigurationFault, InvalidConfiguration, unless_faulty};
use crate::letterhead::{Letterhead, Sender};

/// How connections to a mail server are protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte on; port 465.
    Tls,
    /// TLS by `STARTTLS`, and no email without it; port 587.
    StartTls,
    /// None, to a server on this machine; port 25.
    Plain,
}

/// How a mail server is reached, and from whom emails come. `Debug` shows no secret.
///
/// ```
/// use ravs_adapters_email::Sender;
/// use ravs_adapters_email::smtp::{Security, SmtpSettings};
///
/// let sender = Sender::new("no-reply@ravs.example".parse()?);
/// let settings = SmtpSettings::new("mail.ravs.example", sender)
///     .security(Security::StartTls)
///     .credentials("ravs", "a password".into());
/// # Ok::<(), ravs_core::InvalidEmail>(())
/// ```
#[derive(Clone)]
#[must_use]
pub struct SmtpSettings {
    host: String,
    port: Option<u16>,
    security: Security,
    sender: Sender,
    client_name: Option<String>,
    credentials: Option<(String, SecretString)>,
    authorities: Vec<Vec<u8>>,
    connect: Duration,
    pub(super) deadline: Duration,
    pub(super) connections: usize,
}

impl SmtpSettings {
    /// TLS from the first byte on; connected within 5 seconds, handed over within 60; at most 4
    /// connections; certificates that the operating system trusts.
    pub fn new(host: impl Into<String>, sender: Sender) -> Self {
        Self {
            host: host.into(),
            port: None,
            security: Security::Tls,
            sender,
            client_name: None,
            credentials: None,
            authorities: Vec::new(),
            connect: Duration::from_secs(5),
            deadline: Duration::from_secs(60),
            connections: 4,
        }
    }

    /// Another port than the usual one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// How connections are protected.
    pub fn security(mut self, security: Security) -> Self {
        self.security = security;
        self
    }

    /// The name that this machine greets with; without it the domain of the sender.
    pub fn client_name(mut self, name: impl Into<String>) -> Self {
        self.client_name = Some(name.into());
        self
    }

    /// Logs in with these.
    pub fn credentials(mut self, user: impl Into<String>, password: SecretString) -> Self {
        self.credentials = Some((user.into(), password));
        self
    }

    /// Trusts the certificates that this authority has signed too (PEM).
    pub fn authority(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.authorities.push(pem.into());
        self
    }

    /// How long handing over one email may take, with connecting and waiting for a free
    /// connection. Keep it well within the lease of an effect.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// The most connections at a time.
    pub fn connections(mut self, most: usize) -> Self {
        self.connections = most;
        self
    }

    /// What it takes to connect and to write, or everything that is wrong.
    pub(super) fn check(&self) -> Result<(Server, Letterhead), InvalidConfiguration> {
        let fault = ConfigurationFault::new;
        let letterhead = Letterhead::of(&self.sender);
        let mut faults = letterhead.as_ref().err().cloned().unwrap_or_default();
        if !is_host(&self.host) {
            faults.push(fault("host", "a name or an IP address is expected"));
        } else if self.security == Security::Plain && !is_loopback(&self.host) {
            let what = "without TLS only a server on this machine is used (`localhost`)";
            faults.push(fault("security", what));
        }
        if self.port == Some(0) {
            faults.push(fault("port", "there is no port 0"));
        }
        let client = self.client_name.clone().unwrap_or_else(|| {
            letterhead.as_ref().map_or("localhost", Letterhead::domain).to_owned()
        });
        if !is_host(&client) {
            faults.push(fault("client_name", "a name or an IP address is expected"));
        }
        if self
            .credentials
            .as_ref()
            .is_some_and(|(user, password)| user.is_empty() || password.expose_secret().is_empty())
        {
            faults.push(fault("credentials", "the user or the password is empty"));
        }
        if self.connections == 0 {
            faults.push(fault("connections", "at least one is needed"));
        }
        if self.deadline.is_zero() {
            faults.push(fault("deadline", "some time is needed"));
        }
        let tls = self.tls(&mut faults);
        unless_faulty("the mail server", faults, || {
            let port = self.port.unwrap_or(match self.security {
                Security::Tls => 465,
                Security::StartTls => 587,
                Security::Plain => 25,
            });
            let credentials = self.credentials.as_ref().map(|(user, password)| {
                Credentials::new(user.clone(), password.expose_secret().to_owned())
            });
            let client = client_id(&client);
            let (host, connect) = (self.host.clone(), self.connect);
            let server = Server { host, port, tls: tls?, client, credentials, connect };
            Some((server, letterhead.ok()?))
        })
    }

    fn tls(&self, faults: &mut Vec<ConfigurationFault>) -> Option<Tls> {
        let mut parameters = TlsParameters::builder(self.host.clone());
        for pem in &self.authorities {
            let is_pem = String::from_utf8_lossy(pem).contains("-----BEGIN CERTIFICATE-----");
            match Certificate::from_pem(pem) {
                Ok(certificate) if is_pem => {
                    parameters = parameters.add_root_certificate(certificate);
                }
                _ => {
                    let what = "this is no certificate in PEM";
                    faults.push(ConfigurationFault::new("authority", what));
                }
            }
        }
        if self.security == Security::Plain {
            return Some(Tls::None);
        }
        match parameters.build_rustls() {
            Ok(parameters) if self.security == Security::Tls => Some(Tls::AtOnce(parameters)),
            Ok(parameters) => Some(Tls::AfterStart(parameters)),
            Err(_) => {
                let what = "TLS cannot be set up with these certificates";
                faults.push(ConfigurationFault::new("authority", what));
                None
            }
        }
    }
}

/// A name of letters, digits, hyphens and dots, or an IP address.
fn is_host(text: &str) -> bool {
    let is_name = !text.is_empty()
        && text.len() <= 253
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
        && text.split('.').all(|label| !label.is_empty());
    is_name || text.parse::<IpAddr>().is_ok()
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn client_id(name: &str) -> ClientId {
    match name.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => ClientId::Ipv4(address),
        Ok(IpAddr::V6(address)) => ClientId::Ipv6(address),
        Err(_) => ClientId::Domain(name.to_owned()),
    }
}

impl fmt::Debug for SmtpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What is no host can hold anything: a URL with a password in it.
        let host = if is_host(&self.host) { &self.host } else { "…" };
        f.debug_struct("SmtpSettings")
            .field("host", &host)
            .field("port", &self.port)
            .field("security", &self.security)
            .field("sender", &self.sender)
            .field("logs_in", &self.credentials.is_some())
            .field("deadline", &self.deadline)
            .field("connections", &self.connections)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(host: &str) -> SmtpSettings {
        SmtpSettings::new(host, Sender::new("ravs@ravs.example".parse().unwrap()))
    }

    fn faulty(settings: &SmtpSettings) -> Vec<&'static str> {
        let Err(error) = settings.check() else { return Vec::new() };
        error.faults().iter().map(ConfigurationFault::setting).collect()
    }

    #[test]
    fn without_tls_only_a_server_on_this_machine_is_used() {
        for host in ["localhost", "127.0.0.1", "::1", "127.1.2.3"] {
            assert!(faulty(&settings(host).security(Security::Plain)).is_empty(), "{host}");
        }
        for host in ["mail.example", "10.0.0.1", "localhost.evil.example", "0.0.0.0"] {
            assert_eq!(faulty(&settings(host).security(Security::Plain)), ["security"], "{host}");
            assert!(faulty(&settings(host)).is_empty(), "{host}");
            assert!(faulty(&settings(host).security(Security::StartTls)).is_empty(), "{host}");
        }
    }

    #[test]
    fn every_fault_is_named() {
        let settings = settings("mail example")
            .port(0)
            .client_name("")
            .credentials("ravs", "".into())
            .connections(0)
            .deadline(Duration::ZERO)
            .authority("no certificate");
        let named =
            ["host", "port", "client_name", "credentials", "connections", "deadline", "authority"];
        assert_eq!(faulty(&settings), named);
    }
}
