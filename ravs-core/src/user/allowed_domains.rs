//! The email domains from which users may come.

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;

use super::EmailAddress;
use super::email::is_domain;
use crate::characters::is_invisible;
use crate::refusal::{Code, Fault};

/// The allow list of email domains, the host's data with a date (R-U3).
///
/// Two kinds of rule: exactly a domain, and a domain with everything under it. Domains are
/// matched by whole labels: `evilnhs.net` is not `nhs.net`. The default that ships is `nhs.net`
/// exactly, and `nhs.uk` with everything under it.
///
/// ```
/// use ravs_core::AllowedDomains;
///
/// let loaded = AllowedDomains::parse("# comment\n@example.org\nac.uk\n")?;
/// assert!(loaded.list.allows(&"x@med.ac.uk".parse()?));
/// assert!(!loaded.list.allows(&"x@zodiac.uk".parse()?));
/// assert!(!loaded.list.allows(&"x@sub.example.org".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedDomains {
    exact: BTreeSet<String>,
    with_subdomains: BTreeSet<String>,
    as_of: Option<NaiveDate>,
}

/// An allow list read from text, and the lines of which invisible characters were stripped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadedDomains {
    /// The list.
    pub list: AllowedDomains,
    /// The numbers (from 1) of the lines that held invisible characters, left out in reading.
    pub stripped_lines: Vec<usize>,
}

/// Rules of an allow list that are no domain; nothing of the list was taken. The message names
/// the lines and not their text, which may be somebody's address; so does `Debug`.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a domain: {}", join(.lines))]
pub struct InvalidRules {
    lines: Vec<(usize, String)>,
}

impl InvalidRules {
    /// The number (from 1) of every wrong line, and the line.
    #[must_use]
    pub fn lines(&self) -> &[(usize, String)] {
        &self.lines
    }
}

impl fmt::Debug for InvalidRules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers = self.lines.iter().map(|(number, _)| *number).collect::<Vec<_>>();
        f.debug_struct("InvalidRules").field("lines", &numbers).finish_non_exhaustive()
    }
}

fn join(lines: &[(usize, String)]) -> String {
    let named = lines.iter().map(|(number, _)| alloc::format!("line {number}"));
    named.collect::<Vec<_>>().join(", ")
}

impl AllowedDomains {
    /// A list of these rules.
    ///
    /// # Errors
    /// [`InvalidRules`] with every text that is no domain, numbered as they came.
    pub fn new<'a>(
        exact: impl IntoIterator<Item = &'a str>,
        with_subdomains: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, InvalidRules> {
        let exact = exact.into_iter().map(|domain| (true, domain));
        let all = exact.chain(with_subdomains.into_iter().map(|domain| (false, domain)));
        let rules = (1..).zip(all).map(|(n, (exact, text))| (n, exact, text.trim().to_string()));
        Self::of(rules)
    }

    /// Reads a list from text: `@example.org` exactly, `example.org` with everything under it,
    /// blank lines and `#` comments skipped. Invisible characters are stripped, and said so.
    ///
    /// # Errors
    /// [`InvalidRules`] with every line that is no rule.
    pub fn parse(text: &str) -> Result<LoadedDomains, InvalidRules> {
        let mut rules = Vec::new();
        let mut stripped_lines = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let visible: String = line.chars().filter(|c| !is_invisible(*c)).collect();
            if visible.len() != line.len() {
                stripped_lines.push(number);
            }
            let rule = visible.split_once('#').map_or(visible.as_str(), |(rule, _)| rule).trim();
            if rule.is_empty() {
                continue;
            }
            let (exact, domain) =
                rule.strip_prefix('@').map_or((false, rule), |domain| (true, domain));
            rules.push((number, exact, domain.to_string()));
        }
        Ok(LoadedDomains { list: Self::of(rules.into_iter())?, stripped_lines })
    }

    fn of(rules: impl Iterator<Item = (usize, bool, String)>) -> Result<Self, InvalidRules> {
        let mut list =
            Self { exact: BTreeSet::new(), with_subdomains: BTreeSet::new(), as_of: None };
        let mut lines = Vec::new();
        for (number, exact, domain) in rules {
            let rules = if exact { &mut list.exact } else { &mut list.with_subdomains };
            if is_domain(&domain) && domain.contains('.') {
                rules.insert(domain.to_ascii_lowercase());
            } else {
                lines.push((number, domain));
            }
        }
        if lines.is_empty() { Ok(list) } else { Err(InvalidRules { lines }) }
    }

    /// The same list, known to be as published on that day.
    #[must_use]
    pub fn as_of(self, day: NaiveDate) -> Self {
        Self { as_of: Some(day), ..self }
    }

    /// The day on which the list was as it is here, where the host has said it.
    #[must_use]
    pub fn date(&self) -> Option<NaiveDate> {
        self.as_of
    }

    /// Whether someone with this address may be added.
    #[must_use]
    pub fn allows(&self, email: &EmailAddress) -> bool {
        let domain = email.domain();
        let mut rest = Some(domain);
        self.exact.contains(domain)
            || core::iter::from_fn(|| {
                let here = rest?;
                rest = here.split_once('.').map(|(_, parent)| parent);
                Some(here)
            })
            .any(|suffix| self.with_subdomains.contains(suffix))
    }

    /// Reads an address from which someone may be added.
    ///
    /// # Errors
    /// `email_invalid`, `email_domain_not_allowed`.
    pub fn read(&self, text: &str) -> Result<EmailAddress, Fault> {
        let email = text.parse::<EmailAddress>()?;
        if self.allows(&email) {
            return Ok(email);
        }
        let message = "the domain of this address is not on the allow list";
        Err(Fault::new(Code::EmailDomainNotAllowed, message))
    }
}

/// `nhs.net` exactly, and `nhs.uk` with everything under it.
impl Default for AllowedDomains {
    fn default() -> Self {
        Self {
            exact: ["nhs.net".to_string()].into(),
            with_subdomains: ["nhs.uk".to_string()].into(),
            as_of: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(list: &AllowedDomains, email: &str) -> bool {
        list.allows(&email.parse().unwrap())
    }

    // R-U3
    #[test]
    fn domains_match_by_whole_labels() {
        let list = AllowedDomains::new(["nhs.net"], ["ac.uk", "gov.uk"]).unwrap();
        for good in ["x@nhs.net", "X@NHS.NET", "x@ac.uk", "x@a.b.ac.uk", "x@city.gov.uk"] {
            assert!(allowed(&list, good), "{good}");
        }
        for bad in [
            "x@evilnhs.net",
            "x@sub.nhs.net",
            "x@zodiac.uk",
            "x@fakegov.uk",
            "x@uk.com",
            "x@ac.uk.evil.com",
            "x@nhs.net.evil.com",
            "x@co.uk",
        ] {
            assert!(!allowed(&list, bad), "{bad}");
        }
    }

    // R-U3
    #[test]
    fn the_default_is_nhs_net_and_everything_under_nhs_uk() {
        let list = AllowedDomains::default();
        for good in ["x@nhs.net", "x@nhs.uk", "x@uclh.nhs.uk"] {
            assert!(allowed(&list, good), "{good}");
        }
        assert!(!allowed(&list, "x@uclh.nhs.net"));
        assert_eq!(list.read("x@gmail.com").unwrap_err().code(), Code::EmailDomainNotAllowed);
        assert_eq!(list.read("x.gmail.com").unwrap_err().code(), Code::EmailInvalid);
        assert_eq!(list.read(" x@nhs.net ").unwrap().as_str(), "x@nhs.net");
    }

    // R-U3
    #[test]
    fn a_list_is_read_from_text_with_its_oddities() {
        let text = "\u{feff}# as of 2026-02-20\n@\u{200c}Example.ORG\n\n  ac.uk # universities\n";
        let loaded = AllowedDomains::parse(text).unwrap();
        assert_eq!(loaded.stripped_lines, [1, 2]);
        assert!(allowed(&loaded.list, "x@example.org"));
        assert!(allowed(&loaded.list, "x@med.ac.uk"));
        let day = NaiveDate::from_ymd_opt(2026, 2, 20).unwrap();
        assert_eq!(loaded.list.date(), None);
        assert_eq!(loaded.list.as_of(day).date(), Some(day));
    }

    // R-U3
    #[test]
    fn every_rule_that_is_no_domain_is_named() {
        let error = AllowedDomains::parse("ac.uk\nnot a domain\n@\nuk\n@-x.uk\n").unwrap_err();
        let numbers: Vec<_> = error.lines().iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, [2, 3, 4, 5]);
        assert!(error.to_string().starts_with("not a domain: line 2, line 3"));
        assert_eq!(AllowedDomains::new(["nhs.net", "x"], ["y"]).unwrap_err().lines().len(), 2);
    }

    // The text of a line may be somebody's address.
    #[test]
    fn a_list_that_is_no_list_of_domains_shows_none_of_its_text() {
        let error = AllowedDomains::parse("nhs.uk\nzoe.ng@nhs.net\n").unwrap_err();
        assert_eq!(error.lines(), [(2, "zoe.ng@nhs.net".to_string())]);
        assert_eq!(alloc::format!("{error:?}"), "InvalidRules { lines: [2], .. }");
        assert_eq!(error.to_string(), "not a domain: line 2");
    }
}
