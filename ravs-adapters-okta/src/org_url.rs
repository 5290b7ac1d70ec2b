//! Where the Okta organisation is.

use std::fmt;
use std::str::FromStr;

use url::{Host, Url};

/// The origin of an Okta organisation: `https://nhs.okta.example`, or its own domain.
///
/// A token goes wherever this points, so it is `https` and nothing but scheme, host and port.
/// Plain `http` is accepted for the machine itself only, for a stand-in.
///
/// ```
/// use ravs_adapters_okta::OrgUrl;
///
/// let org: OrgUrl = "https://ravs.okta.example/".parse()?;
/// assert_eq!(org.to_string(), "https://ravs.okta.example");
/// assert!("http://127.0.0.1:8080".parse::<OrgUrl>().is_ok());
/// assert!("http://ravs.okta.example".parse::<OrgUrl>().is_err());
/// # Ok::<(), ravs_adapters_okta::InvalidOrgUrl>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrgUrl(Url);

/// Why a text is no origin of an Okta organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidOrgUrl {
    /// It is no URL.
    #[error("this is no URL: write it like `https://example.okta.com`")]
    NoUrl,
    /// It would send tokens in the clear.
    #[error("use `https`; `http` is for the machine itself only")]
    NotHttps,
    /// It holds a user name or a password.
    #[error("leave out what stands before the `@`")]
    UserInfo,
    /// It has a path, a query or a fragment.
    #[error("leave out what follows the host and the port")]
    MoreThanOrigin,
}

impl OrgUrl {
    /// The very same place, whatever its path: scheme, host and port, and nobody's name in it.
    pub(crate) fn is_origin_of(&self, url: &Url) -> bool {
        url.origin() == self.0.origin() && url.username().is_empty() && url.password().is_none()
    }

    /// The URL with this path (and query), which starts with `/`.
    pub(crate) fn join(&self, path: &str) -> Result<Url, url::ParseError> {
        format!("{self}{path}").parse()
    }

    /// Whether it speaks TLS.
    pub(crate) fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }
}

impl FromStr for OrgUrl {
    type Err = InvalidOrgUrl;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url: Url = text.trim().parse().map_err(|_| InvalidOrgUrl::NoUrl)?;
        let host = url.host().ok_or(InvalidOrgUrl::NoUrl)?;
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&host) => {}
            _ => return Err(InvalidOrgUrl::NotHttps),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(InvalidOrgUrl::UserInfo);
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(InvalidOrgUrl::MoreThanOrigin);
        }
        Ok(Self(url))
    }
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

impl fmt::Display for OrgUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_origin_that_is_safe_is_taken() {
        let parse = |text: &str| text.parse::<OrgUrl>().map(|url| url.to_string());
        for (text, expected) in [
            (" https://A.example:8443/ ", Ok("https://a.example:8443")),
            ("http://localhost:1", Ok("http://localhost:1")),
            ("http://[::1]:1", Ok("http://[::1]:1")),
            ("http://127.8.9.1", Ok("http://127.8.9.1")),
            ("", Err(InvalidOrgUrl::NoUrl)),
            ("okta.example", Err(InvalidOrgUrl::NoUrl)),
            ("mailto:a@b.uk", Err(InvalidOrgUrl::NoUrl)),
            ("ftp://a.example", Err(InvalidOrgUrl::NotHttps)),
            ("http://localhost.example", Err(InvalidOrgUrl::NotHttps)),
            ("http://10.0.0.1", Err(InvalidOrgUrl::NotHttps)),
            ("https://jo:pw@a.example", Err(InvalidOrgUrl::UserInfo)),
            ("https://jo@a.example", Err(InvalidOrgUrl::UserInfo)),
            ("https://a.example/oauth2", Err(InvalidOrgUrl::MoreThanOrigin)),
            ("https://a.example?b", Err(InvalidOrgUrl::MoreThanOrigin)),
            ("https://a.example#b", Err(InvalidOrgUrl::MoreThanOrigin)),
        ] {
            assert_eq!(parse(text), expected.map(str::to_owned), "{text}");
        }
    }

    #[test]
    fn an_origin_is_scheme_host_and_port_without_anybodys_name() {
        let org: OrgUrl = "https://a.example".parse().unwrap();
        let same = |text: &str| org.is_origin_of(&text.parse().unwrap());
        assert!(same("https://a.example/api/v1/users?after=1"));
        assert!(same("https://A.example:443/"));
        for other in [
            "http://a.example/",
            "https://a.example:444/",
            "https://b.example/",
            "https://x@a.example/",
            "https://:x@a.example/",
        ] {
            assert!(!same(other), "{other}");
        }
    }
}
