//! The world a story begins in.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::fields::Fields;
use super::vocabulary::{Policy, Region};

/// The world a story begins in: the first line of a file, `{"setup":{…}}`. All of it can be left
/// out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Setup {
    /// The profile of the rules; none means the library's default.
    pub policy: Option<Policy>,
    /// The domains of email addresses that are allowed; none means the library's default.
    pub allowed_domains: Option<AllowedDomains>,
    /// The mailboxes of the Regional Vaccination Operations Centres, as typed.
    pub rvoc_mailboxes: BTreeMap<Region, String>,
    /// The national directory, in the order of the file. No code comes twice.
    pub bodies: Vec<Body>,
    /// The email addresses that have an account at the identity provider already, as typed.
    pub identity: Vec<String>,
}

/// The two kinds of rule of an allow list (R-U3), as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllowedDomains {
    /// Domains allowed as they stand.
    pub exact: Vec<String>,
    /// Domains allowed with everything under them.
    pub with_subdomains: Vec<String>,
}

/// An entry of the national directory, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// The ODS code.
    pub code: String,
    /// The name.
    pub name: String,
    /// The address; empty if left out.
    pub address: String,
    /// The postcode; empty if left out.
    pub postcode: String,
    /// The first day, in London, on which the body is legally closed.
    pub legally_closed: Option<NaiveDate>,
}

impl Setup {
    /// Reads the `setup` of a line that has one.
    pub(crate) fn read(line: &mut Fields) -> Option<Self> {
        line.optional_object("setup", |setup| {
            let policy = setup.optional_word("policy");
            let allowed_domains = setup.optional_object("allowed_domains", allowed_domains);
            let rvoc_mailboxes = setup.optional_object("rvoc_mailboxes", rvoc_mailboxes);
            let bodies = setup.optional_objects("bodies", body).unwrap_or_default();
            each_code_once(setup, &bodies);
            let identity = setup.optional_objects("identity", |account| account.text("email"));
            Some(Self {
                policy,
                allowed_domains,
                rvoc_mailboxes: rvoc_mailboxes.unwrap_or_default(),
                bodies,
                identity: identity.unwrap_or_default(),
            })
        })
    }
}

fn allowed_domains(fields: &mut Fields) -> Option<AllowedDomains> {
    let exact = fields.optional_texts("exact").unwrap_or_default();
    let with_subdomains = fields.optional_texts("with_subdomains").unwrap_or_default();
    Some(AllowedDomains { exact, with_subdomains })
}

fn rvoc_mailboxes(fields: &mut Fields) -> Option<BTreeMap<Region, String>> {
    let mut mailboxes = BTreeMap::new();
    for written in fields.names() {
        match written.parse::<Region>() {
            Ok(region) => {
                if let Some(mailbox) = fields.text(&written)
                    && mailboxes.insert(region, mailbox).is_some()
                {
                    fields.fault(&written, "is the second mailbox of its region");
                }
            }
            Err(error) => {
                fields.pass_over(&written);
                fields.fault(&written, error.to_string());
            }
        }
    }
    Some(mailboxes)
}

fn body(fields: &mut Fields) -> Option<Body> {
    let code = fields.text("code");
    let name = fields.text("name");
    let address = fields.optional_text("address").unwrap_or_default();
    let postcode = fields.optional_text("postcode").unwrap_or_default();
    let legally_closed = fields.optional_date("legally_closed");
    Some(Body { code: code?, name: name?, address, postcode, legally_closed })
}

fn each_code_once(setup: &mut Fields, bodies: &[Body]) {
    let mut codes = BTreeSet::new();
    for (index, body) in bodies.iter().enumerate() {
        if !codes.insert(body.code.trim().to_ascii_uppercase()) {
            let code = &body.code;
            setup.fault(&format!("bodies[{index}].code"), format!("`{code}` is there already"));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(setup: serde_json::Value) -> (Option<Setup>, Vec<String>) {
        let mut line = serde_json::Map::new();
        line.insert("setup".into(), setup);
        let mut fields = Fields::of_line(line);
        let read = Setup::read(&mut fields);
        (read, fields.finish().iter().map(ToString::to_string).collect())
    }

    #[test]
    fn everything_can_be_left_out() {
        assert_eq!(read(json!({})), (Some(Setup::default()), vec![]));
    }

    #[test]
    fn everything_can_be_given() {
        let (setup, faults) = read(json!({
            "policy": "DEC_2024",
            "allowed_domains": {"exact": ["nhs.net"], "with_subdomains": ["nhs.uk"]},
            "rvoc_mailboxes": {"Y56": "rvoc@example.nhs.uk", "South East": "se@example.nhs.uk"},
            "bodies": [
                {"code": "RRV", "name": "UCLH", "address": "Euston Road", "postcode": "NW1 2PG",
                 "legally_closed": null},
                {"code": "RNJ", "name": "BARTS AND THE LONDON", "legally_closed": "2012-04-01"}
            ],
            "identity": [{"email": "amara@nhs.net"}]
        }));
        assert_eq!(faults, Vec::<String>::new());
        let setup = setup.unwrap();
        assert_eq!(setup.policy, Some(Policy::Dec2024));
        assert_eq!(
            setup.allowed_domains,
            Some(AllowedDomains {
                exact: vec!["nhs.net".into()],
                with_subdomains: vec!["nhs.uk".into()]
            })
        );
        assert_eq!(setup.rvoc_mailboxes[&Region::SouthEast], "se@example.nhs.uk");
        assert_eq!(setup.bodies[0].legally_closed, None);
        assert_eq!(setup.bodies[1].legally_closed, NaiveDate::from_ymd_opt(2012, 4, 1));
        assert_eq!(setup.bodies[1].postcode, "");
        assert_eq!(setup.identity, ["amara@nhs.net"]);
    }

    #[test]
    fn every_fault_is_named_by_its_field() {
        let (_, mut faults) = read(json!({
            "policy": "2024",
            "colour": "blue",
            "allowed_domains": {"exact": "nhs.net", "under": []},
            "rvoc_mailboxes": {"Y57": "a@nhs.net", "Y56": 3, "Y58": "b@nhs.net", "South West": "c"},
            "bodies": [{"code": "RRV"}, {"code": "RJ1", "name": 1},
                {"code": "RYJ", "name": "a", "legally_closed": "1 April"}],
            "identity": [{"email": "a@nhs.net", "subject": "1"}, "b@nhs.net"]
        }));
        faults.sort();
        let fields: Vec<&str> =
            faults.iter().filter_map(|fault| fault.split(": ").next()).collect();
        assert_eq!(
            fields,
            [
                "setup.allowed_domains.exact",
                "setup.allowed_domains.under",
                "setup.bodies[0].name",
                "setup.bodies[1].name",
                "setup.bodies[2].legally_closed",
                "setup.colour",
                "setup.identity[0].subject",
                "setup.identity[1]",
                "setup.policy",
                "setup.rvoc_mailboxes.Y56",
                "setup.rvoc_mailboxes.Y57",
                "setup.rvoc_mailboxes.Y58",
            ]
        );
    }

    #[test]
    fn a_code_comes_once() {
        let (_, faults) = read(json!({"bodies": [
            {"code": "RRV", "name": "a"}, {"code": " rrv", "name": "b"}
        ]}));
        assert_eq!(faults, ["setup.bodies[1].code: ` rrv` is there already"]);
    }
}
