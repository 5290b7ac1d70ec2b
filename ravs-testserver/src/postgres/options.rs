//! What kind of server it is.

use std::fmt::Write as _;

use super::tls::{CERTIFICATE_FILE, KEY_FILE};

/// Whether a server keeps what it has acknowledged when it, or the machine, dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Durability {
    /// Nothing is flushed: as quick as can be, for tests that need no crash.
    None,
    /// Everything is flushed before it is acknowledged, as in production.
    Full,
}

/// How a server is to be set up.
///
/// ```
/// use ravs_testserver::postgres::{Durability, Options};
///
/// let options = Options::new(Durability::Full).setting("work_mem", "16MB");
/// ```
#[derive(Clone, Debug)]
pub struct Options {
    durability: Durability,
    tls: bool,
    settings: Vec<(String, String)>,
}

impl Options {
    /// A server of that durability, for 300 connections, and else with PostgreSQL's own settings.
    #[must_use]
    pub fn new(durability: Durability) -> Self {
        Self { durability, tls: false, settings: Vec::new() }
    }

    /// With one setting of `postgresql.conf`; a later one of that name counts.
    #[must_use]
    pub fn setting(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With TLS, next to connections without it, under a certificate for `localhost` and
    /// `127.0.0.1` by an [`Authority`](super::Authority) of the server's own.
    #[must_use]
    pub fn tls(mut self) -> Self {
        self.tls = true;
        self
    }

    pub(super) fn wants_tls(&self) -> bool {
        self.tls
    }

    /// The whole `postgresql.conf`, where the last of a name counts.
    pub(super) fn configuration(&self, port: u16, folder: &str) -> String {
        let port = port.to_string();
        let always = [
            ("listen_addresses", "127.0.0.1"),
            ("port", port.as_str()),
            ("unix_socket_directories", folder),
            ("max_connections", "300"),
            ("lc_messages", "C"),
            ("timezone", "UTC"),
            ("log_timezone", "UTC"),
            ("log_line_prefix", "%m [%p] %q%u@%d "),
            // The default leaves its segments behind when the server is killed.
            ("dynamic_shared_memory_type", "mmap"),
        ];
        let durability: &[_] = match self.durability {
            Durability::None => &[("fsync", "off"), ("full_page_writes", "off")],
            // After a crash everything is flushed first: all at once, not file by file.
            Durability::Full if cfg!(target_os = "linux") => {
                &[("recovery_init_sync_method", "syncfs")]
            }
            Durability::Full => &[],
        };
        let (certificate, key) =
            (format!("{folder}/{CERTIFICATE_FILE}"), format!("{folder}/{KEY_FILE}"));
        let tls = [("ssl", "on"), ("ssl_cert_file", &*certificate), ("ssl_key_file", &*key)];
        let tls = tls.iter().filter(|_| self.tls);
        let given = self.settings.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let mut text = String::new();
        for (name, value) in
            always.into_iter().chain(durability.iter().copied()).chain(tls.copied()).chain(given)
        {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{name} = '{}'", value.replace('\'', "''"));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_server_without_durability_flushes_nothing() {
        let none = Options::new(Durability::None).configuration(1, "/f");
        let full = Options::new(Durability::Full).configuration(1, "/f");
        assert!(none.contains("fsync = 'off'\n"), "{none}");
        assert!(!full.contains("fsync"), "{full}");
    }

    #[test]
    fn a_given_setting_comes_last_and_is_quoted() {
        let options = Options::new(Durability::None).setting("fsync", "on").setting("x", "it's");
        assert!(options.configuration(1, "/f").ends_with("fsync = 'on'\nx = 'it''s'\n"));
    }
}
