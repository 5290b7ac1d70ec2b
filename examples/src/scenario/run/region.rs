//! What a regional lead does.

use ravs_core::command::{Nominate, Onboard};
use ravs_core::service::{ListRequest, Listed, OrganisationView, VaccinesAdded};
use ravs_core::{EmailAddress, Fault, VerifiedIdentity};

use super::answer::Organisation;
use super::{Answer, Run, Told, Trouble};
use crate::scenario::command::Command;
use crate::scenario::step::Step;

impl Run {
    pub(super) async fn region(&mut self, lead: &VerifiedIdentity, step: &Step) -> Told {
        let desk = self.ravs.regional_desk(lead).await?;
        let view = match &step.command {
            Command::Search { query, limit } => {
                return Ok(Answer::Bodies { bodies: desk.search(query, *limit).await? });
            }
            Command::Onboard { ods_code, vaccines, nominees } => {
                let command = Onboard {
                    ods_code: ods_code.clone(),
                    vaccines: vaccines.clone(),
                    nominees: nominees.clone(),
                };
                let view = desk.onboard(&command).await?;
                self.cast.name_organisation(step.name.as_deref(), view.organisation);
                view
            }
            Command::Nominate { organisation, nominees } => {
                let command = Nominate { nominees: nominees.clone() };
                desk.nominate(self.cast.organisation(organisation), &command).await?
            }
            Command::Withdraw { organisation } => {
                desk.withdraw(self.cast.organisation(organisation)).await?
            }
            Command::Deactivate { organisation } => {
                desk.deactivate(self.cast.organisation(organisation)).await?
            }
            Command::Reactivate { organisation } => {
                desk.reactivate(self.cast.organisation(organisation)).await?
            }
            Command::Show { organisation } => {
                desk.show(self.cast.organisation(organisation)).await?
            }
            Command::AddVaccines { organisation, vaccines } => {
                let id = self.cast.organisation(organisation);
                let VaccinesAdded { organisation, added, help } =
                    desk.add_vaccines(id, vaccines).await?;
                let organisation = self.organisation(organisation);
                return Ok(Answer::VaccinesAdded { organisation, added, help });
            }
            Command::List { status, invited_by, limit, after } => {
                let after = after.as_ref().map(|last| self.cast.page_end(last)).transpose()?;
                let invited_by = invited_by.as_deref().map(inviter).transpose()?;
                let request = ListRequest { status: *status, invited_by, after, limit: *limit };
                let Listed { organisations, next } = desk.list(&request).await?;
                let organisations =
                    organisations.into_iter().map(|view| self.organisation(view)).collect();
                let next = next.map(|key| self.cast.shown(key.id));
                return Ok(Answer::Organisations { organisations, next });
            }
            _ => return Err(Trouble::not_theirs(step)),
        };
        Ok(Answer::Organisation(self.organisation(view)))
    }

    /// An organisation as the story knows it.
    fn organisation(&mut self, view: OrganisationView) -> Organisation {
        self.cast.note_body(view.organisation, &view.name);
        let shown = self.cast.shown(view.organisation);
        Organisation::of(view, shown)
    }
}

fn inviter(text: &str) -> Result<EmailAddress, Fault> {
    text.parse().map_err(|error| Fault::from(error).at("invited_by"))
}
