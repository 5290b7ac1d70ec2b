//! What the environment says about signing in.

use ravs_adapters_okta::{ClientAuthentication, OrgUrl, SignInSettings};

use super::{InvalidEnvironment, Reader};

/// What the environment says about signing in.
#[derive(Debug)]
pub struct SignInEnvironment {
    /// Whose tokens are taken.
    pub issuer: String,
    /// The app.
    pub client_id: String,
    /// Where Okta sends the browser back to: a port of this machine.
    pub redirect_url: String,
    /// How this program shows that it is the app.
    pub client: ClientAuthentication,
}

impl SignInEnvironment {
    /// Reads the variables, which `variable` knows by their names. The issuer is `OKTA_ISSUER`,
    /// or the organisation itself; a key comes before a secret, and without either the app is a
    /// public client.
    ///
    /// # Errors
    /// [`InvalidEnvironment`], which names every variable that is missing or wrong, and repeats
    /// the value of none.
    pub fn read(variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, InvalidEnvironment> {
        let mut reader = Reader { variable, faults: Vec::new() };
        let issuer = match reader.optional("OKTA_ISSUER") {
            Some(issuer) => Some(issuer),
            None => reader.parsed::<OrgUrl>("OKTA_ORG_URL").map(|org| org.to_string()),
        };
        let client_id = reader.required("OKTA_CLIENT_ID");
        let redirect_url = reader.required("OKTA_REDIRECT_URL");
        let client = match reader.optional("OKTA_PRIVATE_KEY_FILE") {
            Some(file) => {
                let id = reader.required("OKTA_KEY_ID");
                reader.client_key(id, file.into()).map(ClientAuthentication::key)
            }
            None => {
                let secret = reader.optional("OKTA_CLIENT_SECRET").map(Into::into);
                Some(secret.map_or_else(ClientAuthentication::public, ClientAuthentication::secret))
            }
        };
        match (issuer, client_id, redirect_url, client) {
            (Some(issuer), Some(client_id), Some(redirect_url), Some(client))
                if reader.faults.is_empty() =>
            {
                Ok(Self { issuer, client_id, redirect_url, client })
            }
            _ => Err(InvalidEnvironment(reader.faults)),
        }
    }

    /// As the adapter is set up with it.
    pub fn settings(&self) -> SignInSettings {
        let Self { issuer, client_id, redirect_url, client } = self;
        SignInSettings::new(issuer, client_id, redirect_url, client.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<SignInEnvironment, String> {
        let variable = |name: &str| {
            let found = pairs.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        SignInEnvironment::read(&variable).map_err(|error| error.to_string())
    }

    const ORG: (&str, &str) = ("OKTA_ORG_URL", "https://okta.example/");
    const APP: (&str, &str) = ("OKTA_CLIENT_ID", "0oa1");
    const BACK: (&str, &str) = ("OKTA_REDIRECT_URL", "http://localhost:8765/signed-in");

    #[test]
    fn everything_missing_is_named_at_once() {
        let told = read(&[("OKTA_PRIVATE_KEY_FILE", "/nowhere/at/all.pem")]).unwrap_err();
        for name in [
            "OKTA_ORG_URL",
            "OKTA_CLIENT_ID",
            "OKTA_REDIRECT_URL",
            "OKTA_KEY_ID",
            "OKTA_PRIVATE_KEY_FILE",
        ] {
            assert!(told.contains(name), "{name}: {told}");
        }
    }

    #[test]
    fn the_issuer_is_the_organisation_or_another_that_is_named() {
        assert_eq!(read(&[ORG, APP, BACK]).unwrap().issuer, "https://okta.example");
        let custom = ("OKTA_ISSUER", "https://okta.example/oauth2/ravs");
        assert_eq!(read(&[custom, APP, BACK]).unwrap().issuer, custom.1);
    }

    #[test]
    fn the_app_shows_what_there_is() {
        let secret = ("OKTA_CLIENT_SECRET", "hunter2");
        let with = format!("{:?}", read(&[ORG, APP, BACK, secret]).unwrap());
        assert!(with.contains("secret(…)") && !with.contains("hunter2"), "{with}");
        assert!(format!("{:?}", read(&[ORG, APP, BACK]).unwrap()).contains("public()"));
    }
}
