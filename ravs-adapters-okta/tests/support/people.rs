//! Somebody, and what Okta says of them.

use ravs_adapters_okta::{Credential, Okta, Settings};
use ravs_core::PersonName;
use ravs_core::port::Person;
use serde_json::{Value, json};

use super::time::FakeTime;

/// Everybody's id in a script.
pub(crate) const ID: &str = "00u1abcdefghijklmnop";

/// The group whose members have access.
pub(crate) const GROUP: &str = "00g1abcdefghijklmnop";

/// The token that the stand-ins are shown.
pub(crate) const TOKEN: &str = "00secretTokenOfAnAdministrator";

pub(crate) fn person(email: &str) -> Person {
    let name = PersonName::new("Zoë", "O'Neil").unwrap();
    Person { email: email.parse().unwrap(), name, subject: None }
}

/// Whoever the scripts are about.
pub(crate) fn jo() -> Person {
    person("jo@nhs.net")
}

/// A user as Okta writes it, with more in it than anybody reads.
pub(crate) fn user(login: &str, status: &str) -> Value {
    json!({
        "id": ID,
        "status": status,
        "created": "2024-01-01T00:00:00.000Z",
        "somethingNew": { "a": [1] },
        "profile": { "login": login, "email": login, "firstName": "Zoë", "somethingElse": null },
    })
}

/// Okta's error with this code, which repeats what somebody typed.
pub(crate) fn error(code: &str) -> Value {
    json!({
        "errorCode": code,
        "errorSummary": "Api validation failed: jo@nhs.net Zoë O'Neil",
        "errorLink": code,
        "errorId": "oae1234567890",
        "errorCauses": [{ "errorSummary": "firstName: Zoë O'Neil is not allowed for jo@nhs.net" }],
    })
}

pub(crate) fn settings(uri: &str, time: &FakeTime) -> Settings {
    let credential = Credential::api_token(TOKEN.into());
    Settings::new(uri.parse().unwrap(), GROUP.parse().unwrap(), credential)
        .pace(std::sync::Arc::new(time.clone()))
}

pub(crate) fn okta(uri: &str, time: &FakeTime) -> Okta {
    Okta::new(settings(uri, time)).unwrap()
}
