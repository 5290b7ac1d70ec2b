//! Whose ID tokens are taken.

use std::borrow::Cow;

use url::Url;

use crate::org_url::OrgUrl;

/// An authorisation server: the organisation's own, `https://{org}`, or a custom one of it,
/// `https://{org}/oauth2/{id}`. Compared by every character.
#[derive(Clone, Debug)]
pub(super) struct Issuer {
    text: String,
    org: OrgUrl,
    path: String,
}

impl Issuer {
    /// From a text that is written as Okta writes it.
    pub(super) fn read(text: &str) -> Result<Self, Cow<'static, str>> {
        let no_url = "the issuer is no URL: write it like `https://example.okta.com`, or \
                      `https://example.okta.com/oauth2/default`";
        let url: Url = text.parse().map_err(|_| no_url)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err("leave out what stands before the `@` in the issuer".into());
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err("leave out what follows the issuer's path".into());
        }
        let org: OrgUrl = url
            .origin()
            .ascii_serialization()
            .parse()
            .map_err(|error| Cow::Owned(format!("the issuer: {error}")))?;
        // Okta's own is without it, and another text is another issuer.
        let path = url.path().trim_end_matches('/').to_owned();
        let written = format!("{org}{path}");
        if written != text {
            return Err(format!("write the issuer as Okta does: `{written}`").into());
        }
        Ok(Self { text: written, org, path })
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// Where it is.
    pub(super) fn org(&self) -> &OrgUrl {
        &self.org
    }

    /// Its path, without a slash at the end; empty for the organisation's own.
    pub(super) fn path(&self) -> &str {
        &self.path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_written_as_okta_writes_it() {
        for (text, path) in [
            ("https://nhs.okta.example", ""),
            ("https://nhs.okta.example/oauth2/default", "/oauth2/default"),
            ("http://127.0.0.1:8080", ""),
        ] {
            let issuer = Issuer::read(text).unwrap();
            assert_eq!((issuer.as_str(), issuer.path()), (text, path));
        }
        for (text, fault) in [
            ("", "is no URL"),
            ("nhs.okta.example", "is no URL"),
            ("http://nhs.okta.example", "use `https`"),
            ("https://jo@nhs.okta.example", "before the `@`"),
            ("https://nhs.okta.example?a", "what follows"),
            ("https://nhs.okta.example#a", "what follows"),
            ("https://nhs.okta.example/", "as Okta does: `https://nhs.okta.example`"),
            ("https://NHS.okta.example/oauth2/a", "`https://nhs.okta.example/oauth2/a`"),
            ("https://nhs.okta.example:443", "`https://nhs.okta.example`"),
            ("https://nhs.okta.example/a/../b", "`https://nhs.okta.example/b`"),
        ] {
            let said = Issuer::read(text).unwrap_err();
            assert!(said.contains(fault), "{text}: {said}");
        }
    }
}
