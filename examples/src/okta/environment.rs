//! What the environment says about the tenant.

mod sign_in;

use std::path::PathBuf;

use ravs_adapters_okta::{ClientKey, Credential, GroupId, OrgUrl, SecretString, Settings};
use thiserror::Error;

pub use sign_in::SignInEnvironment;

/// What the environment says about the tenant.
#[derive(Debug)]
pub struct Environment {
    /// Where it is.
    pub org: OrgUrl,
    /// Whose members have access.
    pub group: GroupId,
    /// What this program shows.
    pub credential: Credential,
}

/// Everything that the environment does not say, or says wrongly.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}", .0.join("; "))]
pub struct InvalidEnvironment(Vec<String>);

/// What makes a service app.
const APP: [&str; 3] = ["OKTA_CLIENT_ID", "OKTA_KEY_ID", "OKTA_PRIVATE_KEY_FILE"];

/// Reads variables, and keeps what is wrong with them.
struct Reader<'a> {
    variable: &'a dyn Fn(&str) -> Option<String>,
    faults: Vec<String>,
}

impl Environment {
    /// Reads the variables, which `variable` knows by their names.
    ///
    /// # Errors
    /// [`InvalidEnvironment`], which names every variable that is missing or wrong, and repeats
    /// the value of none.
    pub fn read(variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, InvalidEnvironment> {
        let mut reader = Reader { variable, faults: Vec::new() };
        let org = reader.parsed::<OrgUrl>("OKTA_ORG_URL");
        let group = reader.parsed::<GroupId>("OKTA_GROUP_ID");
        let credential = match reader.optional("OKTA_API_TOKEN") {
            Some(token) if reader.is_one_of_two() => Some(Credential::api_token(token.into())),
            Some(_) => None,
            None => reader.service_app(),
        };
        match (org, group, credential) {
            (Some(org), Some(group), Some(credential)) if reader.faults.is_empty() => {
                Ok(Self { org, group, credential })
            }
            _ => Err(InvalidEnvironment(reader.faults)),
        }
    }

    /// As the adapter is set up with it.
    pub fn settings(self) -> Settings {
        Settings::new(self.org, self.group, self.credential)
    }
}

impl Reader<'_> {
    fn optional(&self, name: &str) -> Option<String> {
        (self.variable)(name).filter(|value| !value.trim().is_empty())
    }

    fn required(&mut self, name: &str) -> Option<String> {
        let value = self.optional(name);
        if value.is_none() {
            self.faults.push(format!("`{name}` is not set"));
        }
        value
    }

    fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(&mut self, name: &str) -> Option<T> {
        let value = self.required(name)?;
        value.parse().map_err(|error| self.faults.push(format!("`{name}`: {error}"))).ok()
    }

    /// Whether a token of an administrator is all there is: with parts of a service app too, it
    /// cannot be known which of the two is meant.
    fn is_one_of_two(&mut self) -> bool {
        let app = APP.into_iter().filter(|name| self.optional(name).is_some());
        let app: Vec<_> = app.map(|name| format!("`{name}`")).collect();
        if !app.is_empty() {
            let app = app.join(", ");
            self.faults.push(format!("set either `OKTA_API_TOKEN` or {app}, and not both"));
        }
        app.is_empty()
    }

    /// The three that a service app needs; a token of an administrator would do instead.
    fn service_app(&mut self) -> Option<Credential> {
        let before = self.faults.len();
        let client = self.required("OKTA_CLIENT_ID");
        let id = self.required("OKTA_KEY_ID");
        let file = self.required("OKTA_PRIVATE_KEY_FILE").map(PathBuf::from);
        if self.faults.len() == before + 3 {
            self.faults.push("or set `OKTA_API_TOKEN` in place of these three".into());
        }
        let key = self.client_key(id, file?)?;
        let app = Credential::service_app(client?, key);
        match self.optional("OKTA_DPOP").as_deref() {
            None | Some("off") => Some(app),
            Some("on") => Some(app.with_dpop()),
            Some(_) => {
                self.faults.push("`OKTA_DPOP` is `on` or `off`".into());
                None
            }
        }
    }

    /// The key in this file, which Okta knows by this id.
    fn client_key(&mut self, id: Option<String>, file: PathBuf) -> Option<ClientKey> {
        let name = "`OKTA_PRIVATE_KEY_FILE`";
        let pem = std::fs::read_to_string(file)
            .map_err(|error| self.faults.push(format!("{name} cannot be read: {error}")))
            .ok()?;
        ClientKey::from_pem(id?, &SecretString::from(pem))
            .map_err(|error| self.faults.push(format!("{name}: {error}")))
            .ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Environment, String> {
        let variable = |name: &str| {
            let found = pairs.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Environment::read(&variable).map_err(|error| error.to_string())
    }

    const GROUP: (&str, &str) = ("OKTA_GROUP_ID", "00g1emaKYZTWRYYRRTSK");

    #[test]
    fn everything_missing_is_named_at_once() {
        let told = read(&[]).unwrap_err();
        for name in [
            "OKTA_ORG_URL",
            "OKTA_GROUP_ID",
            "OKTA_CLIENT_ID",
            "OKTA_KEY_ID",
            "OKTA_PRIVATE_KEY_FILE",
            "OKTA_API_TOKEN",
        ] {
            assert!(told.contains(name), "{name}: {told}");
        }
    }

    #[test]
    fn plain_http_is_for_the_machine_itself_only() {
        let token = ("OKTA_API_TOKEN", "secret");
        let told = read(&[("OKTA_ORG_URL", "http://okta.example"), GROUP, token]).unwrap_err();
        assert!(told.starts_with("`OKTA_ORG_URL`: use `https`"), "{told}");
        let here = read(&[("OKTA_ORG_URL", "http://127.0.0.1:1"), GROUP, token]).unwrap();
        assert!(!format!("{here:?}").contains("secret"));
    }

    #[test]
    fn two_credentials_are_refused_by_their_names() {
        let [org, token] = [("OKTA_ORG_URL", "http://127.0.0.1:1"), ("OKTA_API_TOKEN", "secret")];
        let app = ("OKTA_CLIENT_ID", "0oa1");
        let told = read(&[org, GROUP, token, app, ("OKTA_KEY_ID", "k")]).unwrap_err();
        let both = "set either `OKTA_API_TOKEN` or `OKTA_CLIENT_ID`, `OKTA_KEY_ID`, and not both";
        assert_eq!(told, both);
    }

    #[test]
    fn a_key_that_cannot_be_read_is_told_with_everything_else() {
        let told = read(&[
            ("OKTA_ORG_URL", "nonsense"),
            ("OKTA_PRIVATE_KEY_FILE", "/nowhere/at/all.pem"),
            ("OKTA_KEY_ID", "k"),
            GROUP,
        ])
        .unwrap_err();
        assert_eq!(told.split("; ").count(), 3, "{told}");
    }
}
