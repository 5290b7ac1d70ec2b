//! What Support does.

use ravs_core::command::AddRegionalLead;

use super::{Answer, Run, Told, Trouble};
use crate::scenario::command::Command;
use crate::scenario::step::Step;

impl Run {
    pub(super) async fn support(&mut self, step: &Step) -> Told {
        let desk = self.ravs.support_desk();
        match &step.command {
            Command::AddRegionalLead { region, requested_from, first_name, last_name, email } => {
                let command = AddRegionalLead {
                    region: *region,
                    requested_from: requested_from.clone(),
                    first_name: first_name.clone(),
                    last_name: last_name.clone(),
                    email: email.clone(),
                };
                let user = desk.add_regional_lead(&command).await?;
                Ok(Answer::RegionalLead {
                    email: user.email().clone(),
                    first_name: user.name().first().to_owned(),
                    last_name: user.name().last().to_owned(),
                    region: *region,
                })
            }
            Command::StopRegionalLead { email } => {
                desk.stop_regional_lead(email).await?;
                Ok(Answer::Done {})
            }
            Command::ResendActivation { email } => {
                desk.resend_activation(email).await?;
                Ok(Answer::Done {})
            }
            _ => Err(Trouble::not_theirs(step)),
        }
    }
}
