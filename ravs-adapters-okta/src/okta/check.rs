//! Whether the tenant is set up for access.

use serde::Deserialize;

use super::Okta;
use crate::error::{OktaError, OktaErrorKind};
use crate::http::Call;
use crate::pace::Deadline;

const CALL: &str = "checking the group";

#[derive(Deserialize)]
struct Group {
    #[serde(rename = "type")]
    kind: String,
}

impl Okta {
    /// Whether Okta lets this service in, and the group is one whose members can be chosen here.
    /// To be asked when a host starts.
    ///
    /// # Errors
    /// `Config`, naming the group, where there is no such group or one of another type; else
    /// what stands against asking.
    pub async fn check(&self) -> Result<(), OktaError> {
        self.check_until(self.http.deadline()).await
    }

    pub(super) async fn check_until(&self, deadline: Deadline) -> Result<(), OktaError> {
        let group = &self.group;
        let call = Call::get(CALL, self.url(CALL, &format!("/api/v1/groups/{group}"))?);
        let answer = match self.send(&call, deadline).await {
            Err(error) if *error.kind() == OktaErrorKind::NotFound => {
                let what = format!("there is no group `{group}`");
                return Err(OktaError::config(CALL, what).caused_by(error));
            }
            answer => answer?,
        };
        if answer.json::<Group>()?.kind == "OKTA_GROUP" {
            return Ok(());
        }
        let what = format!(
            "the members of group `{group}` are chosen by Okta or by another directory: name a \
             group of type `OKTA_GROUP`"
        );
        Err(OktaError::config(CALL, what).with_request_id(answer.request_id()))
    }
}
