//! The world a story begins in.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use ravs_core::{AllowedDomains, Body, EmailAddress, OdsCode, Policy, Region};

use super::fields::Fields;
use super::vocabulary::Profile;

/// The world a story begins in: the first line of a file, `{"setup":{…}}`. All of it can be left
/// out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Setup {
    /// The profile of the rules.
    pub policy: Policy,
    /// The domains of email addresses that are allowed (R-U3).
    pub allowed_domains: AllowedDomains,
    /// The mailboxes of the Regional Vaccination Operations Centres.
    pub rvoc_mailboxes: BTreeMap<Region, EmailAddress>,
    /// The national directory, in the order of the file. No code comes twice.
    pub bodies: Vec<Body>,
    /// The email addresses that have an account at the identity provider already.
    pub identity: Vec<EmailAddress>,
}

impl Setup {
    /// Reads the `setup` of a line that has one.
    pub(crate) fn read(line: &mut Fields) -> Option<Self> {
        line.optional_object("setup", |setup| {
            let policy = setup.optional_word::<Profile>("policy");
            let allowed_domains = setup.optional_object("allowed_domains", allowed_domains);
            let rvoc_mailboxes = setup.optional_object("rvoc_mailboxes", rvoc_mailboxes);
            let bodies = setup.optional_objects("bodies", body).unwrap_or_default();
            each_code_once(setup, &bodies);
            let identity = setup.optional_objects("identity", |account| account.word("email"));
            Some(Self {
                policy: policy.map(|Profile(policy)| policy).unwrap_or_default(),
                allowed_domains: allowed_domains.unwrap_or_default(),
                rvoc_mailboxes: rvoc_mailboxes.unwrap_or_default(),
                bodies,
                identity: identity.unwrap_or_default(),
            })
        })
    }
}

fn allowed_domains(fields: &mut Fields) -> Option<AllowedDomains> {
    let exact = fields.optional_texts("exact").unwrap_or_default();
    let under = fields.optional_texts("with_subdomains").unwrap_or_default();
    let text = String::as_str;
    match AllowedDomains::new(exact.iter().map(text), under.iter().map(text)) {
        Ok(domains) => Some(domains),
        Err(invalid) => {
            // The library numbers all rules from 1, the exact ones first.
            for (number, domain) in invalid.lines() {
                let index = number.saturating_sub(1);
                let field = match index.checked_sub(exact.len()) {
                    None => format!("exact[{index}]"),
                    Some(index) => format!("with_subdomains[{index}]"),
                };
                fields.fault(&field, format!("`{domain}` is not a domain"));
            }
            None
        }
    }
}

fn rvoc_mailboxes(fields: &mut Fields) -> Option<BTreeMap<Region, EmailAddress>> {
    let mut mailboxes = BTreeMap::new();
    for written in fields.names() {
        match written.parse::<Region>() {
            Ok(region) => {
                if let Some(mailbox) = fields.word(&written)
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
    let code = fields.word("code");
    let name = fields.text("name");
    let address = fields.optional_text("address").unwrap_or_default();
    let postcode = fields.optional_text("postcode").unwrap_or_default();
    let legally_closed = legally_closed(fields);
    Some(Body { code: code?, name: name?, address, postcode, legally_closed })
}

/// The first day on which a body is closed; `true` stands for one before every story.
fn legally_closed(fields: &mut Fields) -> Option<NaiveDate> {
    const FIELD: &str = "legally_closed";
    if fields.has_truth(FIELD) {
        let closed = fields.optional_truth(FIELD).unwrap_or_default();
        return if closed { NaiveDate::from_ymd_opt(1, 1, 1) } else { None };
    }
    fields.optional_date(FIELD)
}

fn each_code_once(setup: &mut Fields, bodies: &[Body]) {
    let mut codes: Vec<&OdsCode> = Vec::new();
    for (index, Body { code, .. }) in bodies.iter().enumerate() {
        if codes.contains(&code) {
            setup.fault(&format!("bodies[{index}].code"), format!("`{code}` is there already"));
        }
        codes.push(code);
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
            "allowed_domains": {"exact": ["a.example"], "with_subdomains": ["b.uk"]},
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
        assert_eq!(setup.policy, Policy::DEC_2024);
        assert_eq!(setup.allowed_domains, AllowedDomains::new(["a.example"], ["b.uk"]).unwrap());
        assert_eq!(setup.rvoc_mailboxes[&Region::SouthEast].as_str(), "se@example.nhs.uk");
        assert_eq!(setup.bodies[0].legally_closed, None);
        assert_eq!(setup.bodies[1].legally_closed, NaiveDate::from_ymd_opt(2012, 4, 1));
        assert_eq!(setup.bodies[1].postcode, "");
        assert_eq!(setup.identity, ["amara@nhs.net".parse().unwrap()]);
    }

    #[test]
    fn every_fault_is_named_by_its_field() {
        let (_, mut faults) = read(json!({
            "policy": "2024",
            "colour": "blue",
            "allowed_domains": {"exact": "nhs.net", "under": []},
            "rvoc_mailboxes": {"Y57": "a@nhs.net", "Y56": 3, "Y59": "c",
                "Y58": "b@nhs.net", "South West": "d@nhs.net"},
            "bodies": [{"code": "RRV"}, {"code": "RJ1", "name": 1},
                {"code": "RYJ", "name": "a", "legally_closed": "1 April"},
                {"code": "R-1", "name": "a", "legally_closed": 3}],
            "identity": [{"email": "a@nhs.net", "subject": "1"}, "b@nhs.net", {"email": "c"}]
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
                "setup.bodies[3].code",
                "setup.bodies[3].legally_closed",
                "setup.colour",
                "setup.identity[0].subject",
                "setup.identity[1]",
                "setup.identity[2].email",
                "setup.policy",
                "setup.rvoc_mailboxes.Y56",
                "setup.rvoc_mailboxes.Y57",
                "setup.rvoc_mailboxes.Y58",
                "setup.rvoc_mailboxes.Y59",
            ]
        );
    }

    #[test]
    fn a_rule_that_is_no_domain_is_named() {
        let (_, faults) = read(json!({"allowed_domains": {
            "exact": ["nhs.net", "a b"], "with_subdomains": ["nhs.uk", "uk"]
        }}));
        assert_eq!(
            faults,
            [
                "setup.allowed_domains.exact[1]: `a b` is not a domain",
                "setup.allowed_domains.with_subdomains[1]: `uk` is not a domain",
            ]
        );
    }

    #[test]
    fn a_body_can_be_closed_since_ever() {
        let (setup, faults) = read(json!({"bodies": [
            {"code": "RRV", "name": "a", "legally_closed": true},
            {"code": "RJ1", "name": "b", "legally_closed": false}
        ]}));
        assert_eq!(faults, Vec::<String>::new());
        let closed = setup.unwrap().bodies.into_iter().map(|body| body.legally_closed);
        assert_eq!(closed.collect::<Vec<_>>(), [NaiveDate::from_ymd_opt(1, 1, 1), None]);
    }

    #[test]
    fn a_code_comes_once() {
        let (_, faults) = read(json!({"bodies": [
            {"code": "RRV", "name": "a"}, {"code": " rrv", "name": "b"}
        ]}));
        assert_eq!(faults, ["setup.bodies[1].code: `RRV` is there already"]);
    }
}
